from __future__ import annotations

import sys
from pathlib import Path

import pytest

from newsletter import content
from newsletter.content import registry
from newsletter.errors import ConfigurationError
from tests import factories

MODULE = """
from typing import ClassVar, Literal
from newsletter.model.entry import Entry

class Podcast(Entry):
    folder: ClassVar[str] = "{folder}"
    type: Literal["{name}"] = "{name}"

class Other:
    pass
"""


def types(root: Path, target: str = "team:Podcast", name: str = "podcast", module: str | None = None) -> registry.Types:
    """Return the types of a workspace whose settings name one class."""
    (root / "team.py").write_text(MODULE.format(folder="podcasts", name="podcast") if module is None else module)
    return registry.load(factories.workspace(root, types={name: target}))


def test_a_team_type_stands_beside_the_shipped_ones(tmp_path: Path) -> None:
    """Name, plural and folder all lead to the class."""
    found = types(tmp_path)
    assert found.named() == "news, study, call, event, project, figure or podcast"
    assert found.by_name["podcast"].__name__ == "Podcast"
    assert [found.by_folder[name] for name in ("podcast", "podcasts", "studies")] == ["podcast", "podcast", "study"]


@pytest.mark.filterwarnings("ignore:Field name:UserWarning")
@pytest.mark.parametrize("field", ["starts", "closes"])
def test_a_field_that_a_property_would_hide_is_refused(tmp_path: Path, field: str) -> None:
    """Its value could be written, and would be read as nothing."""
    module = MODULE.format(folder="podcasts", name="podcast").replace(
        "class Other", f"    {field}: str = ''\n\nclass Other"
    )
    with pytest.raises(ConfigurationError) as refused:
        types(tmp_path, module=module)
    message = f"Podcast has a field `{field}`, and every entry has a property of that name"
    assert (refused.value.message, refused.value.fix) == (
        f"the entry type 'podcast' in newsletter.toml: {message}",
        f"give the field another name, such as {field}_at; a property `{field}` in the class may return it",
    )


def test_the_import_path_is_as_before(tmp_path: Path) -> None:
    """A file in a workspace must not take the place of a module elsewhere."""
    before = list(sys.path)
    types(tmp_path)
    with pytest.raises(ConfigurationError):
        types(tmp_path, "none:Podcast")
    assert sys.path == before


def test_each_workspace_has_its_own_module(tmp_path: Path) -> None:
    """Two workspaces may both call their file team.py."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        module = MODULE.format(folder=name, name="podcast")
        assert types(tmp_path / name, module=module).by_name["podcast"].folder == name


MEND = "mend team.py, line {0}"
RENAME = "choose another name for the type, or another `folder` in its class"
DERIVE = "write class {0}(Entry): with from newsletter.model.entry import Entry"


@pytest.mark.parametrize(
    ("target", "message", "fix"),
    [
        (
            "Podcast",
            "'Podcast' does not name a class",
            'write the file without .py, a colon and the class: podcast = "team_types:Podcast"',
        ),
        (
            "team.py:Podcast",
            "'team.py:Podcast' does not name a class",
            'write the file without .py, a colon and the class: podcast = "team:Podcast"',
        ),
        ("tema:Podcast", "there is no module tema", "write tema.py beside newsletter.toml, or correct the name"),
        (
            "team:Podcst",
            "team has no class Podcst; did you mean Podcast?",
            "write class Podcst(Entry) in team.py, or correct the name",
        ),
        ("team:Other", "Other is not an entry type", DERIVE.format("Other")),
        ("team:Entry", "Entry is not an entry type", DERIVE.format("Entry")),
    ],
)
def test_a_setting_that_leads_to_no_type_is_refused(tmp_path: Path, target: str, message: str, fix: str) -> None:
    """What is wrong is said in terms of the settings, without a traceback."""
    with pytest.raises(ConfigurationError) as refused:
        types(tmp_path, target)
    assert (refused.value.message, refused.value.fix) == (
        f"the entry type 'podcast' in newsletter.toml: {message}",
        fix,
    )


@pytest.mark.parametrize(
    ("name", "module", "message", "fix"),
    [
        (
            "radio",
            MODULE.format(folder="radio", name="podcast"),
            "Podcast does not call itself 'radio'",
            'write in the class: type: Literal["radio"] = "radio"',
        ),
        ("news", MODULE.format(folder="x", name="news"), "'news' already means the type news", RENAME),
        ("podcast", MODULE.format(folder="studies", name="podcast"), "'studies' already means the type study", RENAME),
        (
            "podcast",
            "import nowhere",
            "team cannot be imported: ModuleNotFoundError: No module named 'nowhere'",
            MEND.format(1),
        ),
        ("podcast", "1 +", "team cannot be imported: SyntaxError: invalid syntax (team.py, line 1)", MEND.format(1)),
        ("podcast", "\n1 / 0", "team cannot be imported: ZeroDivisionError: division by zero", MEND.format(2)),
        (
            "podcast",
            "\nraise TypeError('no schema for 1_000\\n\\nFor further information visit')",
            "team cannot be imported: TypeError: no schema for 1_000",
            MEND.format(2),
        ),
        ("podcast", "import sys\nsys.exit(3)", "team cannot be imported: SystemExit: 3", MEND.format(2)),
    ],
)
def test_a_class_that_cannot_be_used_is_refused(tmp_path: Path, name: str, module: str, message: str, fix: str) -> None:
    """A type must have a name and a folder of its own, and its file must run."""
    with pytest.raises(ConfigurationError) as refused:
        types(tmp_path, name=name, module=module)
    assert (refused.value.message, refused.value.fix) == (f"the entry type '{name}' in newsletter.toml: {message}", fix)


def test_loading_refuses_a_workspace_with_such_a_type(tmp_path: Path) -> None:
    """Entries of an unknown type would all look misspelt."""
    with pytest.raises(ConfigurationError, match="there is no module tema"):
        content.load(factories.workspace(tmp_path, types={"podcast": "tema:Podcast"}))
