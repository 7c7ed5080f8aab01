"""A web site on this machine."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

from PIL import Image

from newsletter.content.sources.fetching import Fetcher

HTML = "text/html; charset=utf-8"


class Website:
    """What it answers by path, and what it was asked for."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        self.hold: threading.Event | None = None
        """What every answer waits for."""

    def put(self, path: str, content: str | bytes, kind: str = HTML, *, status: int = 200, **headers: str) -> str:
        """Give a page; return its address."""
        body = content.encode() if isinstance(content, str) else content
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = status, {"Content-Type": kind, **named}, body
        return self.address + path


@contextmanager
def website(context: ssl.SSLContext | None = None) -> Iterator[Website]:
    """Yield a web site that answers while the block lasts, over TLS where a context is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            if site.hold:
                site.hold.wait(20)
            status, headers, body = site.pages.get(self.path, (404, {"Content-Type": HTML}, b"nothing"))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site = Website(f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def on_this_machine(private: Collection[str] = (), proxied: bool = False) -> Fetcher:
    """Return what fetches from this machine, and from private networks those hosts."""
    return Fetcher(private, proxied, lambda address: bool(address.is_loopback))


def picture(width: int = 40, height: int = 20, form: str = "PNG") -> bytes:
    """Return a picture."""
    file = BytesIO()
    Image.new("RGB", (width, height), (0, 75, 135)).save(file, form)
    return file.getvalue()
