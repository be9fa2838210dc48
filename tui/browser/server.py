"""Server: hands the screens out to a browser, each tab its own process, to nobody but who knows the token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path
from string import Template

import textual_serve
from aiohttp import WSCloseCode, WSMsgType
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web import (
    Application,
    AppRunner,
    FileResponse,
    HTTPForbidden,
    HTTPFound,
    HTTPNotFound,
    HTTPServiceUnavailable,
    Request,
    Response,
    StreamResponse,
    TCPSite,
    WebSocketResponse,
    get,
    middleware,
)

from chargelore.engine.sources.address import Address
from chargelore.kb.errors import SourceError
from chargelore.tui.browser.gate import Gate
from chargelore.tui.browser.spoken import Resized, size, spoken
from chargelore.tui.browser.tab import PATIENCE, Tab

MOST_TABS = 8  # each is a process with the whole knowledge in its memory
LARGEST = 4 * 2**20  # bytes of a message: a large paste
FULL = f"{MOST_TABS} tabs are open, and no more are served. Close one, then load this page again."
PAGE = Path(__file__).parent / "page"
STATIC = Path(textual_serve.__file__).parent / "static"
HEADERS = {
    # The terminal of the page writes its own styles; everything else comes from here, and nothing from elsewhere.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Server": "chargelore",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Server:
    """Lives as long as its `async with serving(…)`. `words` run the screens of one tab."""

    def __init__(self, words: Sequence[str], gate: Gate) -> None:
        self.words, self.gate = tuple(words), gate
        brought = {str(each.relative_to(STATIC)): each for each in STATIC.rglob("*") if each.is_file()}
        self.files = brought | {"keys.js": PAGE / "keys.js"}
        self.tabs: set[WebSocketResponse] = set()

    def app(self) -> Application:
        """The gate before everything, also before what is not there."""
        app = Application(middlewares=[self._gated()])
        app.on_response_prepare.append(_dressed)
        app.on_shutdown.append(self._sends_away)
        app.add_routes([
            get("/{token}", self.whole),
            get("/{token}/", self.page),
            get("/{token}/ws", self.websocket),
            get("/{token}/static/{name:.+}", self.static),
        ])  # fmt: skip
        return app

    async def whole(self, request: Request) -> StreamResponse:
        """The address as somebody copied it, without its last letter: what the page is made of lies below that."""
        raise HTTPFound(f"{request.path}/")

    async def page(self, request: Request) -> StreamResponse:
        """The one page."""
        if len(self.tabs) >= MOST_TABS:
            raise HTTPServiceUnavailable(text=FULL)
        where = f"ws://{request.host}/{self.gate.token}/ws"
        html = Template((PAGE / "index.html").read_text(encoding="utf-8")).substitute(websocket=escape(where))
        return Response(text=html, content_type="text/html")

    async def static(self, request: Request) -> StreamResponse:
        """What the page is made of: the files that textual-serve brings and one of ours, and no other."""
        file = self.files.get(request.match_info["name"])
        if file is None:
            raise HTTPNotFound
        return FileResponse(file)

    async def websocket(self, request: Request) -> StreamResponse:
        """One tab, from its first letter until it is closed."""
        if len(self.tabs) >= MOST_TABS:
            raise HTTPServiceUnavailable(text=FULL)
        websocket = WebSocketResponse(heartbeat=15, max_msg_size=LARGEST)
        self.tabs.add(websocket)  # before anything is awaited, so that no two take the last place
        try:
            await websocket.prepare(request)
            await _shown(Tab(self.words, websocket), websocket, _asked_for(request))
        finally:
            self.tabs.discard(websocket)
        return websocket

    def _gated(self) -> Middleware:
        @middleware
        async def gated(request: Request, handler: Handler) -> StreamResponse:
            why = self.gate.refusal(request.path, request.headers.get("Host", ""), request.headers.get("Origin"))
            if why:
                raise HTTPForbidden(text=why)
            return await handler(request)

        return gated

    async def _sends_away(self, _app: Application) -> None:
        await asyncio.gather(*(each.close(code=WSCloseCode.GOING_AWAY) for each in set(self.tabs)))


@asynccontextmanager
async def serving(words: Sequence[str], at: Address, token: str) -> AsyncIterator[str]:
    """Serve for as long as the `async with`; yields the whole address to open. SourceError when it cannot listen."""
    app = Server(words, Gate(token, at.host)).app()
    runner = AppRunner(app, access_log=None, shutdown_timeout=2 * PATIENCE)  # an access log would hold the token
    await runner.setup()
    try:
        await _listening(runner, at)
        host, port = runner.addresses[0][:2]
        yield f"http://{Address(host, port)}/{token}/"
    finally:
        await runner.cleanup()


async def _listening(runner: AppRunner, at: Address) -> None:
    try:
        await TCPSite(runner, at.host, at.port).start()
    except OSError as error:
        what = f"cannot listen: {error.strerror or error}"
        raise SourceError(what, where=str(at), mend="choose another host or port with --listen") from error


async def _shown(tab: Tab, websocket: WebSocketResponse, window: Resized) -> None:
    """The screens of one tab; its process has ended when this has."""
    try:
        await tab.start(window.columns, window.rows)
        async for message in websocket:
            said = spoken(message.data) if message.type == WSMsgType.TEXT else None
            if said is not None:
                await tab.hears(said)
    finally:
        await tab.stop()


def _asked_for(request: Request) -> Resized:
    """How large the window is, as the page says when it begins."""
    asked = [request.query.get(name, "") for name in ("width", "height")]
    numbers = [int(each) if each.isascii() and each.isdigit() and len(each) < 6 else None for each in asked]
    return size(*numbers) or Resized(80, 24)


async def _dressed(_request: Request, response: StreamResponse) -> None:
    response.headers.update(HEADERS)
