"""The servers on loopback by themselves: as commands, with faults by script and by chance, and a log that is true."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from newsletter.sending.providers.contract import Accepted
from tests.sending.calls import call, readers
from tests.sending.mail_server import faults, taken
from tests.sending.servers import SERVERS, provider

BATCH = readers("key", 0, 3)


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_runs_as_a_command(kind: str, tmp_path: Path) -> None:
    """So that it outlives the processes that a test kills; what it took is in its log before it answers."""
    log = tmp_path / "log"
    arguments = ["--port", "0", "--log", str(log), "--faults", "2=429", "--seed", "7"]
    command = [sys.executable, "-m", f"tests.sending.{kind}_server", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            sender = provider(kind, process.stdout.readline().strip())
            assert isinstance(call(sender, BATCH).outcomes[0], Accepted)
            addresses, deliveries = taken(log)
        finally:
            process.kill()
    # A mail server counts messages, not calls: its second was put off.
    expected = 1 if kind == "smtp" else 3
    assert addresses == Counter(f"reader{number}@example.org" for number in range(expected))
    assert deliveries == Counter(f"delivery{number}" for number in range(expected))


def test_faults_come_by_script_and_by_chance() -> None:
    """The same seed gives the same faults."""
    chosen = faults("3=reset after, 500 after:0.2, 429:0.1", seed=5)
    found = [chosen(number) for number in range(1, 1001)]
    again = faults("3=reset after, 500 after:0.2, 429:0.1", seed=5)
    assert found == [again(number) for number in range(1, 1001)]
    assert found[2] == "reset after"
    counted = Counter(found)
    assert 150 < counted["500 after"] < 250
    assert 60 < counted["429"] < 140
    assert set(counted) == {None, "reset after", "500 after", "429"}
