"""The headers that tell a browser what the page may do: run its own scripts, reach its own server, and nothing else."""

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.S)

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def content_policy(html: bytes = b"") -> str:
    """The Content-Security-Policy of a response; of the scripts written into a page only those in ``html`` may run, each by its digest."""
    inline = "".join(f" 'sha256-{_digest(script)}'" for script in _INLINE.findall(html))
    return "; ".join(
        (
            "default-src 'none'",
            # Gradio compiles the templates of its HTML component, which are part of the program, by evaluating them.
            f"script-src 'self' 'unsafe-eval'{inline}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _digest(script: bytes) -> str:
    # A parser turns line ends into \n before it hashes.
    return base64.b64encode(hashlib.sha256(script.replace(b"\r\n", b"\n")).digest()).decode()


class Policy:
    """ASGI middleware that gives each response these headers. The page at ``/`` is held back until it is whole, to know its scripts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if scope["path"] != "/":
            return await self._app(scope, receive, _Labelled(send))
        # What is compressed cannot be searched for scripts.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        page = _Page(send)
        return await self._app({**scope, "headers": plain}, receive, page)


class _Labelled:
    """Sends what it is given, with the headers put in front."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            _label(message, content_policy())
        await self._send(message)


class _Page:
    """Gathers a page and sends it in one, with the headers that its content calls for."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] != "http.response.body":
            await self._send(message)
        else:
            await self._gather(message)

    async def _gather(self, message: Message) -> None:
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            _label(self._start, content_policy(bytes(self._body)))
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": bytes(self._body)})


def _label(start: Message, policy: str) -> None:
    headers = MutableHeaders(scope=start)
    headers["Content-Security-Policy"] = policy
    for name, value in _ALWAYS.items():
        headers[name] = value
