"""What the chat shows before the first question, and where something went wrong."""

from html import escape

from assistant.web.opening import Failed, Ready, Working


def status_html(state: Working | Ready | Failed) -> str:
    """How far the opening is; then an invitation, with questions to begin with; or why there is nothing to ask."""
    match state:
        case Working(what, done, total):
            return _working(what, done, total)
        case Failed(reason):
            return f'<div class="status failed" role="alert"><h1>Your notes could not be opened</h1><p>{escape(reason)}</p></div>'
        case Ready(examples=examples):
            lead = "Every word of an answer is quoted from them, and each quote leads to its place."
            return f'<div class="status ready"><h1>Ask your notes</h1><p>{lead}</p>{_examples(examples)}</div>'


def _examples(questions: tuple[str, ...] | None) -> str:
    if not questions:
        return ""
    buttons = "".join(f'<li><button type="button" class="example" dir="auto" data-ask="{escape(one)}">{escape(one)}</button></li>' for one in questions)
    return f'<p class="hint">For example</p><ul class="examples" aria-label="Examples">{buttons}</ul>'


def extent_html(state: Ready) -> str:
    """How many notes there are, and what was left out of them and why."""
    count, skipped = len(state.assistant.notes()), state.assistant.skipped()
    notes = f"<span>{count} {'note' if count == 1 else 'notes'}</span>"
    if not skipped:
        return f'<div class="extent">{notes}</div>'
    rows = "".join(f"<li><b>{escape(one.path)}</b> {escape(one.reason)}</li>" for one in skipped)
    return f'<details class="extent"><summary>{notes} · {len(skipped)} left out</summary><ul>{rows}</ul></details>'


def notice_html(message: str) -> str:
    """What went wrong, for the reader to mend."""
    return f'<p class="notice" role="alert">{escape(message[:1].upper() + message[1:])}</p>'


def _working(what: str, done: int, total: int) -> str:
    value = f'value="{done}" max="{total}"' if total else ""
    count = f"{done} of {total}" if total else ""
    return (
        '<div class="status working"><h1>Getting your notes ready</h1>'
        f'<p><label for="progress">{escape(what)}</label><span>{count}</span></p><progress id="progress" {value}></progress>'
        "<p>This is done once; later only what has changed is read. The page goes on by itself.</p></div>"
    )
