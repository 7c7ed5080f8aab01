"""A form with a file, taken apart while it arrives: only its short fields are held in memory (RFC 7578)."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.exceptions import HTTPException

_BOUNDARY = re.compile(r'multipart/form-data;.*\bboundary="?([^";,\s]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(r'[;\s]name="([^"]*)"')
_FILE_NAME = re.compile(r'[;\s]filename="([^"]*)"')
_LONGEST_HEAD = 8_192
_LONGEST_FIELD = 10_000
_HEAD_ENDS = b"\r\n\r\n"


class Parts:
    """The parts of one form; the content of its file goes to `sink`, piece by piece."""

    def __init__(self, content_type: str, sink: Callable[[bytes], None]) -> None:
        found = _BOUNDARY.match(content_type)
        if not found:
            raise HTTPException(415)
        self.fields: dict[str, str] = {}
        self.file_name = ""
        self.ended = False
        """Whether the form has come to its end."""
        self._sink = sink
        self._delimiter = b"\r\n--" + found[1].encode("latin-1")
        # The first delimiter has no line before it.
        self._buffer = bytearray(b"\r\n")
        self._in_head = False
        self._is_file = False
        self._field = ""
        self._value = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next piece of the body; raise HTTPException for what no form of ours sends."""
        self._buffer += data
        while not self.ended and (self._head() if self._in_head else self._content()):
            pass

    def _head(self) -> bool:
        """Read what a part says of itself; return whether there is more to do."""
        if self._buffer.startswith(b"--"):
            self.ended = True
            return False
        end = self._buffer.find(_HEAD_ENDS)
        if end < 0:
            if len(self._buffer) > _LONGEST_HEAD:
                raise HTTPException(400)
            return False
        head = self._buffer[:end].decode("utf-8", "replace")
        name, file_name = _NAME.search(head), _FILE_NAME.search(head)
        self._field = name[1] if name else ""
        self._is_file = file_name is not None
        if file_name:
            self.file_name = file_name[1]
        self._in_head = False
        # Its line end belongs to the delimiter of a part without content.
        del self._buffer[: end + len(_HEAD_ENDS)]
        return True

    def _content(self) -> bool:
        """Read what a part holds, as far as it has arrived; return whether there is more to do."""
        end = self._buffer.find(self._delimiter)
        ready = end if end >= 0 else max(0, len(self._buffer) - len(self._delimiter) + 1)
        self._keep(bytes(self._buffer[:ready]))
        if end < 0:
            del self._buffer[:ready]
            return False
        if self._field and not self._is_file:
            self.fields[self._field] = self._value.decode("utf-8", "replace")
        self._field, self._is_file = "", False
        self._value.clear()
        self._in_head = True
        del self._buffer[: end + len(self._delimiter)]
        return True

    def _keep(self, data: bytes) -> None:
        if self._is_file:
            self._sink(data)
        elif self._field:
            self._value += data
            if len(self._value) > _LONGEST_FIELD or len(self.fields) > 20:
                raise HTTPException(413)
