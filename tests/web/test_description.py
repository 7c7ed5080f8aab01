"""The OpenAPI description, and a service that holds what it says against whatever schemathesis thinks of."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.web.readers import World, hidden, path_of
from tests.web.sent import send_issue
from tests.web.serving import Served, served


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running service."""
    with served(tmp_path_factory.mktemp("described")) as running:
        yield running


@pytest.fixture(scope="module")
def token(service: Served) -> str:
    """The token of a letter that is good, with which calls come further than to a page that says that it is not."""
    page = httpx.get(f"{service.url}/subscribe")
    time.sleep(2.1)
    form = hidden(page.text) | {"email": "anna@example.org", "list": "monthly"}
    assert httpx.post(f"{service.url}/subscribe", data=form).status_code == 200
    (letter,) = service.letters("confirm")
    return path_of(str(letter["List-Unsubscribe"]).strip("<>")).removeprefix("/u/")


@pytest.mark.parametrize("good", [False, True])
def test_the_service_holds_what_its_description_says(service: Served, token: str, good: bool) -> None:
    """Status, media type, headers and shape of every answer, to right calls and to wrong ones; never 500.

    As a program of its own, because schemathesis's fixtures do not work with pytest 9 (4.32, 2026-11).
    """
    (service.root / "schemathesis.toml").write_text(f'[parameters]\n"path.token" = "{token}"\n' if good else "")
    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            *("--config-file", "schemathesis.toml", "run", f"{service.url}/openapi.json"),
            *("--max-examples", "30", "--seed", "1", "--no-color"),
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=service.root,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Selected: 4/4" in done.stdout
    assert ("404 Not Found" in done.stdout) is not good


def test_the_service_is_well_afterwards(service: Served) -> None:
    """Whatever was sent to it."""
    assert httpx.get(f"{service.url}/health").json() == {"schema": 1, "status": "ok"}
    assert '"level": "error"' not in service.log.read_text()


def test_every_call_in_json_is_described(world: World) -> None:
    """And answers as it is described, one click with a real token among them."""
    document = world.visitor.get("/openapi.json").json()
    assert sorted(document["paths"]) == ["/health", "/lists.json", "/u/{token}"]
    assert world.visitor.get("/health").json() == {"schema": 1, "status": "ok"}
    assert world.visitor.get("/lists.json").json() == {
        "schema": 1,
        "lists": [
            {"name": "monthly", "title": "Monthly newsletter", "description": "News and studies"},
            {"name": "events", "title": "Events", "description": ""},
        ],
    }
    world.put_on("anna@example.org")
    token = send_issue(world, "monthly")["anna@example.org"]
    answer = world.visitor.post(
        f"/u/{token}", data={"List-Unsubscribe": "One-Click"}, headers={"Accept": "application/json"}
    )
    assert answer.json() == {"schema": 1, "left": True}
