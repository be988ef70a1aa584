"""What is served in the first moments, while Gradio is being loaded: a page that takes a question already, and goes on by itself."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

PATHS = ("/", "/health")

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Ask your notes</title>
<style>
:root { color-scheme: light dark; background: #fbfbf9; color: #1f2328; font: 16px/1.6 ui-sans-serif, system-ui, sans-serif; }
body { margin: 28vh auto 0; max-width: 44rem; padding: 0 1rem; }
h1 { font-size: 2.1rem; letter-spacing: -0.02em; margin: 0; }
form { display: flex; gap: 0.5rem; }
input, button { border: 1px solid #767a80; border-radius: 16px; font: inherit; padding: 0.6rem 1rem; }
input { background: Field; color: FieldText; flex: 1; min-width: 0; }
button { background: #4338ca; border-color: #4338ca; color: #fff; font-weight: 600; }
@media (prefers-color-scheme: dark) { :root { background: #16181c; color: #e8e8e4; } }
</style>
<noscript><meta http-equiv="refresh" content="1"></noscript></head>
<body><main><h1>Ask your notes</h1><p role="status">One moment: the page is being made ready. You can type already.</p>
<form><input aria-label="Question" placeholder="Ask your notes…" maxlength="4000" dir="auto" autocomplete="off" autofocus><button>Ask</button></form></main>
<script>
const [form, box, told] = ["form", "input", "[role=status]"].map((one) => document.querySelector(one));
let asked = "";

form.onsubmit = (event) => {
  event.preventDefault();
  asked = box.value.trim();
  if (asked) told.textContent = "Your question is asked as soon as the page is ready.";
};

(async function look() {
  const health = await fetch("health").then((response) => response.json()).catch(() => ({ starting: true }));
  if (health.starting) return setTimeout(look, 50);
  if (asked) return location.replace(`./?q=${encodeURIComponent(asked)}${location.hash}`);
  // The chat puts it into its own box.
  if (box.value) sessionStorage.setItem("draft", box.value);
  location.reload();
})();
</script></body></html>
"""


async def starting(scope: Scope, receive: Receive, send: Send) -> None:
    """The application of the first moments. See ASGI."""
    await _response(Request(scope).url.path)(scope, receive, send)


def _response(path: str) -> Response:
    match path:
        case "/":
            return HTMLResponse(_PAGE, headers={"Cache-Control": "no-store"})
        case "/health":
            return JSONResponse({"ready": False, "starting": True})
        case _:
            return PlainTextResponse("The page is being made ready.", 503)
