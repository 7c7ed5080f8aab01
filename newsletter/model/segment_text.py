"""Segments on one line: `country=AT and (topic=diaspora or not accepted in last 3)`.

    segment     = conjunction { "or" conjunction }
    conjunction = part { "and" part }
    part        = "not" part | "(" segment ")" | test
    test        = NAME ( "=" | "!=" ) VALUE  |  NAME "in" "(" VALUE { "," VALUE } ")"
                | NAME ( "<" | "<=" | ">" | ">=" ) VALUE  |  NAME "is" ( "known" | "unknown" )
                | "consent" ( "before" | "since" ) DAY  |  "consent" ( "older" | "newer" ) "than" AGE
                | STATE "in" ( ISSUE | "last" NUMBER )

NAME is language, topic, country, frequency or an attribute; STATE is accepted, rejected, suppressed or unknown. A value
with blanks, brackets or signs stands in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from newsletter.model import meant
from newsletter.model.meant import Unfit

STATES = ("accepted", "rejected", "suppressed", "unknown")
_OWN = ("language", "topic", "country")
RESERVED = frozenset(
    {"address", "name", "language", "topic", "topics", "frequency", "consent", "and", "or", "not", "in", "is", *STATES}
)
"""What an attribute cannot be called."""

_BOUNDS = {"<": "below", "<=": "at_most", ">": "above", ">=": "at_least"}
_TOKEN = re.compile(r"""\s*(?:(?P<quoted>"[^"]*"|'[^']*')|(?P<sign>!=|<=|>=|[=<>(),])|(?P<word>[^\s"'=<>!(),]+))""")
_LONGEST, _DEEPEST = 4_000, 40


class _Token(NamedTuple):
    text: str
    at: int
    is_word: bool

    def says(self, *words: str) -> bool:
        return self.is_word and self.text.casefold() in words


def parse(text: str) -> dict[str, Any]:
    """Return a line as the group of fields that it abbreviates; raise Unfit with the place of the mistake."""
    if len(text) > _LONGEST:
        raise Unfit(f"is longer than {_LONGEST} letters", fix="write it as a group of fields")
    parser = _Parser(text)
    found = parser.either(0)
    if parser.here is not None:
        raise parser.expected("`and`, `or` or the end")
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._cut())
        self._place = 0

    def _cut(self) -> list[_Token]:
        tokens, at = [], 0
        while self._text[at:].strip():
            match = _TOKEN.match(self._text, at)
            if match is None:
                raise self._unfit("a quotation mark is never closed, or a sign has no meaning here", at)
            kind = match.lastgroup
            found = match[kind or 0]
            tokens.append(_Token(found[1:-1] if kind == "quoted" else found, match.start(kind or 0), kind == "word"))
            at = match.end()
        return tokens

    @property
    def here(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def either(self, depth: int) -> dict[str, Any]:
        return self._joined("or", "any", self._both, depth)

    def expected(self, what: str, fix: str = "") -> Unfit:
        token = self.here
        found = f"where '{token.text}' stands" if token else "at the end"
        return self._unfit(f"{what} is expected {found}", token.at if token else len(self._text), fix)

    def _unfit(self, sentence: str, at: int, fix: str = "") -> Unfit:
        shown = f"{self._text[:at]}►{self._text[at:]}"
        return Unfit(f"{sentence}: {shown}", fix=fix or "write it as in: country=AT and topic=diaspora")

    def _both(self, depth: int) -> dict[str, Any]:
        return self._joined("and", "all", self._part, depth)

    def _joined(self, word: str, name: str, part: Callable[[int], dict[str, Any]], depth: int) -> dict[str, Any]:
        parts = [part(depth)]
        while self.here is not None and self.here.says(word):
            self._place += 1
            parts.append(part(depth))
        return {name: parts} if len(parts) > 1 else parts[0]

    def _part(self, depth: int) -> dict[str, Any]:
        if depth > _DEEPEST:
            raise self._unfit("there are too many brackets in each other", 0, "write it as a group of fields")
        token = self.here
        if token is None:
            raise self.expected("a condition")
        if token.says("not"):
            self._place += 1
            return {"not": self._part(depth + 1)}
        if self._sign("("):
            inner = self.either(depth + 1)
            if not self._sign(")"):
                raise self.expected("a closing bracket")
            return inner
        if not token.is_word or token.says("and", "or", "in", "is"):
            raise self.expected("a name such as country")
        self._place += 1
        return self._test(token)

    def _test(self, name: _Token) -> dict[str, Any]:
        if name.says("consent"):
            return {"consent": self._consent()}
        if name.says(*STATES) and self._word("in"):
            return {name.text.casefold(): self._mailings()}
        if name.text.casefold() in RESERVED - {"language", "topic", "frequency"}:
            better = meant.did_you_mean(name.text, ("language", "topic", "country", "frequency"))
            told = f"'{name.text}' is nothing that people can be told apart by"
            raise self._unfit(
                told + (f"; did you mean '{better}'" if better else ""), name.at, f"write {better}" if better else ""
            )
        return self._compared(name.text.casefold())

    def _compared(self, name: str) -> dict[str, Any]:
        if self._sign("="):
            return _is(name, [self._value()])
        if self._sign("!="):
            return {"not": _is(name, [self._value()])}
        if self._word("in"):
            return _is(name, self._values())
        for sign, word in _BOUNDS.items():
            if self._sign(sign):
                return {"attributes": {name: {word: self._value()}}}
        if self._word("is"):
            if self._word("known"):
                return {"attributes": {name: {"known": True}}}
            if self._word("unknown"):
                return {"attributes": {name: {"known": False}}}
            raise self.expected("`known` or `unknown`", f"to compare, write {name}=…")
        raise self.expected(f"one of = != < <= > >= in, after '{name}',")

    def _consent(self) -> dict[str, Any]:
        for word in ("before", "since"):
            if self._word(word):
                return {word: self._value()}
        for word in ("older", "newer"):
            if self._word(word):
                if not self._word("than"):
                    raise self.expected("`than`")
                return {f"{word}_than": f"{self._value()} {self._value()}"}
        raise self.expected("`before`, `since`, `older than` or `newer than`", "write: consent older than 2 years")

    def _mailings(self) -> dict[str, Any]:
        if self._word("last"):
            number = self._value()
            if not number.isascii() or not number.isdigit():
                self._place -= 1
                raise self.expected("a number")
            return {"last": int(number)}
        return {"issue": self._value()}

    def _values(self) -> list[str]:
        if not self._sign("("):
            raise self.expected("an opening bracket", "write: country in (AT, DE)")
        values = [self._value()]
        while self._sign(","):
            values.append(self._value())
        if not self._sign(")"):
            raise self.expected("a comma or a closing bracket")
        return values

    def _value(self) -> str:
        token = self.here
        if token is None or (not token.is_word and self._text[token.at] not in "\"'"):
            raise self.expected("a value")
        self._place += 1
        return token.text

    def _sign(self, sign: str) -> bool:
        token = self.here
        found = token is not None and not token.is_word and token.text == sign and self._text[token.at] not in "\"'"
        self._place += found
        return found

    def _word(self, word: str) -> bool:
        found = self.here is not None and self.here.says(word)
        self._place += found
        return found


def _is(name: str, values: list[str]) -> dict[str, Any]:
    if name in _OWN:
        return {name: values}
    if name == "frequency":
        one = [{"frequency": value} for value in values]
        return one[0] if len(one) == 1 else {"any": one}
    return {"attributes": {name: {"is": values}}}
