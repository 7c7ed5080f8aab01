"""A form with a file, taken apart while it arrives: only its short fields are held in memory (RFC 7578)."""

from __future__ import annotations

from collections.abc import Callable

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException

_LONGEST_FIELD = 10_000
_MOST_FIELDS = 20


class Parts:
    """The parts of one form; the content of its file goes to `sink`, piece by piece."""

    def __init__(self, content_type: str, sink: Callable[[bytes], None]) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise HTTPException(415)
        self.fields: dict[str, str] = {}
        self.file_name = ""
        self.ended = False
        """Whether the form has come to its end."""
        self._sink = sink
        self._header, self._told = bytearray(), bytearray()
        self._is_file, self._field = False, ""
        self._value = bytearray()
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._told.extend(data[start:end]),
                "on_header_end": self._head,
                "on_part_data": lambda data, start, end: self._take(data[start:end]),
                "on_part_end": self._close,
                "on_end": self._end,
            },
        )

    def feed(self, data: bytes) -> None:
        """Take the next piece of the body; raise HTTPException for what no form of ours sends."""
        try:
            self._parser.write(data)
        except MultipartParseError:
            raise HTTPException(400) from None

    def _begin(self) -> None:
        self._is_file, self._field = False, ""

    def _head(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._told))
            self._is_file = b"filename" in options
            if self._is_file:
                self.file_name = options[b"filename"].decode("utf-8", "replace")
            else:
                self._field = options.get(b"name", b"").decode("utf-8", "replace")
        self._header.clear()
        self._told.clear()

    def _take(self, data: bytes) -> None:
        if self._is_file:
            self._sink(data)
            return
        self._value += data
        if len(self._value) > _LONGEST_FIELD or len(self.fields) > _MOST_FIELDS:
            raise HTTPException(413)

    def _close(self) -> None:
        if self._field:
            self.fields[self._field] = self._value.decode("utf-8", "replace")
        self._value.clear()

    def _end(self) -> None:
        self.ended = True
