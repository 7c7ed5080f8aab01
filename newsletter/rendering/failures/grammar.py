"""Jinja2's errors of grammar in plain words, at their line and column."""

from __future__ import annotations

import re
from itertools import pairwise

from jinja2 import TemplateSyntaxError

from newsletter.model import meant
from newsletter.model.finding import Finding, Place, position
from newsletter.rendering.failures.rules import SYNTAX, finding
from newsletter.rendering.failures.scene import Scene

_TAGS = tuple(
    """
    autoescape block call elif else endautoescape endblock endcall endfilter endfor endif endmacro endset endwith
    extends filter for from if import include macro set with raw endraw
    """.split()
)
_CHARACTER = re.compile(r"unexpected char '?(.+?)'? at \d+", re.DOTALL)
_CLOSING = re.compile(r"unexpected '([)}\]])'(?:, expected '(.)')?")
_UNKNOWN_TAG = re.compile(r"Encountered unknown tag '([^']*)'")
_INNERMOST = re.compile(r"The innermost block that needs to be closed is '([^']*)'")
_EXPECTED = re.compile(r"expected token '([^']*)', got '(.*)'$", re.DOTALL)
_ENDED = re.compile(r"unexpected end of template|unexpected 'end of template'|got 'end of template'")
UNNAMED = re.compile(r"No (filter|test) named '([^']*)'")
_MEANT = {"elseif": "elif", "elsif": "elif", "elsewhere": "else", "endforeach": "endfor", "foreach": "for"}
"""Tags of other languages by ours."""
_EXPECTATIONS = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "name": "a name",
    "string": "a text in quotes",
}


def explain(scene: Scene, error: TemplateSyntaxError) -> Finding:
    """Return what is wrong with the grammar of a template."""
    template = _template(scene, error)
    said = error.message or "the template cannot be read"
    if template not in scene.sources:
        return _lexical(scene, template, said, error.lineno)
    place = scene.place(template, error.lineno)
    if match := UNNAMED.search(said):
        return unnamed(scene, template, error.lineno, match)
    if match := _UNKNOWN_TAG.search(said):
        return finding(SYNTAX, place, *_unknown_tag(match[1], _INNERMOST.search(said)))
    if "Unexpected end of template" in said:
        inner = _INNERMOST.search(said)
        which = inner[1] if inner else "block"
        opened = _last_opened(scene, template, which) or place
        return finding(SYNTAX, opened, f"{{% {which} %}} is never closed", f"write {{% end{which} %}} where it ends")
    if _ENDED.search(said):
        first, _ = scene.sources[template].statement(error.lineno)
        opening = scene.sources[template].tokens[first - 1]
        sign, closing = ("{{", "}}") if opening.kind == "variable_begin" else ("{%", "%}")
        message, fix = f"{sign} is never closed", f"write {closing} where it ends"
        return finding(SYNTAX, scene.at(template, opening.offset), message, fix)
    if match := _EXPECTED.search(said):
        wanted = _EXPECTATIONS.get(match[1], match[1])
        got = _EXPECTATIONS.get(match[2], match[2])
        message, fix = f"{got} stands where {wanted} belongs", f"write {wanted} before it, or delete it"
        tag = _tag(scene, template, error.lineno)
        if got == "=" and tag in {"if", "elif"}:
            message, fix = "= gives a name its value, and compares nothing", "write == there"
        elif got == "if" and tag == "else":
            message, fix = "there is no tag `else if`", "write {% elif … %}"
        return finding(SYNTAX, place, message, fix)
    fix = "rename one of the two" if "defined twice" in said else "correct the line"
    return finding(SYNTAX, place, said.rstrip("."), fix)


def _tag(scene: Scene, template: str, number: int) -> str:
    """Return the tag of the statement around a token, such as `if`."""
    source = scene.sources[template]
    first, last = source.statement(number)
    return next((token.text for token in source.tokens[first:last] if token.kind == "name"), "")


def _template(scene: Scene, error: TemplateSyntaxError) -> str:
    """Return the name of the template that an error of grammar is about."""
    named = error.name or scene.main
    if named in scene.sources or scene.environment.loader is None:
        return named
    # Where a comment or a raw block has no end, Jinja2 gives the path of the file as the name.
    path = named.replace("\\", "/")
    known = scene.environment.loader.list_templates()
    return max((each for each in known if path.endswith(f"/{each}")), key=len, default=named)


def unnamed(scene: Scene, template: str, number: int, match: re.Match[str]) -> Finding:
    """Return which filter or test is not there, as `UNNAMED` has found it, asked for near a token."""
    known = scene.environment.filters if match[1] == "filter" else scene.environment.tests
    better = meant.did_you_mean(match[2], known)
    message = f"there is no {match[1]} `{match[2]}`{meant.suggestion(better, '``')}"
    fix = f"write `{better}`" if better else "leave it out, or use one that `newsletter docs templates` lists"
    place = scene.near(template, number, match[2]) or scene.place(template, number)
    return finding(SYNTAX, place, message, fix)


def _unknown_tag(written: str, inner: re.Match[str] | None) -> tuple[str, str]:
    if written in _TAGS:
        opened = f"{{% {inner[1]} %}} is open" if inner else "nothing is open that it could close"
        fix = f"write {{% end{inner[1]} %}} before it" if inner else "delete it"
        return f"{{% {written} %}} does not belong here: {opened}", fix
    better = _MEANT.get(written) or meant.did_you_mean(written, _TAGS)
    message = f"there is no tag `{written}`{meant.suggestion(better, '``')}"
    return message, f"write {{% {better} … %}}" if better else "use one of Jinja2's tags, such as if, for or include"


def _last_opened(scene: Scene, template: str, tag: str) -> Place | None:
    """Return the place of the tag that has no end: the last one that is not closed again."""
    opened = []
    tokens = scene.sources[template].tokens
    for before, token in pairwise(tokens):
        if before.kind == "block_begin" and token.text == tag:
            opened.append(before)
        elif before.kind == "block_begin" and token.text == f"end{tag}" and opened:
            opened.pop()
    return scene.at(template, opened[-1].offset) if opened else None


def _lexical(scene: Scene, template: str, said: str, line: int) -> Finding:
    """Explain what already the lexer refused; where it stopped is looked for again."""
    place, sign, text, offset = Place(scene.file(template), line), "", "", 0
    if scene.environment.loader is not None:
        text, _, _ = scene.environment.loader.get_source(scene.environment, template)
        offset, text, sign = _stopped(scene, text, inside=said.startswith("Missing"))
        place = Place(place.file, *position(text, offset))
    if said.startswith("Missing"):
        closing = "#}" if sign.startswith("{#") else "{% endraw %}"
        return finding(SYNTAX, place, f"{sign or 'a comment'} is never closed", f"write {closing} where it ends")
    if match := _CLOSING.search(said):
        opened = max(("{{", "{%"), key=lambda sign: text.rfind(sign, 0, offset))
        closing = "}}" if opened == "{{" else "%}"
        if match[1] == "}" and not match[2]:
            return finding(SYNTAX, place, f"`}}` stands where `{closing}` belongs", f"write {closing}")
        message = f"`{match[1]}` closes nothing" if not match[2] else f"`{match[1]}` stands where `{match[2]}` belongs"
        return finding(SYNTAX, place, message, f"write `{match[2]}` before it" if match[2] else "delete it")
    if match := _CHARACTER.search(said):
        quote = match[1].strip("\\\"'") == ""
        message = "a text in quotes is never closed" if quote else f"`{match[1]}` cannot stand here"
        return finding(
            SYNTAX, place, message, "write the second quote" if quote else "delete it, or put it into quotes"
        )
    return finding(SYNTAX, place, said.rstrip("."), "correct the line")


def _stopped(scene: Scene, source: str, *, inside: bool) -> tuple[int, str, str]:
    """Return where the lexer stopped, the text as it counts it, and its last sign.

    `inside` says that the last sign is what has no end, not what comes after it.
    """
    text = "\n".join(re.split(r"\r\n|\r|\n", source))
    start = end = 0
    value = ""
    try:
        for _, _, value in scene.environment.lexer.tokeniter(source, None):
            start = text.index(value, end)
            end = start + len(value)
    except TemplateSyntaxError:
        pass  # it is this error that is being explained
    if inside:
        return start, text, value
    while end < len(text) and text[end].isspace():
        end += 1
    return end, text, value
