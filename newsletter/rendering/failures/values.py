"""Values that an expression cannot work with: nothing where there could be something, too few, of another kind."""

from __future__ import annotations

import re

from newsletter.model.finding import Finding, Place
from newsletter.rendering.failures.rules import FAILED, UNDEFINED, finding
from newsletter.rendering.failures.scene import Scene

_FOR = re.compile(r"\{%[-+]?\s*for\s+.+?\s+in\s+(.+?)(?:\s+if\s.+|\s+recursive)?\s*[-+]?%\}", re.DOTALL)
_NOTHING_TO_LOOP = "'NoneType' object is not iterable"
_LACKING = re.compile(r"missing \d+ required \S+ arguments?: (.+)")
_CALLED = re.compile(r"^[\w.<>]+\(\) ")


def explain(scene: Scene, error: BaseException) -> Finding:
    """Return why an expression could not be worked out."""
    place, shown = scene.statement(scene.last)
    if str(error) == _NOTHING_TO_LOOP and (looped := _looped(scene)):
        at, name = looped
        message = f"`{name}` is nothing here{scene.entry}, so that there is nothing to go through"
        return finding(FAILED, at, message, f"write {name} or [] there, or {{% if {name} %}} around the loop")
    if match := _LACKING.search(str(error)):
        names = match[1].replace("'", "`")
        message = f"{shown or scene.main} lacks {names} between the brackets{scene.entry}"
        return finding(FAILED, place, message, "add it, as `newsletter docs templates` shows it")
    said = _CALLED.sub("it ", str(error)).rstrip(".") or "it is given a value of another kind than it needs"
    message = f"{shown or scene.main} cannot be worked out{scene.entry}: {said}"
    return finding(FAILED, place, message, "correct it, or look at the value that it is given")


def nothing(scene: Scene, place: Place, owner: str, written: str) -> Finding:
    """Return that what stands before a dot is nothing here, as a picture where an entry has none."""
    if not owner:
        message = f"what stands before .{written} is nothing here{scene.entry}"
        fix = "keep it in a name with {% set it = … %}, and ask for it only inside {% if it %} … {% endif %}"
        return finding(UNDEFINED, place, message, fix)
    message = f"`{owner}` is nothing here{scene.entry}, so that it has no `{written}`"
    return finding(UNDEFINED, place, message, f"ask for it only inside {{% if {owner} %}} … {{% endif %}}")


def _looped(scene: Scene) -> tuple[Place, str] | None:
    """Return what the loop that was begun goes through, and where it stands."""
    source = scene.sources.get(scene.last.template) if scene.last else None
    if scene.last is None or source is None or not source.tokens:
        return None
    first, last = (source.tokens[number - 1] for number in source.statement(scene.last.number))
    match = _FOR.fullmatch(source.text, first.offset, last.offset + len(last.text))
    return (scene.at(scene.last.template, match.start(1)), match[1]) if match else None
