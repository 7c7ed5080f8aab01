"""Which issues differ between two states of a workspace, found without rendering those of ten years that do not."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from newsletter import rendering
from newsletter.config import Workspace
from newsletter.errors import NewsletterError
from newsletter.model.comparison import compare
from newsletter.model.content import Content
from newsletter.model.entry import Entry, Figure
from newsletter.model.issue import name_order
from newsletter.model.outline import Outline
from newsletter.model.selection import Selection
from newsletter.model.touched import letter
from newsletter.model.touched import touched as differing
from newsletter.pipeline.building import issue_folders, outline, refuse_unreadable, without_rules
from newsletter.pipeline.choosing import choose_usable, read

_TEXTS = frozenset({".md", ".yaml", ".yml", ".lock"})


def touched(before: Workspace, after: Workspace) -> list[str]:
    """Return which issues differ between two states of a workspace, as far as a pull request should show them.

    Those that show the same entries in the same words are rendered only where something around them has changed, such
    as a template, and then from the newest on until one differs, which stands for those before it.
    """
    were, are = read(before), read(after)
    old, new = _chosen(before, were), _chosen(after, are)
    alike = _Alike(before, after, were, are)
    same = {name for name in old.keys() & new.keys() if alike.shows_the_same(old[name], new[name])}
    looked = _Outlines(before, after, old, new)
    for name in new.keys() - same:
        looked.add(name)
    if not alike.around:
        for names in _letters(same):
            # Stops at the first that differs.
            any(map(looked.add, names))
    gone = [name for name in issue_folders(after) if name in old and name not in new]
    unseen = same - looked.after.keys()
    return differing(looked.before, looked.after, broken=[*gone, *looked.broken], unchanged=unseen)


class _Outlines:
    """The outlines of issues, each in both states, as far as they can be built."""

    def __init__(
        self, before: Workspace, after: Workspace, old: Mapping[str, Selection], new: Mapping[str, Selection]
    ) -> None:
        self.before: dict[str, Outline] = {}
        self.after: dict[str, Outline] = {}
        self.broken: list[str] = []
        self._old = partial(_outline, before, old)
        self._new = partial(_outline, after, new)

    def add(self, name: str) -> bool:
        """Look at an issue and return whether it differs."""
        was, now = self._old(name), self._new(name)
        if was:
            self.before[name] = was
        if now:
            self.after[name] = now
        elif was:
            self.broken.append(name)
        return not was or not now or bool(compare(was, now))


def _outline(workspace: Workspace, chosen: Mapping[str, Selection], name: str) -> Outline | None:
    with suppress(NewsletterError):
        if name in chosen:
            return outline(workspace, without_rules(workspace, chosen[name]))
    return None


def _chosen(workspace: Workspace, known: Content) -> dict[str, Selection]:
    """Return what every issue shows that can be built, as far as its files tell."""
    found: dict[str, Selection] = {}
    for name, selection in choose_usable(workspace, known.issues, known).items():
        if isinstance(selection, NewsletterError):
            continue
        with suppress(NewsletterError):
            refuse_unreadable(workspace, name, known)
            found[name] = selection
    return found


def _letters(names: Iterable[str]) -> list[list[str]]:
    """Return issues by the letter that they belong to, the newest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=name_order, reverse=True):
        found.setdefault(letter(name), []).append(name)
    return list(found.values())


class _Alike:
    """What two states of a workspace have in common."""

    def __init__(self, before: Workspace, after: Workspace, were: Content, are: Content) -> None:
        pictures = {
            unicodedata.normalize("NFC", name.rpartition("/")[2]).casefold()
            for name in _different(before.issues, after.issues, lambda path: path.suffix.lower() not in _TEXTS)
        }
        old, new = ({entry.id: entry.model_dump_json() for entry in known.entries} for known in (were, are))
        self._changed = {name for name in old.keys() & new.keys() if old[name] != new[name]}
        if pictures:
            self._changed |= {name for name, said in new.items() if _names_one(said, pictures)}
        self.around = (
            before.settings == after.settings
            and not _names_one(after.settings.model_dump_json(), pictures)
            and rendering.design(before, "") == rendering.design(after, "")
            and not any(_different(before.root, after.root, at=name) for name in _own_code(after))
        )
        # By the language and the zone each issue may say and take something else.
        self._comparable = (before.settings.language, before.settings.zone.key) == (
            after.settings.language,
            after.settings.zone.key,
        )

    def shows_the_same(self, old: Selection, new: Selection) -> bool:
        """Whether an issue shows the same entries, with the same words and pictures, to the same readers."""
        return (
            self._comparable
            and old.issue.model_dump() == new.issue.model_dump()
            and (old.period, old.send_at) == (new.period, new.send_at)
            and _shown(old) == _shown(new)
            and self._changed.isdisjoint(entry.id for entry in (*new.entries, *_counted(new)))
        )


def _shown(selection: Selection) -> list[list[tuple[str, str]]]:
    sections = [[(chosen.entry.id, str(chosen.reason)) for chosen in one.chosen] for one in selection.sections]
    return [*sections, [(entry.id, "") for entry in _counted(selection)]]


def _counted(selection: Selection) -> tuple[Entry, ...]:
    """Return the entries that an issue does not show, and of which it says how many there are."""
    counts = any(isinstance(entry, Figure) and entry.compute for entry in selection.entries)
    return selection.recurring if counts else ()


def _names_one(said: str, pictures: set[str]) -> bool:
    folded = unicodedata.normalize("NFC", said).casefold()
    return any(name in folded for name in pictures)


def _own_code(workspace: Workspace) -> set[str]:
    """Return the first parts of the modules that have the code of a team's own types."""
    return {target.partition(":")[0].partition(".")[0] for target in workspace.settings.types.values()}


def _different(
    before: Path, after: Path, concerns: Callable[[Path], bool] = lambda path: path.suffix == ".py", at: str = ""
) -> set[str]:
    """Return the files, by their paths below two folders, that are not the same in both."""
    old, new = _files(before, concerns, at), _files(after, concerns, at)
    return (old.keys() ^ new.keys()) | {
        name
        for name in old.keys() & new.keys()
        if old[name].stat().st_size != new[name].stat().st_size or old[name].read_bytes() != new[name].read_bytes()
    }


def _files(root: Path, concerns: Callable[[Path], bool], at: str) -> dict[str, Path]:
    paths = [root / f"{at}.py", *(root / at).rglob("*")] if at else root.rglob("*")
    return {path.relative_to(root).as_posix(): path for path in paths if concerns(path) and path.is_file()}
