"""`templates`: listing, showing and copying."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from newsletter.cli.app import run
from newsletter.rendering import copies, shipping
from newsletter.rendering.shipping import shipped

Output = pytest.CaptureFixture[str]

SETTINGS = 'title = "T"\nfrom = "T <t@example.org>"\nzone = "UTC"\npostal_address = "Street 1"\n'
HERO = "layouts/hero.mjml.j2"


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace without templates of its own, as the current folder."""
    (tmp_path / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", [HERO, "layouts/hero"])
def test_show_prints_the_template_that_is_used(space: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The shipped one at first, by its whole name or without its endings; the workspace's own once there is one."""
    assert run(["templates", "show", name]) == 0
    assert capsys.readouterr().out == (shipped() / HERO).read_text(encoding="utf-8")
    (space / "templates/layouts").mkdir(parents=True)
    (space / "templates" / HERO).write_text("own", encoding="utf-8")
    run(["templates", "show", name])
    assert capsys.readouterr().out == "own"


def test_eject_copies_once_and_never_over_a_file(space: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The copy is the shipped template byte for byte; a second time is refused with exit code 5."""
    assert run(["templates", "eject", "layouts/hero"]) == 0
    copy = space / "templates" / HERO
    assert capsys.readouterr().out == f"{copy}\n"
    assert copy.read_bytes() == (shipped() / HERO).read_bytes()
    copy.write_text("own", encoding="utf-8")
    assert run(["templates", "eject", HERO]) == 5
    assert copy.read_text(encoding="utf-8") == "own"


def test_a_copy_is_told_when_its_shipped_template_changes(
    space: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Whoever changes a part of the email once misses every mend of it afterwards, and nobody would notice."""
    newer = tmp_path_factory.mktemp("newer") / "templates"
    shutil.copytree(shipped(), newer)
    for name in (HERO, "layouts/list"):
        run(["templates", "eject", name])
    (space / "templates" / HERO).write_text("{# Ours #}\nours\n", encoding="utf-8")
    for module in (shipping, copies):
        monkeypatch.setattr(module, "shipped", lambda: newer)
    capsys.readouterr()
    assert (outdated(capsys), run(["templates", "diff", "hero"])) == ([], 0)
    (newer / HERO).write_text("{# Theirs #}\nnew\n", encoding="utf-8")
    capsys.readouterr()
    assert outdated(capsys) == [HERO]
    run(["doctor", "--json"])
    assert [one for one in json.loads(capsys.readouterr().out)["checks"] if one["subject"] == f"template {HERO}"] == [
        {
            "subject": f"template {HERO}",
            "state": "note",
            "detail": "the shipped one has changed since yours was copied",
            "fix": f"see how with: newsletter templates diff {HERO}",
        }
    ]
    assert run(["templates", "diff", "hero"]) == 0
    told = capsys.readouterr()
    assert told.out == (
        f"--- yours/{HERO}\n+++ shipped/{HERO}\n@@ -1,2 +1,2 @@\n-{{# Ours #}}\n-ours\n+{{# Theirs #}}\n+new\n"
    )
    assert f"say so with: newsletter templates diff {HERO} --taken" in " ".join(told.err.split())
    assert run(["templates", "diff", "hero", "--taken"]) == 0
    assert outdated(capsys) == []
    assert (space / "templates" / HERO).read_text(encoding="utf-8") == "{# Ours #}\nours\n"


def test_there_is_nothing_to_compare_with_where_one_of_the_two_is_missing(space: Path, capsys: Output) -> None:
    """It is told which one."""
    assert run(["templates", "diff", "hero"]) == 5
    assert "this newsletter has no copy of it" in capsys.readouterr().err
    (space / "templates/entries").mkdir(parents=True)
    (space / "templates/entries/podcast.mjml.j2").write_text("own", encoding="utf-8")
    assert run(["templates", "diff", "podcast"]) == 5
    assert "no template of this name is shipped" in capsys.readouterr().err


def outdated(capsys: Output) -> list[str]:
    """Return the copies that the list says are outdated."""
    capsys.readouterr()
    assert run(["templates", "list", "--json"]) == 0
    return [one["name"] for one in json.loads(capsys.readouterr().out)["templates"] if one["outdated"]]


def test_list_says_which_are_the_newsletters_own(space: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every shipped template is listed; one that is overridden, and one that only this newsletter has, say so."""
    for name in (HERO, "entries/podcast.mjml.j2", "labels/en.toml"):
        (space / "templates" / name).parent.mkdir(parents=True, exist_ok=True)
        (space / "templates" / name).write_text("own", encoding="utf-8")
    assert run(["templates", "list"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()[1:]}
    assert set(lines) == {path.relative_to(shipped()).as_posix() for path in shipped().rglob("*") if path.is_file()} | {
        "entries/podcast.mjml.j2"
    }
    assert "yours, instead of the shipped one" in lines[HERO]
    # Labels that it does not have are taken from there.
    assert "yours, over the shipped one" in lines["labels/en.toml"]
    assert lines["entries/podcast.mjml.j2"].split()[1] == "yours"


def test_every_shipped_template_says_what_it_is(space: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who looks for the one to copy reads the list, not forty files."""
    assert run(["templates", "list"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    silent = [row.split()[0] for row in rows if not row[header.index("about") :].strip()]
    assert silent == []


def test_a_misspelt_name_is_answered_with_the_right_one(space: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and the nearest name."""
    assert run(["templates", "show", "layouts/hiro"]) == 2
    assert "did you mean 'layouts/hero'?" in capsys.readouterr().err
    assert run(["templates", "eject", "de"]) == 2
    assert "did you mean 'labels/de' or 'readers/de'?" in capsys.readouterr().err


def test_a_name_that_only_one_has_needs_no_folder(space: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People say card, and mean the one that there is."""
    assert run(["templates", "eject", "card"]) == 0
    assert (space / "templates/parts/card.mjml.j2").is_file()
    assert run(["templates", "show", "card"]) == 0
    assert capsys.readouterr().out.endswith((space / "templates/parts/card.mjml.j2").read_text(encoding="utf-8"))


def test_the_words_of_a_language_are_copied_as_the_finding_says(space: Path) -> None:
    """Who adds a language begins with another one's words."""
    assert run(["templates", "eject", "labels/en"]) == 0
    assert (space / "templates/labels/en.toml").is_file()


def test_a_file_that_is_no_text_stops_neither_list_nor_show(space: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A template in another encoding, or a picture that lies among them, can still be looked for."""
    (space / "templates").mkdir()
    (space / "templates/own.mjml.j2").write_bytes(b"caf\xe9")
    assert run(["templates", "list"]) == 0
    assert "own.mjml.j2" in capsys.readouterr().out
    assert run(["templates", "show", "own"]) == 0
    assert capsys.readouterr().out == "caf\ufffd"


@pytest.mark.parametrize("wanted", [["list"], ["show", HERO], ["eject", HERO]])
def test_a_misspelt_variable_is_told_once(
    space: Path, wanted: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And not again for each of the templates."""
    monkeypatch.setenv("NEWSLETTER_FORM", "T <t@example.org>")
    assert run(["templates", *wanted]) == 0
    note = "note: the environment variable NEWSLETTER_FORM changes nothing; did you mean NEWSLETTER_FROM?"
    assert capsys.readouterr().err.splitlines().count(note) == 1
