"""A team's own code: whatever it raises becomes an error that names its file and line."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from inspect import isfunction
from pathlib import Path
from traceback import walk_tb
from typing import Any

from newsletter.errors import ContentError, NewsletterError
from newsletter.model.entry import Entry, type_of
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.moment import Moment

RAISED = (Exception, SystemExit)
"""What code may raise without meaning to stop newsletter."""
_GUARDED = "_guarded_by_newsletter"
_MOMENTS = frozenset({"starts", "closes"})
_FACTS = "more_facts"
_NOWHERE = Place()


def said(error: BaseException) -> str:
    """Return an error by its kind and the first line of what it says: pydantic goes on to explain itself."""
    first = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {first}".removesuffix(": ")


def place(error: BaseException, module: str, root: Path, otherwise: Place = _NOWHERE) -> Place:
    """Return the last line on the way to an error that belongs to the team: to `module`, or to a file below `root`."""
    if isinstance(error, SyntaxError) and error.filename:
        return Place(_shown(Path(error.filename), root), error.lineno or 0, error.offset or 0)
    found = otherwise
    for frame, line in walk_tb(error.__traceback__):
        name, file = str(frame.f_globals.get("__name__", "")), Path(frame.f_code.co_filename)
        beside = file.is_relative_to(root) and "site-packages" not in file.parts
        if beside or name.partition(".")[0] == module.partition(".")[0]:
            found = Place(_shown(file, root), line)
    return found


def failure(error: BaseException, model: type[Entry], root: Path, entry: str, otherwise: Place = _NOWHERE) -> Finding:
    """Return what went wrong in the code of a type while it dealt with an entry."""
    return Finding(
        "ENT015",
        Severity.ERROR,
        f"the code of the entry type '{type_of(model)}' raises {said(error)}",
        place(error, model.__module__, root, otherwise),
        why=f"so nobody knows what to show of the entry {entry}",
        fix="mend this line; a validator refuses a value with ValueError",
        entry=entry,
    )


def guard(model: type[Entry], root: Path) -> None:
    """Let what a team's class works out about an entry raise errors of ours alone."""
    for owner in model.__mro__[: model.__mro__.index(Entry)]:
        if owner.__module__.partition(".")[0] == "newsletter":
            continue
        for name, value in list(vars(owner).items()):
            if isinstance(value, property) and value.fget:
                setattr(owner, name, property(_guarded(value.fget, name, root), doc=value.__doc__))
            elif isinstance(value, cached_property):
                value.func = _guarded(value.func, name, root)
            elif isfunction(value) and not name.startswith("_"):
                setattr(owner, name, _guarded(value, name, root))


def _guarded(function: Callable[..., Any], name: str, root: Path) -> Callable[..., Any]:
    if hasattr(function, _GUARDED):
        return function

    begins = Place(_shown(Path(function.__code__.co_filename), root), function.__code__.co_firstlineno)

    @wraps(function)
    def guarded(entry: Entry, *args: Any, **options: Any) -> Any:
        try:
            value = function(entry, *args, **options)
            if name == _FACTS and not (args or options):
                raise TypeError(f"`{name}` is a property, and not a method that gets the words of a language")
            if name == _FACTS and not _is_texts(value):
                raise TypeError(f"`{name}` gives {value!r:.60}, and not texts in brackets, such as ('24 minutes',)")
            if name in _MOMENTS and not isinstance(value, Moment | None):
                raise TypeError(f"`{name}` gives a {type(value).__name__}, and not a Moment")
        except NewsletterError:
            raise
        except RAISED as error:
            found = failure(error, type(entry), root, entry.id, begins)
            raise ContentError(f"the entry {entry.id} cannot be used", findings=[found]) from error
        return value

    setattr(guarded, _GUARDED, True)
    return guarded


def _is_texts(value: Any) -> bool:
    return isinstance(value, tuple | list) and all(isinstance(fact, str) for fact in value)


def _shown(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
