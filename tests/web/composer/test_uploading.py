"""A file on its way from the browser: taken apart as it comes, and kept only when it has come as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.composer.studio import BASE, KEY, Studio
from tests.web.composer.test_importing import kept


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"x"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"y" * 20_000),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"y" * 20_000),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(studio: Studio, content_type: str, body: bytes) -> None:
    """And leaves nothing behind."""
    headers = {"Origin": BASE, "Content-Type": content_type}
    assert studio.browser.post("/readers/import", content=body, headers=headers).status_code in {400, 413, 415}
    assert kept(studio) == []


def test_a_form_that_breaks_off_is_not_taken_for_a_file(studio: Studio) -> None:
    """Half of a list is another list."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nemail\nanna@example.org\n'
    headers = {"Origin": BASE, "Content-Type": "multipart/form-data; boundary=x"}
    studio.browser.post("/readers/import", content=body, headers=headers)
    assert studio.told("/readers") == "The file did not arrive as a whole. Choose it once more."
    assert kept(studio) == []


def test_a_file_whose_browser_goes_away_is_not_kept(studio: Studio) -> None:
    """Nobody waits for its plan."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nemail\nanna@example.org\n'
    lain: list[Path] = []
    begin_and_leave(studio, "/readers/import", body, lambda: lain.extend(kept(studio)))
    assert (len(set(lain)), kept(studio)) == (1, [])


@pytest.mark.parametrize("path", ["/pictures", "/issues", "/readers"])
def test_a_browser_that_goes_away_while_it_sends_is_no_fault(studio: Studio, path: str) -> None:
    """Whatever it sends: the terminal of the composer shows no traceback."""
    begin_and_leave(studio, path, b"half of i", lambda: None)


def begin_and_leave(studio: Studio, path: str, body: bytes, look: Callable[[], None]) -> None:
    """Send the first part of something and go; look whenever the studio asks for more."""
    told: list[dict[str, object]] = [
        {"type": "http.request", "body": body, "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, object]:
        look()
        return told.pop(0)

    async def send(_: object) -> None: ...

    headers = {
        "host": BASE.removeprefix("http://"),
        "cookie": f"newsletter-8150={KEY}",
        "origin": BASE,
        "content-type": "multipart/form-data; boundary=x",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def called() -> None:
        await studio.app(scope, receive, send)

    asyncio.run(called())


def test_a_file_arrives_as_it_is_however_it_is_cut(studio: Studio) -> None:
    """Line ends and what looks like an end of the form are part of it."""
    from newsletter.web.composer.multipart import Parts

    content = b"email\r\n--x\r\n--\r\n\r\n-\r\n-x--\r\n--boundar\r\n"
    head = b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    field = b'--boundary\r\nContent-Disposition: form-data; name="list"\r\n\r\nmonthly\r\n'
    body = field + b"--boundary\r\n" + head + content + b"\r\n--boundary--\r\n"
    for step in (1, 2, 3, 7, len(body)):
        found = bytearray()
        parts = Parts("multipart/form-data; boundary=boundary", found.extend)
        for at in range(0, len(body), step):
            parts.feed(body[at : at + step])
        assert (bytes(found), parts.fields, parts.file_name, parts.ended) == (
            content,
            {"list": "monthly"},
            "a.csv",
            True,
        )
