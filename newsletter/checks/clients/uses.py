"""What HTML, CSS and MJML use, as the people who wrote the template wrote it, and where.

MJML's own elements are passed over: what the engine makes of them is made for mail clients. So only the style sheets
and the HTML inside of texts are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.clients.support import by_name
from newsletter.checks.sheets import StyleRule, read_sheet, read_style

_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)-->"
    r"|<(?P<sheet>mj-style|style)\b(?P<sheet_attributes>[^>]*)>(?P<css>.*?)</(?P=sheet)\s*>"
    r"|<(?P<tag>[a-zA-Z][\w:-]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s=\"'/<>]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+)))?"
)
_AT_RULE = re.compile(r"@(?P<name>[a-z-]+)(?P<prelude>[^{;]*)")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FUNCTION = re.compile(r"([a-z-]+)\(")
_UNIT = re.compile(r"(?<![\w#.-])-?(?:\d*\.)?\d+(%|[a-z]+)\b|(?<![\w#.-])-?(?:\d*\.)?\d+(%)")
_WORD = re.compile(r"(?<![\w-])[a-z][a-z-]+(?![\w(-])")
_PSEUDO = re.compile(r"::?[a-z-]+")
_MEDIA = re.compile(r"\(\s*(?:-webkit-|min-|max-)*([a-z-]+)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|url\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Use:
    """A feature of caniemail, and where the text uses it; `inside` are the conditions around it."""

    slug: str
    words: str
    start: int
    inside: tuple[str, ...] = ()


def uses(text: str) -> Iterator[Use]:
    """Yield everything that a document uses and caniemail knows, in its order."""
    for token in _TOKEN.finditer(text):
        if token["comment"] is not None:
            if "[if" not in token["comment"] and "[endif" not in token["comment"]:
                yield from _known("comment", "<!--", token[0][:20], token.start())
        elif token["sheet"] is not None:
            yield from _moved(_sheet_uses(token["css"]), token.start("css"))
        elif not token["tag"].lower().startswith("mj"):
            yield from _tag(token)


def _tag(token: re.Match[str]) -> Iterator[Use]:
    tag, start = token["tag"].lower(), token.start()
    yield from _known("element", tag, f"<{tag}>", start)
    for attribute in _ATTRIBUTE.finditer(token["attributes"]):
        name, at = attribute["name"].lower(), token.start("attributes") + attribute.start()
        group = next((group for group in ("double", "single", "bare") if attribute[group] is not None), "")
        value = attribute[group] if group else ""
        value_at = token.start("attributes") + attribute.start(group) if group else at
        yield from _known("attribute", name, name, at)
        if name == "type":
            yield from _known("typed", f"{tag}:{value.lower()}", f'<{tag} type="{value}">', start)
        elif name == "style":
            yield from _moved(_style_uses(value), value_at)
        elif name == "name" and tag == "meta":
            yield from _known("meta", value.lower(), f'<meta name="{value}">', start)
        elif name in {"href", "src", "background"}:
            yield from _address(tag, value, value_at)


def _address(tag: str, value: str, at: int) -> Iterator[Use]:
    if tag == "a":
        for begin in ("#", "mailto:"):
            # A bare # leads nowhere; that is another rule's to say.
            if value.lower().startswith(begin) and value != "#":
                yield from _known("link", begin, value[:40], at)
    elif value.lower().startswith("data:"):
        yield from _known("link", "data:", "data:", at)
    else:
        ending = value.partition("?")[0].rpartition(".")[2].lower()
        yield from _known("image", ending, f"a picture of type .{ending}", at)


def _moved(found: Iterable[Use], by: int) -> Iterator[Use]:
    for use in found:
        yield Use(use.slug, use.words, use.start + by, use.inside)


@lru_cache(maxsize=8192)
def _style_uses(css: str) -> tuple[Use, ...]:
    """Return what a `style` attribute uses."""
    offsets = _lines(css)
    return tuple(
        Use(slug, words, _at(offsets, each.line, each.column))
        for each in read_style(css)
        for slug, words in _declaration_uses(each.name, each.value, each.important)
    )


@lru_cache(maxsize=256)
def _sheet_uses(css: str) -> tuple[Use, ...]:
    """Return what a style sheet uses."""
    offsets = _lines(css)
    found = [use for comment in _CSS_COMMENT.finditer(css) for use in _known("comment", "/*", "/*", comment.start())]
    bare = _CSS_COMMENT.sub(lambda comment: " " * len(comment[0]), css)
    for rule in _AT_RULE.finditer(bare):
        found += _known("at", rule["name"], f"@{rule['name']}", rule.start())
        if rule["name"] == "media":
            for feature in _MEDIA.finditer(rule["prelude"]):
                found += _known("media", feature[1], f"({feature[1]})", rule.start())
    for style in read_sheet(css):
        found += _of_rule(style, offsets)
    return tuple(sorted(found, key=lambda use: use.start))


def _of_rule(style: StyleRule, offsets: list[int]) -> Iterator[Use]:
    at = _at(offsets, style.line, style.column)
    for slug, words in _selector_uses(style.selector):
        yield Use(slug, words, at, style.conditions)
    for each in style.declarations:
        for slug, words in _declaration_uses(each.name, each.value, each.important):
            yield Use(slug, words, _at(offsets, each.line, each.column), style.conditions)


@lru_cache(maxsize=4096)
def _declaration_uses(name: str, value: str, important: bool) -> tuple[tuple[str, str], ...]:
    """Return slug and words of what a declaration uses."""
    known, found = by_name(), []
    bare = _QUOTED.sub(" ", value.lower())

    def add(kind: str, key: str, words: str) -> None:
        if (kind, key) in known:
            found.append((known[kind, key], words))

    add("property", name, name)
    add("pair", f"{name}:{value.strip().lower()}", f"{name}:{value}")
    if important:
        add("keyword", "!important", "!important")
    for function in dict.fromkeys(_FUNCTION.findall(bare)):
        add("function", function, f"{function}()")
    for one, percent in dict.fromkeys(_UNIT.findall(bare)):
        add("unit", one or percent, f"the unit {one or percent}")
    for word in dict.fromkeys(_WORD.findall(bare)):
        add("keyword", word, word)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1024)
def _selector_uses(selector: str) -> tuple[tuple[str, str], ...]:
    """Return slug and words of what a selector uses."""
    known = by_name()
    bare = re.sub(r"\[[^\]]*\]", "[]", _QUOTED.sub("''", selector))
    simple = re.sub(r"\s*([>+~,])\s*", r"\1", bare.strip())
    marks = {mark for mark in (">", "+", "~", ",", "*", "#", ".", "[") if mark in simple}
    if re.search(r"\S\s+\S", simple):
        marks.add("descendant")
    if re.search(r"\.[\w-]+\.[\w-]+", simple):
        marks.add("chaining")
    if re.search(r"(?:^|[\s>+~,])[a-zA-Z]", simple):
        marks.add("type")
    found = [(known["selector", mark], selector) for mark in sorted(marks) if ("selector", mark) in known]
    found += [
        (known["pseudo", mark], mark) for mark in dict.fromkeys(_PSEUDO.findall(bare)) if ("pseudo", mark) in known
    ]
    return tuple(found)


def _known(kind: str, name: str, words: str, start: int) -> Iterator[Use]:
    slug = by_name().get((kind, name))
    if slug:
        yield Use(slug, words, start)


def _lines(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer(r"\n", text))]


def _at(offsets: list[int], line: int, column: int) -> int:
    return offsets[min(line, len(offsets)) - 1] + column - 1
