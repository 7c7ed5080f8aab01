"""Starting fast, and answering misspelt words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from newsletter import __version__
from newsletter.cli.app import run


def test_the_version_needs_none_of_our_libraries() -> None:
    """`--version` imports nothing but the package: it starts about as fast as Python itself."""
    code = (
        "import sys; sys.argv = ['newsletter', '--version']; before = set(sys.modules);"
        "from newsletter.cli import main; main();"
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == f"newsletter {__version__}\n['newsletter']\n"


def test_help_imports_no_library_but_click() -> None:
    """Completion runs the program on every Tab: templates, database and HTTP stay unread."""
    code = (
        "import sys; from newsletter.cli.app import run; run(['--help']);"
        "heavy = {'pydantic', 'sqlalchemy', 'jinja2', 'httpx', 'rich', 'mjml', 'yaml', 'babel'} & set(sys.modules);"
        "print('heavy:', sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_a_misspelt_verb_is_answered_with_the_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and the verb that was probably meant."""
    assert run(["biuld"]) == 2
    assert "Did you mean 'build'?" in capsys.readouterr().err


def test_outside_a_workspace_the_way_in_is_shown(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and how to make a newsletter."""
    monkeypatch.chdir(str(tmp_path))
    assert run(["entries"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"error: there is no newsletter in {tmp_path} or above it" in captured.err
    assert "newsletter init my-newsletter" in captured.err
