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
}


def decoded(content: bytes, media_type: str) -> str:
    """Return the text of a page, whose encoding its first bytes tell, or the server, or the page itself."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    charset = rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)"
    named = re.search(charset, media_type.encode()) or re.search(charset, content[:2048])
    try:
        encoding = codecs.lookup(named[1].decode("ascii")).name if named else "utf-8"
    except LookupError:
        encoding = "utf-8"
    encoding = _WIDER.get(encoding, encoding)
    # Python knows encodings that no page is meant to have, such as punycode.
    return content.decode(encoding if _ENCODINGS.fullmatch(encoding) else "utf-8", "replace")
