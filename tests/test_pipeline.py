"""The stages in their order."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsletter import config, pipeline, rendering
from newsletter import selection as selection_of
from newsletter.cli import here
from newsletter.errors import ContentError, NotFound
from newsletter.model.edition import Edition
from newsletter.model.selection import Selection
from newsletter.selection.judgement import Judge
from tests import factories as make
from tests.checks.workspace import FILES, PLAN, SETTINGS, write

LINKS = {"unsubscribe_url": "https://u.example", "view_url": "https://v.example"}


def selection() -> Selection:
    """Return an issue in English and French with entries of two topics and one for everybody."""
    section = make.section(translations={"fr": {"heading": "Actualités"}})
    return make.selection(
        (
            section,
            [
                make.news(id="law", title="On law", topics=["Law"], translations={"fr": {"title": "Du droit"}}),
                make.news(id="borders", title="On borders", topics=["borders"]),
                make.news(id="all", title="For everybody"),
            ],
        ),
        of=make.issue(sections=[section], languages=["en", "fr"], translations={"fr": {"subject": "Le mois"}}),
    )


def test_each_distinct_choice_of_topics_is_rendered_once(tmp_path: Path) -> None:
    """Neither order nor case makes another edition; no choice means everything."""
    choices = [["law"], ["LAW"], [], ["borders", "law"], ["Law", "Borders", "law"]]
    built = pipeline.render(make.workspace(tmp_path), selection(), ["en"], choices)
    assert [edition.topics for edition in built.editions] == [(), ("borders", "law"), ("law",)]
    shown = [
        [title for title in ("On law", "On borders", "For everybody") if title in edition.text.fill(LINKS).decode()]
        for edition in built.editions
    ]
    assert shown == [
        ["On law", "On borders", "For everybody"],
        ["On law", "On borders", "For everybody"],
        ["On law", "For everybody"],
    ]
    assert len({edition.digest for edition in built.editions}) == 3


def test_every_language_of_the_issue_gets_its_edition(tmp_path: Path) -> None:
    """Subject, headings and entries are translated; what is not keeps its own language and says so."""
    built = pipeline.render(make.workspace(tmp_path), selection())
    assert [edition.language for edition in built.editions] == ["en", "fr"]
    french = built.editions[1]
    assert french.subject.fill({}) == b"Le mois"
    page = french.html.fill(LINKS).decode()
    assert "Actualités" in page
    assert "Du droit" in page
    assert '<h3 class="ink" lang="en" dir="ltr"' in page


def test_a_language_that_the_issue_has_not_is_refused(tmp_path: Path) -> None:
    """The message names those that it has."""
    with pytest.raises(NotFound) as caught:
        pipeline.render(make.workspace(tmp_path), selection(), ["ar"])
    assert (caught.value.message, caught.value.why) == (
        "issue 2024-07 has no edition in 'ar'",
        "its languages are en, fr",
    )


@pytest.mark.parametrize(
    ("broken", "refused"),
    [
        ("2024-06", "the issue is not built while files cannot be used"),
        ("2024-07", "issue 2024-07 cannot be used as it is written"),
        ("2024-08", None),
    ],
)
def test_a_broken_issue_keeps_itself_and_later_ones_from_being_built(
    tmp_path: Path, broken: str, refused: str | None
) -> None:
    """Earlier issues decide what is new; one that comes later decides nothing."""
    write(tmp_path, {f"issues/{broken}/issue.yaml": "title: [\n"})
    space = config.load(tmp_path, {})
    found = None
    try:
        pipeline.build(space, "2024-07")
    except ContentError as error:
        found = error.message
    assert found == refused


def test_issues_that_are_counted_come_later_by_their_number(tmp_path: Path) -> None:
    """The ninth is not stopped by the tenth; the tenth is by the ninth, which may have shown what it takes."""
    write(tmp_path, {"issues/9/issue.yaml": FILES[PLAN], "issues/10/issue.yaml": "title: [\n"})
    assert pipeline.build(config.load(tmp_path, {}), "9").errors == ()
    write(tmp_path, {"issues/9/issue.yaml": "title: [\n", "issues/10/issue.yaml": FILES[PLAN]})
    with pytest.raises(ContentError, match="the issue is not built while files cannot be used"):
        pipeline.build(config.load(tmp_path, {}), "10")


def test_the_newest_of_issues_that_are_counted_has_the_highest_number(tmp_path: Path) -> None:
    """From the day on which its period begins the web site is looked at for what is new."""
    tenth = FILES[PLAN].replace("period: 2024-07", "period: 2024-08")
    write(tmp_path, {PLAN: None, "issues/9/issue.yaml": FILES[PLAN], "issues/10/issue.yaml": tenth})
    space = config.load(tmp_path, {})
    assert pipeline.newest(space, pipeline.read(space)) == ("10", dt.date(2024, 8, 1))


def test_what_templates_could_do_better_is_among_the_findings(tmp_path: Path) -> None:
    """A warning about a template goes with those of the checks, once, although two editions have it."""
    intro = tmp_path / "templates/parts/intro.mjml.j2"
    intro.parent.mkdir(parents=True)
    intro.write_text(
        '<mj-section padding="0 20px"><mj-column><mj-text>Hello</mj-text></mj-column></mj-section>', encoding="utf-8"
    )
    built = pipeline.render(make.workspace(tmp_path), selection())
    found = [(finding.code, str(finding.place)) for finding in built.findings if finding.code.startswith("MJM")]
    assert found == [("MJM006", "templates/parts/intro.mjml.j2:1:22")]
    assert built.errors == ()


def test_a_change_touches_the_issues_that_differ(tmp_path: Path) -> None:
    """An entry touches the issue that takes it, a template the newest, a broken entry the newest."""
    from newsletter.content import starter
    from newsletter.content.planning import next_issue_text

    spaces = {}
    for name in ("before", "entry", "template", "broken"):
        root = tmp_path / name
        for file, content in starter.files(dt.date(2026, 11, 25)).items():
            path = root / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        last = (root / "issues/2026-11/issue.yaml").read_text(encoding="utf-8")
        text = next_issue_text("2026-12", ("2026-11", last), newsletter="Ours", lists=("monthly",), language="en")
        (root / "issues/2026-12").mkdir()
        (root / "issues/2026-12/issue.yaml").write_text(text, encoding="utf-8")
        spaces[name] = config.load(root, {})
    news = "issues/entries/news"
    entry = tmp_path / "entry" / news / "2026-11-03-welcome.md"
    entry.write_text(
        entry.read_text(encoding="utf-8").replace("title: ", "title: New: ").replace("New: ", "New "), "utf-8"
    )
    footer = tmp_path / "template/templates/parts/masthead.mjml.j2"
    footer.parent.mkdir(parents=True)
    footer.write_text("<mj-section><mj-column><mj-text>Us</mj-text></mj-column></mj-section>", encoding="utf-8")
    (tmp_path / "broken" / news / "2026-11-04-odd.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    before = spaces.pop("before")
    assert {name: pipeline.touched(before, space) for name, space in spaces.items()} == {
        "entry": ["2026-11"],
        "template": ["2026-12"],
        "broken": ["2026-12"],
    }


HALF_A_YEAR = [f"2024-0{month}" for month in range(1, 7)]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the issues of which an edition is rendered, in their order."""
    names: list[str] = []
    render = rendering.render

    def counted(selection: Selection, *rest: Any) -> Edition:
        names.append(selection.issue.name)
        return render(selection, *rest)

    monkeypatch.setattr(rendering, "render", counted, raising=False)
    return names


@pytest.mark.parametrize(
    ("file", "old", "new", "shown", "looked_at"),
    [
        ("issues/entries/news/2024-03-05-news.md", "title: ", "title: More ", ["2024-03"], {"2024-03"}),
        ("issues/2024-02/issue.yaml", "subject: ", "subject: More ", ["2024-02"], {"2024-02"}),
        (SETTINGS, "Street 1", "Street 2", ["2024-06"], {"2024-06"}),
        (SETTINGS, 'language = "en"', 'language = "de"', HALF_A_YEAR, set(HALF_A_YEAR)),
        ("issues/entries/news/2024-06-05-news.md", "title: N", "title: [", ["2024-06"], set()),
        ("issues/entries/projects/wells.md", "title: ", "title: More ", [], set()),
    ],
)
def test_a_change_renders_the_issues_that_it_may_touch(
    file: str, old: str, new: str, shown: list[str], looked_at: set[str], tmp_path: Path, rendered: list[str]
) -> None:
    """Not those of ten years, whose entries and words are what they were; what is around all shows on the newest."""
    spaces = [half_a_year(tmp_path / name) for name in ("before", "after")]
    changed = tmp_path / "after" / file
    said = changed.read_text(encoding="utf-8")
    assert old in said
    changed.write_text(said.replace(old, new, 1), encoding="utf-8")
    spaces[1] = config.load(spaces[1].root, {})
    assert pipeline.touched(*spaces) == shown
    assert set(rendered) == looked_at


def test_an_issue_is_looked_at_for_another_picture_of_the_same_name(tmp_path: Path, rendered: list[str]) -> None:
    """Its path in the entry stays what it was."""
    spaces = [half_a_year(tmp_path / name) for name in ("before", "after")]
    Image.new("RGB", (600, 400), "navy").save(tmp_path / "after/issues/images/of-04.png")
    assert pipeline.touched(*spaces) == ["2024-04"]
    assert set(rendered) == {"2024-04"}


def test_what_issues_show_is_found_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report of years asks once what each earlier issue showed; an issue whose folder is gone shows nothing."""
    judged: list[str] = []

    class Counted(Judge):
        def divide(self, *entries: Any) -> Any:
            judged.append(self.issue.name)
            return super().divide(*entries)

    monkeypatch.setattr(selection_of, "Judge", Counted)
    found = here.shown(half_a_year(tmp_path), ["2019-01", *HALF_A_YEAR])
    assert {name: [entry.id for entry in shown] for name, shown in found.items()} == {
        "2019-01": [],
        **{name: [f"{name}-05-news"] for name in HALF_A_YEAR},
    }
    # Each for itself, and for those after it.
    assert max(Counter(judged).values()) == 2


def half_a_year(root: Path) -> config.Workspace:
    """Write six monthly issues, each with a news entry and its picture, and a project that none of them shows."""
    settings = FILES[SETTINGS].replace("zone = ", 'language = "en"\nzone = ')
    files = {SETTINGS: settings, "issues/entries/projects/wells.md": "---\ntitle: Wells\ncountries: [AT]\n---\n"}
    for month in range(1, 7):
        files[f"issues/2024-0{month}/issue.yaml"] = (
            f"title: Number {month}\nperiod: 2024-0{month}\nsubject: What month {month} had\nlists: [monthly]\n"
            "sections: [{heading: News, take: news}]\n"
        )
        files[f"issues/entries/news/2024-0{month}-05-news.md"] = (
            f"---\ntitle: News of {month}\ndate: 2024-0{month}-05\nurl: https://www.example.org/{month}\n"
            f"image: {{src: images/of-0{month}.png, alt: A field}}\n---\n"
        )
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "issues/images").mkdir()
    for month in range(1, 7):
        Image.new("RGB", (600, 400), (40 * month, 90, 90)).save(root / f"issues/images/of-0{month}.png")
    return config.load(root, {})


def test_what_several_issues_show_knows_all_that_recurs(tmp_path: Path) -> None:
    """Numbers of projects are counted from all of them, whether an issue shows any or not."""
    space = half_a_year(tmp_path)
    known = pipeline.read(space)
    names = list(known.issues)
    several = pipeline.choose_several(space, names, known)
    assert [[one.id for one in several[name].recurring] for name in names] == [["wells"]] * 6
    assert all(several[name].sections == pipeline.choose(space, name, known).sections for name in names)


GRANTS = """
from typing import ClassVar, Literal
from newsletter.model.entry import Project

class Grant(Project):
    folder: ClassVar[str] = "grants"
    type: Literal["grant"] = "grant"
    phase: Literal["ongoing", "paid back"]
    status: Literal["ready", "draft"] = "ready"
"""


def test_values_of_a_teams_own_type_mean_what_ours_of_that_name_mean(tmp_path: Path) -> None:
    """What is ongoing is counted and not labelled, and what is a draft stays out, though its class is another one."""
    take = "{heading: Grants, take: grant, period: any}"
    number = "{heading: In numbers, take: figure, layout: figures, period: any}"
    files = {
        "team_grants.py": GRANTS,
        SETTINGS: FILES[SETTINGS] + '\n[types]\ngrant = "team_grants:Grant"\n',
        "issues/entries/grants/a.md": "---\ntitle: Wells\ncountries: [KE]\nphase: ongoing\n---\n",
        "issues/entries/grants/b.md": "---\ntitle: Roads\ncountries: [AT]\nphase: ongoing\nstatus: draft\n---\n",
        "issues/entries/figures.yaml": "n: {label: Grants now, compute: ongoing projects}\n",
        PLAN: f"title: Grants\nperiod: 2024-07\nsubject: Grants\nlists: [monthly]\nsections: [{take}, {number}]\n",
    }
    write(tmp_path, files)
    built = pipeline.build(config.load(tmp_path, {}), "2024-07")
    assert [entry.id for entry in built.selection.entries] == ["a", "n"]
    assert ("b", "draft") in [(left.id, str(left.reason)) for left in built.selection.out]
    assert "1 Grants now" in " ".join(built.editions[0].text.fill(LINKS).decode().split())
