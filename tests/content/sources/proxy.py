"""A proxy on this machine."""

from __future__ import annotations

import http.client
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Proxy:
    """Leads whatever it is asked for to a port of this machine, or nowhere."""

    def __init__(self, address: str, leads_to: int) -> None:
        self.address = address
        self.leads_to = leads_to
        self.asked: list[str] = []


@contextmanager
def proxy(leads_to: int) -> Iterator[Proxy]:
    """Yield a proxy that works while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(f"GET {self.path}")
            connection = http.client.HTTPConnection("127.0.0.1", found.leads_to, timeout=10)
            connection.request("GET", urlsplit(self.path).path, headers={"Host": self.headers["Host"]})
            answer = connection.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name not in {"Server", "Date"}:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def do_CONNECT(self) -> None:
            found.asked.append(f"CONNECT {self.path}")
            if not found.leads_to:
                self.send_error(403)
                return
            with socket.create_connection(("127.0.0.1", found.leads_to)) as other:
                self.send_response(200)
                self.end_headers()
                pairs = {self.connection: other, other: self.connection}
                while ready := select.select(list(pairs), [], [], 5)[0]:
                    for one in ready:
                        data = one.recv(65_536)
                        if not data:
                            return
                        pairs[one].sendall(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Proxy(f"http://127.0.0.1:{server.server_port}", leads_to)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
