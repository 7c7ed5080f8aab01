"""The entry types of a workspace: the shipped ones and the team's own."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

from newsletter.config import Workspace
from newsletter.content import own_code, own_fields
from newsletter.errors import ConfigurationError, NotFound
from newsletter.model.entry import SHIPPED_TYPES, Entry, type_of
from newsletter.model.finding import Finding
from newsletter.model.meant import did_you_mean, suggestion
from newsletter.model.wording import listed

_OTHER_WORDS = {
    "article": "news",
    "conference": "event",
    "grant": "call",
    "number": "figure",
    "paper": "study",
    "post": "news",
    "publication": "study",
    "report": "study",
    "statistic": "figure",
    "story": "news",
    "tender": "call",
    "webinar": "event",
}


@dataclass(frozen=True)
class Types:
    """Entry classes by the name that `type:` gives."""

    by_name: Mapping[str, type[Entry]]

    @cached_property
    def by_folder(self) -> dict[str, str]:
        """The type's name by each folder, or file such as figures.yaml, that tells it: singular or plural."""
        folders: dict[str, str] = {}
        for name, model in self.by_name.items():
            folders |= dict.fromkeys((name, f"{name}s", model.folder or name), name)
        return folders

    def named_by(self, word: str) -> type[Entry]:
        """Return the class of a type by its name, singular or plural; raise NotFound for another word."""
        model = self.by_name.get(self.by_folder.get(word, ""))
        if model is None:
            meant = self.meant(word)
            raise NotFound(
                f"there is no type '{word}'{suggestion(meant, '')}",
                fix=f"the types are {self.named()}",
            )
        return model

    def meant(self, word: str) -> str:
        """Return the type that `word` was probably meant to be, or nothing."""
        others = {other: name for other, name in _OTHER_WORDS.items() if name in self.by_name}
        # A podcast is no post: of a type that the settings lack, another one is no remedy.
        found = did_you_mean(word, others, 0.8)
        return self.by_folder.get(did_you_mean(word, self.by_folder), "") or others.get(found, "")

    def named(self) -> str:
        """Return the types as a sentence lists them."""
        return listed(list(self.by_name), "or")


def load(workspace: Workspace) -> Types:
    """Return the workspace's entry types; raises ConfigurationError for a class that cannot be used."""
    shipped = {type_of(model): model for model in SHIPPED_TYPES}
    own = {name: _own(workspace, name, target) for name, target in workspace.settings.types.items()}
    _refuse(workspace, {name: own_fields.faults(model, workspace.root) for name, model in own.items()})
    for model in own.values():
        own_code.guard(model, workspace.root)
    for name, model in own.items():
        others = Types(shipped | {other: own[other] for other in own if other != name}).by_folder
        taken = next((word for word in (name, f"{name}s", model.folder) if word in others), "")
        if taken:
            raise _unusable(
                workspace,
                name,
                f"'{taken}' already means the type {others[taken]}",
                why="files in a folder of that name would belong to two types",
                fix="choose another name for the type, or another `folder` in its class",
            )
    return Types(shipped | own)


def _own(workspace: Workspace, name: str, target: str) -> type[Entry]:
    module_name, _, class_name = target.partition(":")
    if not module_name or not class_name or module_name.endswith(".py"):
        better = f"{module_name.removesuffix('.py')}:{class_name}" if class_name else f"team_types:{name.title()}"
        raise _unusable(
            workspace,
            name,
            f"'{target}' does not name a class",
            fix=f'write the file without .py, a colon and the class: {name} = "{better}"',
        )
    module = _module(workspace, name, module_name)
    model = getattr(module, class_name, None)
    if model is None:
        classes = [word for word, value in vars(module).items() if isinstance(value, type)]
        meant = did_you_mean(class_name, classes)
        raise _unusable(
            workspace,
            name,
            f"{module_name} has no class {class_name}{suggestion(meant, '')}",
            fix=f"write class {class_name}(Entry) in {module_name}.py, or correct the name",
        )
    if not isinstance(model, type) or not issubclass(model, Entry) or model is Entry:
        raise _unusable(
            workspace,
            name,
            f"{class_name} is not an entry type",
            why="every type has the fields that all entries have",
            fix=f"write class {class_name}(Entry): with from newsletter.model.entry import Entry",
        )
    if type_of(model) != name:
        raise _unusable(
            workspace,
            name,
            f"{class_name} does not call itself '{name}'",
            why="templates and files find a type by its name",
            fix=f'write in the class: type: Literal["{name}"] = "{name}"',
        )
    return model


_imported: dict[str, Path] = {}
"""Modules that came out of a workspace, so that another workspace's module of the same name is not taken for it."""


def _module(workspace: Workspace, name: str, module_name: str) -> ModuleType:
    if _imported.get(module_name, workspace.root) != workspace.root:
        sys.modules.pop(module_name, None)
    try:
        with _on_import_path(workspace.root), warnings.catch_warnings():
            # Told by `own_fields`, with its line and what to do.
            warnings.filterwarnings("ignore", "Field name .* shadows an attribute", UserWarning)
            module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name not in {module_name, module_name.partition(".")[0]}:
            raise _failed(workspace, name, module_name, error) from error
        raise _unusable(
            workspace,
            name,
            f"there is no module {module_name}",
            why=f"it is looked for beside {workspace.file.name} and among the installed packages",
            fix=f"write {module_name.replace('.', '/')}.py beside {workspace.file.name}, or correct the name",
        ) from None
    except own_code.RAISED as error:
        file = Path(workspace.root, own_code.place(error, module_name, workspace.root).file)
        _refuse(workspace, {name: own_fields.names(file, workspace.root)})
        raise _failed(workspace, name, module_name, error) from error
    _imported[module_name] = workspace.root
    return module


@contextmanager
def _on_import_path(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _refuse(workspace: Workspace, faults: Mapping[str, Sequence[Finding]]) -> None:
    names = [repr(name) for name, found in faults.items() if found]
    if names:
        raise ConfigurationError(
            f"the entry type{'' if len(names) == 1 else 's'} {listed(names)} in {workspace.file.name} cannot be used",
            why="what a class adds must leave alone what every entry has",
            findings=dict.fromkeys(fault for found in faults.values() for fault in found),
        )


def _failed(workspace: Workspace, name: str, module_name: str, error: BaseException) -> ConfigurationError:
    place = own_code.place(error, module_name, workspace.root)
    return _unusable(
        workspace,
        name,
        f"{module_name} cannot be imported: {own_code.said(error)}",
        why="the types of entries are read before the entries",
        fix=f"mend {place.file or module_name}" + (f", line {place.line}" if place.line else ""),
    )


def _unusable(workspace: Workspace, name: str, message: str, *, why: str = "", fix: str) -> ConfigurationError:
    return ConfigurationError(f"the entry type '{name}' in {workspace.file.name}: {message}", why=why, fix=fix)
