"""`doctor` looks over what a team has set: providers, their webhooks, and what would come to nothing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from newsletter import audience, store
from newsletter.cli.app import run
from newsletter.config import load
from tests.cli.conftest import Output

MAIN = '[providers.main]\nkind = "{kind}"\napi_key_env = "KEY"\n'


@pytest.fixture
def checks(space: Path, issue: str, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what `doctor` says of a newsletter with these settings besides."""

    whole = (space / "newsletter.toml").read_text(encoding="utf-8")

    def look(settings: str, provider: str = "main", images: str = "linked") -> dict[str, dict[str, str]]:
        monkeypatch.setenv("KEY", "a-key")
        text = whole.replace('images = "inline"', f'images = "{images}"')
        (space / "newsletter.toml").write_text(f'provider = "{provider}"\n{text}\n{settings}', encoding="utf-8")
        run(["doctor", "--json"])
        return {check["subject"]: check for check in json.loads(capsys.readouterr().out)["checks"]}

    return look


def test_a_mistake_in_a_provider_has_its_line(checks: Any, space: Path) -> None:
    """Otherwise a team with five providers looks for it."""
    found = checks(MAIN.format(kind="brevo").replace("KEY", "KEI"))["provider"]
    line = (space / "newsletter.toml").read_text(encoding="utf-8").splitlines().index('api_key_env = "KEI"') + 1
    assert (found["state"], found["detail"]) == (
        "failed",
        f"newsletter.toml:{line}: the environment variable KEI holds no key for the provider 'main'",
    )


def test_who_only_rehearses_is_told(checks: Any) -> None:
    """With `test = true` a mailing would be accepted for everybody, and nobody would get it."""
    found = checks(MAIN.format(kind="sendgrid") + "test = true\n")["provider"]
    assert (found["state"], found["detail"]) == ("note", "main (sendgrid) takes messages and delivers none")


def test_pictures_that_a_provider_cannot_carry_are_told(checks: Any) -> None:
    """And not only when a proof is refused."""
    found = checks(MAIN.format(kind="brevo"), images="inline")["provider"]
    assert (found["state"], found["detail"]) == ("note", "main (brevo) cannot carry pictures inside messages")


def test_a_provider_of_a_list_is_looked_at(checks: Any) -> None:
    """`send` would meet its mistake on the day of the issue."""
    found = checks(
        '[lists.press]\ntitle = "Press"\nprovider = "relay"\n[providers.relay]\nkind = "mailjet"\n', "outbox"
    )
    assert (
        found["provider"]["detail"].partition(": ")[2].startswith("the provider 'relay' lacks api_key and secret_key:")
    )


def test_readers_links_that_lead_to_an_example_are_told(checks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could unsubscribe there; while the sender is an example as well, nothing is sent to anybody."""
    monkeypatch.setattr("newsletter.checks.online.domain.examine", lambda name, kind: ())
    assert checks("", "outbox")["readers' links"]["state"] == "ok"
    monkeypatch.setenv("NEWSLETTER_FROM", "Our library <news@your-library.org>")
    found = checks("", "outbox")["readers' links"]
    assert (found["state"], found["detail"]) == (
        "failed",
        "https://news.example.org is kept for examples and tests, so nobody could unsubscribe",
    )


def test_a_webhook_that_is_missing_is_told(checks: Any) -> None:
    """Without one nobody learns of bounces; a secret that is missing is told at once."""
    found = checks(MAIN.format(kind="sendgrid"))["webhooks"]
    assert found["detail"] == "nobody tells this newsletter what becomes of messages through main"
    found = checks(MAIN.format(kind="sendgrid") + 'webhook_secret_env = "HOOK"\n')["webhooks"]
    assert (found["state"], found["detail"]) == (
        "failed",
        "the environment variable HOOK holds no webhook secret for the provider 'main'",
    )


def test_a_mailing_that_reaches_nobody_says_so_beforehand(checks: Any, issue: str, capsys: Output) -> None:
    """With `test = true` the totals afterwards would look as after a true one."""
    checks(MAIN.format(kind="mailgun") + 'domain = "mail.example.org"\ntest = true\n')
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    assert run(["send", issue, "--dry-run"]) == 0
    assert "note: main takes messages and delivers none, because its settings say `test = true`" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    "line",
    [
        'api_key_env = "xkeysib-SeCrEt"',
        "api_key_env = xkeysib-SeCrEt",
        'api_key = "xkeysib-SeCrEt"',
        "secret_key = 'xkeysib-SeCrEt'",
        "api_key_env = “xkeysib-SeCrEt”",
        'base_url = "https://me:SeCrEt@api.example.org"',
    ],
)
def test_a_key_in_the_settings_is_shown_to_nobody(space: Path, line: str, capsys: Output) -> None:
    """Not in the line that a message shows either: messages end up in logs."""
    file = space / "newsletter.toml"
    file.write_text(file.read_text(encoding="utf-8") + f'[providers.main]\nkind = "brevo"\n{line}\n', encoding="utf-8")
    assert run(["doctor"]) == 2
    told = "".join(capsys.readouterr())
    assert f"{line.partition(' ')[0]} = " in told
    assert "SeCrEt" not in told


def test_a_name_of_a_variable_is_shown(space: Path, capsys: Output) -> None:
    """It is no secret, and a slip in it must be seen."""
    file = space / "newsletter.toml"
    file.write_text(
        file.read_text(encoding="utf-8") + '[providers.main]\nkind = "brevo"\napi_kei_env = "BREVO_KEY"\n',
        encoding="utf-8",
    )
    assert run(["doctor"]) == 2
    assert '| api_kei_env = "BREVO_KEY"' in capsys.readouterr().err


def test_who_is_told_is_looked_at(checks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that has nobody to tell does not begin, and that is better known by day."""
    assert "notices" not in checks("", "outbox")
    settings = '[notices]\nto = ["ana@example.org"]\nwebhook_env = "CHAT"\n'
    found = checks(settings, "outbox")["notices"]
    assert (found["state"], found["detail"].partition(":")[0]) == (
        "failed",
        "the environment variable CHAT holds no address of a chat",
    )
    monkeypatch.setenv("CHAT", "https://chat.example.org/hook")
    found = checks(settings, "outbox")["notices"]
    assert (found["state"], found["detail"]) == (
        "ok",
        "ana@example.org and a chat learn how a mailing ends that a worker sends",
    )


def test_a_language_of_readers_pages_without_words_is_told(checks: Any, space: Path) -> None:
    """A page in Dutch that speaks English would be seen by readers first; German serves Austria."""
    found = checks('[readers]\nlanguages = ["sv", "de-AT"]\n', "outbox")["readers' pages"]
    assert (found["state"], found["detail"], found["fix"]) == (
        "note",
        "there are no words in Swedish (sv), so forms, letters and pages speak English to them",
        "write templates/readers/sv.toml, as `newsletter docs templates` says",
    )
    (space / "templates/readers").mkdir(parents=True)
    (space / "templates/readers/sv.toml").write_text('skip = "Till innehållet"\n', encoding="utf-8")
    assert checks('[readers]\nlanguages = ["sv", "de-AT"]\n', "outbox")["readers' pages"]["state"] == "ok"
    assert "readers' pages" not in checks("", "outbox")


def test_letters_that_have_not_left_are_told(checks: Any, space: Path) -> None:
    """Whoever waits for one thinks that they have been forgotten, and nothing else would tell the team."""
    assert checks("", "outbox")["database"]["state"] == "ok"
    an_hour_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    with store.open_database(load(space)) as database, database.writing() as connection:
        audience.ask(
            connection,
            audience.SignupKind.SUBSCRIBE,
            audience.read_address("anna@example.org"),
            audience.Choice(("monthly",)),
            language="en",
            wording="Subscribe",
            now=an_hour_ago,
        )
    assert checks("", "outbox")["database"] == {
        "subject": "database",
        "state": "note",
        "detail": "1 list, 0 confirmed subscriptions; 1 letter that a reader waits for has not left",
        "fix": "see whether newsletter serve runs, and what it says of them; they are tried for two days",
    }


def test_a_folder_that_may_not_be_looked_into_is_told_and_the_rest_looked_at(
    checks: Any, space: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that runs as somebody else than the team meets such folders; the database may be wrong as well."""

    def refuse(_: object) -> Any:
        raise PermissionError(13, "Permission denied", str(space / "templates"))

    monkeypatch.setattr("newsletter.pipeline.examining.reader_languages", refuse)
    # A name that no disk takes is refused to root as well.
    monkeypatch.setenv("NEWSLETTER_ENTRIES", f"issues/{'e' * 300}")
    found = checks(f'{MAIN.format(kind="brevo")}[readers]\nlanguages = ["en"]\n')
    assert [(found[name]["state"], found[name]["detail"]) for name in ("entries and issues", "readers' pages")] == [
        ("failed", "0 entries, 1 issue; 1 error, 1 note"),
        ("failed", f"{space / 'templates'}: permission denied: newsletter may not read or write there"),
    ]
    assert found["database"]["state"] == found["rendering"]["state"] == "ok"


def test_a_full_disk_is_told(checks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database on it can be read as ever."""
    monkeypatch.setattr("newsletter.store.database._LEAST_ROOM", 1 << 60)
    found = checks(MAIN.format(kind="brevo"))["database"]
    assert (found["state"], found["fix"]) == ("failed", "free some space")
