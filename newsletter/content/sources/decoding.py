"""The bytes of a page as text, as browsers read them."""

from __future__ import annotations

import codecs
import re

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ENCODINGS = re.compile(
    r"utf-8|utf-16.*|iso8859-\d+|cp\d+|koi8-.|gb.+|big5.*|euc_.+|shift_jis.*|iso2022_.+|mac-.+|tis-620|hz"
)
# What browsers understand by a name: the same characters and more.
_WIDER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_EASTERN = frozenset({"shift_jis", "euc_kr", "big5"})
_DECLARED = re.compile(rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9_-]+)[\"'][^>]*>")


def decoded(content: bytes, media_type: str) -> str:
    """Return the text of a page, whose encoding its first bytes tell, or the server, or the page itself."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    charset = rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)"
    named = re.search(charset, media_type.encode()) or re.search(charset, content[:2048])
    encoding = _known(named[1]) if named else "utf-8"
    encoding = _WIDER.get(encoding, encoding)
    # Python knows encodings that no page is meant to have, such as punycode.
    return content.decode(encoding if _ENCODINGS.fullmatch(encoding) else "utf-8", "replace")


def widened(content: bytes, media_type: str) -> tuple[bytes, str]:
    """Return a feed and its media type in UTF-8 where it is in an encoding of which feedparser knows a part alone.

    One of ①, ～ and 髙, which Windows has added to Shift_JIS, and it would take the whole feed for Latin letters.
    """
    declared = _DECLARED.match(content)
    if declared is None or (encoding := _known(declared[1])) not in _EASTERN or _is_utf8(content):
        return content, media_type
    text = content[declared.end() :].decode(_WIDER[encoding], "replace")
    return text.encode(), f"{media_type.partition(';')[0]}; charset=utf-8"


def _known(name: bytes) -> str:
    """Return Python's name of an encoding; that of UTF-8 for one that nobody knows."""
    try:
        return codecs.lookup(name.decode("ascii")).name
    except LookupError:
        return "utf-8"


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
