from __future__ import annotations

import sys
from pathlib import Path

import pytest

from newsletter import content
from newsletter.content import registry
from newsletter.errors import ConfigurationError
from newsletter.model.finding import Finding, Place, Severity
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


FIELDS = """\
from __future__ import annotations

from datetime import date as Day
from typing import Any, ClassVar, Literal

from newsletter.model.entry import {base}


class Podcast({base}):
    type: Literal["podcast"] = "podcast"
    {fields}
"""
TAKEN = "what files say there would be read by nobody, or stand where newsletter looks for its own"


def told(root: Path, *fields: str, base: str = "Entry") -> tuple[Finding, ...]:
    """Return what is said of a type with some fields, the first of which stand on line 11."""
    with pytest.raises(ConfigurationError) as refused:
        types(root, module=FIELDS.format(base=base, fields="\n    ".join(fields)))
    assert refused.value.message == "the entry type 'podcast' in newsletter.toml cannot be used"
    return refused.value.findings


@pytest.mark.parametrize(
    ("field", "what", "fix"),
    [
        ("starts", "a property", "; a property `starts` in the class may return it"),
        ("is_featured", "a property", "; a property `is_featured` in the class may return it"),
        ("day", "a property", ""),
        ("more_facts", "something else", "; a method `more_facts` in the class may show it"),
        ("told", "something else", ""),
        ("copy", "something else", ""),
        ("model_dump", "something else", ""),
        ("model_config", "something else", ""),
    ],
)
def test_a_field_may_not_take_the_name_of_what_every_entry_has(
    tmp_path: Path, recwarn: pytest.WarningsRecorder, field: str, what: str, fix: str
) -> None:
    """It is told with its line, also where pydantic refuses the class or would only warn somebody at a terminal."""
    message = f"Podcast has a field `{field}`, and every entry has {what} of that name"
    other = f"give the field another name, such as `its_{field}`{fix}"
    place = Place("team.py", 11, 5)
    assert told(tmp_path, f"{field}: str = 'x'") == (
        Finding("ENT018", Severity.ERROR, message, place, why=TAKEN, fix=other),
    )
    assert not recwarn.list


def test_what_is_one_for_the_whole_type_is_no_field(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    """Without ClassVar the type would have no folder of its own, and each file could name one."""
    first, second = told(tmp_path, 'folder: str = "podcasts"', "recurs: bool = True")
    assert (first.place, first.message, first.fix) == (
        Place("team.py", 11, 5),
        "`folder` of Podcast is a field, which each file could set otherwise",
        "write `folder: ClassVar[str] = 'podcasts'`, and above the class `from typing import ClassVar`",
    )
    assert (second.place.line, second.fix.partition("`, and")[0]) == (12, "write `recurs: ClassVar[bool] = True")
    assert not recwarn.list


@pytest.mark.parametrize(
    ("base", "field", "of", "meant"),
    [
        ("Entry", "date: str = ''", "Entry", "Start | None"),
        ("Entry", "date: Day | None = None", "Entry", "Start | None"),
        ("Entry", "date: Any = None", "Entry", "Start | None"),
        ("Entry", "id: int", "Entry", "Line"),
        ("Entry", "body: str | None = None", "Entry", "Text"),
        ("Entry", "topics: str = ''", "Entry", "Lines"),
        ("Entry", "translations: dict[str, str] = {}", "Entry", "dict[Language, Translation]"),
        ("Event", "start: str", "Event", "Start"),
    ],
)
def test_a_field_of_every_entry_keeps_its_kind(tmp_path: Path, base: str, field: str, of: str, meant: str) -> None:
    """A date that is a text ends in the middle of selection, where nobody knows of the class."""
    name = field.partition(":")[0]
    (found,) = told(tmp_path, field, base=base)
    assert (found.place, found.message, found.fix) == (
        Place("team.py", 11, 5),
        f"`{name}` of Podcast is another kind of value than `{name}` of every {of}",
        f"delete the line, write `{name}: {meant}`, or give the field another name, such as `its_{name}`",
    )


@pytest.mark.parametrize(
    "method",
    ["@property\n    def day(self) -> str:", "def told(self) -> str:", "@property\n    def origin(self) -> str:"],
)
def test_what_newsletter_asks_of_every_entry_is_not_defined_anew(tmp_path: Path, method: str) -> None:
    """What a class may say of itself has a list; the rest would fail far from the line at fault."""
    (found,) = told(tmp_path, method, "    return ''")
    name = method.partition("def ")[2].partition("(")[0]
    assert (found.place.line, found.message, found.fix) == (
        11 + method.count("\n"),
        f"Podcast has `{name}`, and every entry has something else of that name",
        f"give it another name, such as `its_{name}`",
    )


def test_a_field_of_every_entry_may_be_stricter(tmp_path: Path) -> None:
    """A class may want a summary, topics of its own, or one of two languages."""
    fields = (
        "summary: str",
        "topics: list[str] = []",
        "language: Literal['en', 'de'] = 'en'",
        "embargo: None = None",
        "status: Literal['ready'] = 'ready'",
        "section: str = ''",
        "_seen: int = 0",
    )
    types(tmp_path, module=FIELDS.format(base="Entry", fields="\n    ".join(fields)))


@pytest.mark.parametrize(
    ("base", "field"),
    [("Study", "kind: Literal['thesis', 'book'] = 'thesis'"), ("Project", "phase: Literal['ongoing'] = 'ongoing'")],
)
def test_a_type_may_have_kinds_of_its_own(tmp_path: Path, base: str, field: str) -> None:
    """Their labels stand beside ours; a class of ours with such values cannot be added to."""
    fields = f"folder: ClassVar[str] = 'podcasts'\n    {field}"
    assert types(tmp_path, module=FIELDS.format(base=base, fields=fields)).by_name["podcast"].model_fields


SHOW = """
class Show(Entry):
    station: ClassVar[str] = "ours"

    @property
    def minutes(self) -> int:
        return 24


class Podcast(Show):
    type: Literal["podcast"] = "podcast"
    station: str = "theirs"
"""


def test_what_a_base_of_the_team_has_is_the_teams(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    """A field may take the place of a value that its base has, but no file is read where the base has a property."""
    head = FIELDS.partition("\n\n\n")[0].format(base="Entry")
    (tmp_path / "one").mkdir()
    assert types(tmp_path / "one", module=head + SHOW).by_name["podcast"].model_fields["station"].default == "theirs"
    with pytest.raises(ConfigurationError) as refused:
        types(tmp_path, module=f"{head}{SHOW}    minutes: int\n")
    (found,) = refused.value.findings
    assert found.message == "Podcast has a field `minutes`, and every Show has a property of that name"
    assert not recwarn.list


def test_the_fields_of_all_types_are_told_at_once(tmp_path: Path) -> None:
    """Those of a class that several types are made from are told once."""
    module = FIELDS.format(base="Entry", fields="at: str = ''\n    json: str = ''") + (
        "\n\nclass Talk(Podcast):\n    type: Literal['talk'] = 'talk'\n    told: str = ''\n"
    )
    (tmp_path / "team.py").write_text(module)
    own = {"podcast": "team:Podcast", "talk": "team:Talk"}
    with pytest.raises(ConfigurationError, match="types 'podcast' and 'talk' in") as refused:
        registry.load(factories.workspace(tmp_path, types=own))
    assert [found.place.line for found in refused.value.findings] == [11, 12, 17]


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
