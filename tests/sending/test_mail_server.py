"""The servers on loopback by themselves: as commands, with faults by script and by chance, and a log that is true."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.sending.providers.brevo import Brevo
from newsletter.sending.providers.contract import Accepted, Batch, Provider
from newsletter.sending.providers.mailgun import Mailgun
from newsletter.sending.providers.postmark import Postmark
from newsletter.sending.providers.resend import Resend
from newsletter.sending.providers.sendgrid import SendGrid
from newsletter.sending.providers.smtp import Smtp
from newsletter.sending.transport import Transports
from tests.sending import (
    brevo_server,
    mailgun_server,
    mailjet_server,
    postmark_server,
    resend_server,
    sendgrid_server,
    ses_server,
)
from tests.sending import making as make
from tests.sending.mail_server import faults, taken

KINDS: dict[str, Callable[[str], Provider]] = {
    "brevo": lambda url: Brevo("main", url, brevo_server.API_KEY),
    "mailgun": lambda url: Mailgun("main", url, mailgun_server.DOMAIN, mailgun_server.API_KEY),
    "mailjet": mailjet_server.provider,
    "postmark": lambda url: Postmark("main", url, postmark_server.API_KEY),
    "resend": lambda url: Resend("main", url, resend_server.API_KEY),
    "sendgrid": lambda url: SendGrid("main", url, sendgrid_server.API_KEY),
    "ses": ses_server.provider,
    "smtp": lambda url: Smtp("main", url, "never"),
}
BATCH = Batch(
    "key",
    tuple(make.ENVELOPE.recipient(f"delivery{number}", f"reader{number}@example.org", "") for number in range(3)),
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_runs_as_a_command(kind: str, tmp_path: Path) -> None:
    """So that it outlives the processes that a test kills; what it took is in its log before it answers."""
    log = tmp_path / "log"
    arguments = ["--port", "0", "--log", str(log), "--faults", "2=429", "--seed", "7"]
    command = [sys.executable, "-m", f"tests.sending.{kind}_server", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            provider = KINDS[kind](process.stdout.readline().strip())

            async def send() -> None:
                async with Transports(1) as transports:
                    request = provider.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(BATCH)
                    verdict = provider.decode(BATCH, await transports.send(request))
                    assert isinstance(verdict.outcomes[0], Accepted)

            asyncio.run(send())
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
