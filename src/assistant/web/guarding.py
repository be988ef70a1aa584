"""What stands in front of the whole application: who may ask, by which name, and for what.

A page of another site can send requests to a server on this machine, and can have its own name lead here (DNS rebinding). It cannot choose
the Host and Origin that the browser then sends: both must name this server.
"""

import base64
import binascii
import ipaddress
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import SettingsError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on ``host``."""
    return host in _LOOPBACK or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def check_address(host: str, password: str | None) -> None:
    """Raises SettingsError if ``host`` would open the notes to others without a password."""
    if password is None and not is_loopback(host):
        raise SettingsError(
            f"host {host!r} can be reached from other machines and no password is set: set ASSISTANT_PASSWORD, or listen on 127.0.0.1"
        )


@dataclass(frozen=True, slots=True)
class Names:
    """The names that this server goes by."""

    host: str

    def include(self, authority: str) -> bool:
        """Whether ``authority``, a Host header's ``name`` or ``name:port``, names this server."""
        try:
            name = urlsplit(f"//{authority}").hostname or ""
        except ValueError:
            return False
        return name in _LOOPBACK or name == self.host.lower() or (self.host in _EVERYWHERE and self._is_own(name))

    @staticmethod
    def _is_own(name: str) -> bool:
        # Rebinding needs a name: an address that leads here is this server's.
        return _is_address(name) or name == socket.gethostname().lower()


class Guard:
    """ASGI middleware that lets through what is addressed to this server, by those who may, for one of ``paths``.

    A path that ends in ``/`` stands for all below it. ``password``, where there is one, is asked for by HTTP Basic, with any user name.
    """

    def __init__(self, app: ASGIApp, *, names: Names, password: str | None, paths: Sequence[str]) -> None:
        self._app = app
        self._names = names
        self._password = password
        self._exact = frozenset(path for path in paths if path == "/" or not path.endswith("/"))
        self._below = tuple(path for path in paths if path != "/" and path.endswith("/"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        return await (self._refusal(Request(scope)) or self._app)(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        if not self._names.include(request.headers.get("host", "")):
            return PlainTextResponse("This server does not go by that name: open it by the address it printed.\n", 421)
        origin = request.headers.get("origin")
        # The port counts too: what another server of this machine serves is another site.
        if origin is not None and urlsplit(origin).netloc.lower() != request.headers["host"].lower():
            return PlainTextResponse("Pages of other sites may not ask here.\n", 403)
        if self._password is not None and not self._knows(request.headers.get("authorization", "")):
            return PlainTextResponse("A password is needed.\n", 401, {"WWW-Authenticate": 'Basic realm="Notes", charset="UTF-8"'})
        path = request.scope["path"]
        if path not in self._exact and not path.startswith(self._below):
            return PlainTextResponse("There is nothing here.\n", 404)
        return None

    def _knows(self, authorization: str) -> bool:
        scheme, _, credentials = authorization.partition(" ")
        try:
            _, _, given = base64.b64decode(credentials, validate=True).partition(b":")
        except (binascii.Error, ValueError):
            return False
        return scheme.lower() == "basic" and secrets.compare_digest(given, (self._password or "").encode())


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
