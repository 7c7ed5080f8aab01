"""Mistakes in the settings, told as TOML has them: what is to be typed can be typed as it stands."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from newsletter.model import conflict
from newsletter.model.finding import Finding, Place, Severity

_AT = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)")
_TWICE = re.compile(r"Cannot (?:declare|overwrite|mutate)")
_CURLY = re.compile("=\\s*[\u2018-\u201f\u00ab\u00bb]")
_SWITCH = re.compile(r"\s*+([\w-]+)\s*=\s*(yes|on|true|no|off|false)\s*(?:#.*)?", re.IGNORECASE)
_BARE = re.compile(r"\s*+([\w-]+)\s*=\s*[^\s\"'\[{#]")
_OPEN = "Illegal character '\\n'"
_ASSIGNMENT = re.compile(r"`([\w.-]+): ?([^`]*)`")
_PAIR = re.compile(r"([\w-]+): ([^,{}]+)")
_NAME = r"(?:[A-Za-z0-9_-]+|\"[^\"\n]+\"|'[^'\n]+')"
_KEY = re.compile(rf"\s*+({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_INLINE_KEY = re.compile(rf"[{{,]\s*({_NAME})\s*=")
_HEADER = re.compile(r"\s*+\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?")
_LITERAL = re.compile(r"[\"'].*|true|false|[+-]?[0-9]+(?:\.[0-9]+)?|\[.*")


def parse(text: str) -> dict[str, Any]:
    """Return what TOML says; raise tomllib.TOMLDecodeError for what is none."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("Brackets stand within brackets without end (at end of document)") from None


def marks(text: str, below: tuple[str, ...] = ()) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Return line and column of each key below a table; a plain scan, because tomllib keeps no positions."""
    prefix: tuple[str, ...] = ("\0",) if below else ()
    found: dict[tuple[str | int, ...], tuple[int, int]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.fullmatch(line):
            parts = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if parts[: len(below)] != below:
                prefix = ("\0",)
                continue
            prefix = parts[len(below) :]
            for end in range(min(1, len(prefix)), len(prefix) + 1):
                found.setdefault(prefix[:end], (number, 1))
        elif key := _KEY.match(line):
            path = (*prefix, *(name.strip("\"'") for name in re.findall(_NAME, key[1])))
            for end in range(len(prefix) + 1, len(path) + 1):
                found.setdefault(path[:end], (number, key.start(1) + 1))
            if line[key.end() :].lstrip().startswith("{"):
                for inner in _INLINE_KEY.finditer(line, key.end()):
                    found.setdefault((*path, inner[1].strip("\"'")), (number, inner.start(1) + 1))
    return found


def mistake(file: Path, error: tomllib.TOMLDecodeError) -> Finding:
    """Return what is wrong with a file that is no TOML."""
    position = _AT.search(str(error))
    text = file.read_text(encoding="utf-8-sig")
    if marked := conflict.line_of(text):
        place = Place(file.name, marked, 1)
        return Finding("CFG001", Severity.ERROR, conflict.TOLD, place, why=conflict.WHY, fix=conflict.FIX)
    lines = text.rstrip().split("\n")
    number = min(int(position[1] or len(lines)), len(lines)) if position else 0
    place = Place(file.name, number, int(position[2] or 1)) if position and number else Place(file.name)
    line = lines[number - 1] if number else ""
    if _CURLY.search(line):
        message, why = "the quotation marks are curly", "only straight ones hold a text together here"
        fix = 'type them anew as " in a plain text editor, not in a word processor'
    elif _TWICE.match(str(error)):
        what, place = line.partition("=")[0].partition("#")[0].strip(), replace(place, column=1 if number else 0)
        message = f"{what} is written twice" if what else "something is written twice"
        why, fix = "nobody can tell which of the two counts", "keep one, with everything that belongs to it"
    elif switch := _SWITCH.fullmatch(line):
        message, why = f"{switch[2]} is not how a switch is set here", "there are only true and false, in small letters"
        fix = f"write {switch[1]} = {'true' if switch[2].lower() in {'yes', 'on', 'true'} else 'false'}"
    elif str(error).startswith("Invalid value") and (bare := _BARE.match(line)):
        message, why = "the text has no quotation marks", "without them nobody can tell where it ends"
        fix = f'put it between two: {bare[1]} = "…"'
    elif str(error).startswith(_OPEN):
        message, why = "a quotation mark is not closed", "a text ends in the line in which it begins"
        fix = 'write " at its end, too'
    else:
        message, why = f"not valid TOML: {_AT.sub('', str(error))}", "settings are read before anything else"
        fix = 'correct the line; texts stand in quotes: title = "Our newsletter"'
    return Finding("CFG001", Severity.ERROR, message, place, why=why, fix=fix)


def assignments(fix: str) -> str:
    """Return a fix with each `name: value` written as `name = "value"`."""
    return _ASSIGNMENT.sub(lambda found: f"`{found[1]} = {_value(found[2])}`", fix)


def _value(text: str) -> str:
    if text.startswith("{"):
        return _PAIR.sub(lambda pair: f"{pair[1]} = {_value(pair[2])}", text)
    if not text:
        return "…"
    return text if _LITERAL.fullmatch(text) else f'"{text}"'
