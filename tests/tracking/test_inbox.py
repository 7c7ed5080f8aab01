"""Where mail that comes back is read from: maildirs and IMAP."""

from __future__ import annotations

import mailbox
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from newsletter.config import TrackingSettings
from newsletter.errors import AuthenticationError, ConfigurationError, ProviderError
from newsletter.model.verp import bounce_address
from newsletter.store import Database, schema
from newsletter.tracking.bounces.inbox import Maildir, Reading, imap, read_inbox
from tests.tracking import dovecot
from tests.tracking import making as make
from tests.tracking.reports import TOKEN, report
from tests.tracking.test_bounces import COMPLAINT
from tests.tracking.test_recording import arrivals, suppressed


def fill(folder: Path, mails: Sequence[bytes]) -> Path:
    """Put mails into a new maildir."""
    box = mailbox.Maildir(folder / "mail")
    for mail in mails:
        box.add(mail)
    return folder / "mail"


def flags(folder: Path) -> list[str]:
    """Return the flags of the mails, sorted, without the small letters that stand for words of the server's own."""
    return sorted("".join(filter(str.isupper, message.get_flags())) for message in mailbox.Maildir(folder))


def mails_of(database: Database) -> list[bytes]:
    """Return a bounce, a complaint, and a letter that somebody wrote by hand."""
    anna, ben, _ = make.sent(database).values()
    return [
        report().replace(TOKEN.encode(), anna.encode()),
        COMPLAINT.format(kind="abuse", token=ben, type="message/rfc822").encode(),
        b"From: cleo@example.org\r\nTo: bounce@example.org\r\nSubject: Hello\r\n\r\nIs anybody there?\r\n",
    ]


SUPPRESSED = [
    ("anna@example.org", "bounce", "told by inbox (5.1.1)"),
    ("ben@example.org", "complaint", "told by inbox"),
]


def test_a_maildir_is_read(database: Database, tmp_path: Path) -> None:
    """What was understood is marked as seen, and what was not stays for people; reading again changes nothing."""
    folder = fill(tmp_path, mails_of(database))
    inbox = Maildir(folder)
    assert read_inbox(database, inbox, TrackingSettings(), now=make.NOW) == Reading(3, 2, 2, for_good=1, complaints=1)
    assert (suppressed(database), flags(folder)) == (SUPPRESSED, ["", "S", "S"])
    assert arrivals(database) == ["hard bounced", "accepted"]
    assert read_inbox(database, inbox, TrackingSettings(), now=make.NOW) == Reading(1, 0, 0)


def test_a_report_with_an_id_that_is_made_up_counts_for_nobody(database: Database, tmp_path: Path) -> None:
    """Anybody can write one that names a reader."""
    make.sent(database)
    folder = fill(tmp_path, [report(), COMPLAINT.format(kind="abuse", token=TOKEN, type="message/rfc822").encode()])
    assert read_inbox(database, Maildir(folder), TrackingSettings(), now=make.NOW) == Reading(2, 0, 0)
    assert (suppressed(database), flags(folder)) == ([], ["", ""])
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.events)) == 0


def test_an_id_of_ours_is_found_behind_one_that_is_made_up(database: Database, tmp_path: Path) -> None:
    """Other programs have message ids of the same form."""
    anna = make.sent(database)["anna@example.org"]
    genuine = f"Return-Path: <{bounce_address('bounce@example.org', anna)}>"
    folder = fill(tmp_path, [report(returned=f"Message-ID: <{TOKEN}@example.org>\n{genuine}\n\nNews")])
    assert read_inbox(database, Maildir(folder), TrackingSettings(), now=make.NOW) == Reading(1, 1, 1, for_good=1)
    assert suppressed(database) == SUPPRESSED[:1]


def test_a_mail_that_was_recorded_but_not_marked_is_recorded_once(database: Database, tmp_path: Path) -> None:
    """Where the reader was stopped between the two."""
    folder = fill(tmp_path, mails_of(database))

    class Stopped(Maildir):
        def mark_read(self, names: Sequence[str]) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_inbox(database, Stopped(folder), TrackingSettings(), now=make.NOW)
    assert read_inbox(database, Maildir(folder), TrackingSettings(), now=make.NOW) == Reading(
        3, 2, 0, for_good=1, complaints=1
    )
    assert suppressed(database) == SUPPRESSED


def test_mails_that_somebody_deletes_meanwhile_keep_no_others_from_being_read(
    database: Database, tmp_path: Path
) -> None:
    """One before it was read, and one before it was marked."""
    bounce, complaint, letter = mails_of(database)
    folder = fill(tmp_path, [])
    for name, mail in zip("abcd", (bounce, bounce + b"\r\n", complaint, letter), strict=True):
        (folder / "new" / name).write_bytes(mail)

    def delete(number: int) -> None:
        gone = {1: "c", 3: "a"}.get(number)
        if gone:
            (folder / "new" / gone).unlink()

    found = read_inbox(database, Maildir(folder), TrackingSettings(), now=make.NOW, progress=delete)
    assert found == Reading(3, 2, 2, for_good=2)
    assert flags(folder) == ["", "S"]


def test_another_folder_is_no_maildir(tmp_path: Path) -> None:
    """Nothing is made in it."""
    with pytest.raises(ConfigurationError, match="not a maildir"):
        Maildir(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not dovecot.is_installed(), reason="NO DOVECOT ON THIS MACHINE: install dovecot-imapd")
def test_an_imap_folder_is_read(database: Database) -> None:
    """By a real server, over whose maildir the flags are seen."""
    with dovecot.serving(mails_of(database)) as (port, folder):
        address = f"imap://bounces%40example.org@127.0.0.1:{port}"
        with imap(address + "/INBOX", "secret") as inbox:
            assert read_inbox(database, inbox, TrackingSettings(), now=make.NOW) == Reading(
                3, 2, 2, for_good=1, complaints=1
            )
        with imap(address, "secret") as inbox:
            assert read_inbox(database, inbox, TrackingSettings(), now=make.NOW) == Reading(1, 0, 0)
        with pytest.raises(AuthenticationError), imap(address, "wrong"):
            pass
        with pytest.raises(ConfigurationError, match="no folder Bounces"), imap(address + "/Bounces", "secret"):
            pass
        assert (suppressed(database), flags(folder)) == (SUPPRESSED, ["", "S", "S"])
    with pytest.raises(ProviderError, match="cannot be reached"), imap(address, "secret"):
        pass


@pytest.mark.skipif(not dovecot.is_installed(), reason="NO DOVECOT ON THIS MACHINE: install dovecot-imapd")
def test_passwords_and_folders_may_have_any_letters(database: Database) -> None:
    """IMAP has an own way for each of them."""
    with dovecot.serving(mails_of(database), password="pässwört", folder="R&APw-ckl&AOQ-ufer &- mehr") as (port, _):
        address = f"imap://bounces%40example.org@127.0.0.1:{port}/"
        for name in ("R%C3%BCckl%C3%A4ufer%20%26%20mehr", "R%26APw-ckl%26AOQ-ufer%20%26-%20mehr"):
            with imap(address + name, "pässwört") as inbox:
                assert len(list(inbox.unread())) == 3
        with pytest.raises(AuthenticationError), imap(address + "INBOX", "pässword"):
            pass
        with (
            pytest.raises(ConfigurationError, match="no folder 退信"),
            imap(address + "%E9%80%80%E4%BF%A1", "pässwört"),
        ):
            pass


@pytest.mark.parametrize("answer", ["NO the index is damaged", "BAD the index is damaged"])
def test_a_mail_server_that_does_not_search_is_told(answer: str) -> None:
    """Its words are no numbers of mails."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as other:
        other.submit(_serve, listener, answer)
        address = f"imap://user@127.0.0.1:{listener.getsockname()[1]}/INBOX"
        with pytest.raises(ProviderError) as caught, imap(address, "password") as inbox:
            list(inbox.unread())
    assert caught.value.message == "the inbox at 127.0.0.1 cannot be read"
    assert "the index is damaged" in caught.value.why


def _serve(listener: socket.socket, answer: str) -> None:
    """Serve one IMAP client, whose searches get some answer."""
    with listener.accept()[0] as caller, caller.makefile("rb") as asked:
        caller.sendall(b"* OK ready\r\n")
        for line in asked:
            tag, command = line.split()[:2]
            status = answer.encode() if command == b"UID" else b"OK done"
            told = b"* CAPABILITY IMAP4rev1\r\n" if command == b"CAPABILITY" else b""
            caller.sendall(told + tag + b" " + status + b"\r\n")


def test_what_answers_may_be_no_mail_server() -> None:
    """It is told as one that cannot be reached."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            with listener.accept()[0] as caller:
                caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        with ThreadPoolExecutor(1) as other:
            other.submit(greet)
            address = f"imap://user@127.0.0.1:{listener.getsockname()[1]}/INBOX"
            with pytest.raises(ProviderError, match="cannot be reached"), imap(address, "password"):
                pass


@pytest.mark.parametrize(
    "address",
    [
        "imap://user@mail.example.org/INBOX",
        "imaps://mail.example.org/INBOX",
        "imaps://user:secret@mail.example.org/INBOX",
        "imaps://user@mail.example.org:port/INBOX",
        "imaps://user@[::1/INBOX",
        "https://user@mail.example.org",
        "INBOX",
    ],
)
def test_an_address_of_an_inbox_that_would_give_the_password_away_is_refused(address: str) -> None:
    """Encrypted, and without the password in it, which would end up in histories of shells."""
    with pytest.raises(ConfigurationError) as caught, imap(address, "password"):
        pass
    assert "secret" not in f"{caught.value.message}{caught.value.why}{caught.value.fix}"
