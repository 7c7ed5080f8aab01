"""A command brings into memory what it uses: it has answered before the rest would have been imported."""

from __future__ import annotations

import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest

from newsletter.cli.app import run
from newsletter.sending import ledger

HEAVY = frozenset(
    "PIL aiosmtplib alembic babel css_inline email_validator feedparser httpx icalendar jinja2 markdown_it mjml nh3 "
    "playwright psycopg pydantic rich selectolax sqlalchemy starlette tinycss2 uvicorn yaml".split()
)
FILES = {"pydantic", "yaml"}
TABLES = {"rich"}
DATABASE = {"pydantic", "sqlalchemy"}
RENDERING = {"PIL", "babel", "icalendar", "jinja2", "markdown_it", "mjml", "nh3", "selectolax", "tinycss2"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new newsletter, of which nothing has been sent."""
    folder = tmp_path_factory.mktemp("imports") / "newsletter"
    assert run(["init", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a newsletter whose only issue has been sent to four people."""
    folder = tmp_path_factory.mktemp("imports") / "newsletter"
    assert run(["init", str(folder)]) == 0
    assert run(["-C", str(folder), "subscribers", "import", str(folder / "subscribers.csv"), "--list", "monthly"]) == 0
    assert run(["-C", str(folder), "send", issue(folder), "--yes", "--expect", "4"]) == 0
    return folder


def issue(folder: Path) -> str:
    """Return the name of the only issue."""
    (file,) = folder.glob("issues/*/issue.yaml")
    return file.parent.name


def imported(folder: Path, *arguments: str) -> set[str]:
    """Return the heavy libraries that a command has brought into memory."""
    code = (
        "import sys; from newsletter.cli.app import run; code = run(sys.argv[1:]);"
        f"print(code, *sorted({set(HEAVY)} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, "-C", str(folder), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result, *found = done.stdout.splitlines()[-1].split()
    assert result == "0", done.stderr
    return set(found)


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["entries"], FILES | TABLES),
        (["entries", "--json"], FILES),
        (["select", "ISSUE"], FILES | TABLES),
        (["select", "ISSUE", "--json"], FILES),
        (["new", "news", "A title"], FILES),
        (["pin", "ISSUE", "sample-project"], FILES),
        (["templates", "list"], {"pydantic"} | TABLES),
        (["rule", "SLT001", "--json"], {"pydantic", "tinycss2"}),
        (["lint", "ISSUE"], FILES | RENDERING),
        (["build", "ISSUE"], FILES | RENDERING),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else len(given),
)
def test_what_reads_files_opens_no_database_and_asks_no_server(
    arguments: list[str], needed: set[str], root: Path
) -> None:
    """And nothing is rendered for a list of entries."""
    assert imported(root, *(issue(root) if word == "ISSUE" else word for word in arguments)) == needed


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["lists"], DATABASE | TABLES),
        (["lists", "--json"], DATABASE),
        (["subscribers", "show", "reader.one@example.org"], DATABASE),
        (["subscribers", "export", "--list", "monthly"], DATABASE),
        (["status", "ISSUE", "--json"], DATABASE | FILES),
        (["report", "ISSUE", "--json"], DATABASE | FILES),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else len(given),
)
def test_what_asks_the_database_renders_nothing_and_sends_nothing(
    arguments: list[str], needed: set[str], sent: Path
) -> None:
    """Its tables are up to date, so that nothing migrates them either."""
    assert imported(sent, *(issue(sent) if word == "ISSUE" else word for word in arguments)) == needed


def test_the_process_that_reads_a_feed_imports_the_reader_alone() -> None:
    """It is started once for each source, and handed a text."""
    code = f"import sys; from newsletter.content.sources import apart; print(*sorted({set(HEAVY)} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "selectolax\n"


@pytest.mark.parametrize(
    ("arguments", "ready"),
    [
        (["serve", "--port", "0"], "readers are served at"),
        (["compose", "--port", "0", "--no-open"], "composing in"),
        (["worker"], "working for"),
    ],
    ids=["serve", "compose", "worker"],
)
def test_what_runs_for_weeks_has_the_ledger_in_memory_before_anybody_comes(
    arguments: list[str], ready: str, sent: Path
) -> None:
    """Else it would mix two versions, once the product is brought up to date beneath it."""
    command = [sys.executable, "-v", "-m", "newsletter", "-C", str(sent), *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        before = list(takewhile(lambda line: not line.startswith(ready), process.stderr))
        process.terminate()
        process.communicate(timeout=20)
    folder = Path(ledger.__file__).parent
    needed = {f"{ledger.__name__}.{file.stem}" for file in folder.glob("[!_]*.py")}
    assert needed - {line.split("'")[1] for line in before if line.startswith("import '")} == set()
