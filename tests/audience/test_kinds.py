"""Files that are no list of readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.audience import Evidence, import_file
from newsletter.audience.table import open_table
from newsletter.config import Workspace
from newsletter.errors import AudienceError
from newsletter.store import Database
from tests.audience.people import NOW, states, write


@pytest.mark.parametrize(
    ("content", "kind", "fix"),
    [
        (
            b"BEGIN:VCARD\r\nVERSION:3.0\r\nEMAIL:a@example.org\r\nEND:VCARD\r\n",
            "a file of contacts (vCard)",
            "export the contacts as CSV",
        ),
        (b"%PDF-1.4\n", "a PDF", "export the list as CSV, one subscriber a row"),
        (
            b"\n<!DOCTYPE html><title>Log in</title>",
            "a web page",
            "export the list as CSV, one subscriber a row; the page may ask to log in",
        ),
        (
            b'[{"email": "a@example.org"}]',
            "a file for programs (JSON)",
            "export the list as CSV, one subscriber a row",
        ),
        (
            b"Return-Path: <a@example.org>\nTo: b@example.org\n",
            "a message",
            "copy the addresses from it into a text file, one a line",
        ),
    ],
)
def test_another_kind_of_file_is_called_what_it_is(content: bytes, kind: str, fix: str, tmp_path: Path) -> None:
    """Addresses in it are not those of people who have agreed."""
    with pytest.raises(AudienceError) as caught, open_table(write(tmp_path, content)):
        pass
    assert (caught.value.message, caught.value.fix) == (f"readers.csv is {kind}, not a CSV file", fix)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    """Letters of four bytes that do not say so."""
    content = "Email,Name".encode("utf-32-le")
    with pytest.raises(AudienceError, match="is not a file of text"), open_table(write(tmp_path, content)):
        pass


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("monthly-unsubscribed.csv", "unsubscribed"),
        ("Monthly Unconfirmed.csv", "unconfirmed"),
        ("monthly-marked-as-spam.csv", "marked-as-spam"),
        ("2024_Bounces.CSV", "bounces"),
        ("do not email.txt", "do-not-email"),
        ("Abgemeldete.csv", "abgemeldete"),
        ("De\u0301sabonne\u0301s.csv", "désabonnés"),
        ("subscribers and unsubscribed.csv", "unsubscribed"),
        ("Descadastrados.csv", "descadastrados"),
        ("отписавшиеся.csv", "отписавшиеся"),
        ("список відписаних.csv", "відписаних"),
        ("Abonelikten çıkanlar.csv", "abonelikten-çıkanlar"),
        ("已退订用户.csv", "退订"),
        ("配信停止_2026.csv", "配信停止"),
        ("מנויים שהוסרו.csv", "הוסרו"),
        ("לא פעילים 2026.csv", "לא-פעילים"),
        ("لغو‌اشتراک.csv", "لغو-اشتراک"),
        ("مشترکان غیرفعال.csv", "غیرفعال"),
        ("सदस्यता रद्द.csv", "रद्द"),
        ("ยกเลิกการรับข่าวสาร.csv", "ยกเลิก"),
        ("suppression_spam_reports.csv", "suppression"),
        ("spam_reports.csv", "spam-reports"),
        ("invalid_emails.csv", "invalid-emails"),
        ("nonsubscribed.csv", "nonsubscribed"),
        ("Not confirmed.csv", "not-confirmed"),
        ("pending.csv", "pending"),
        ("Deleted contacts.csv", "deleted-contacts"),
        ("Former members.csv", "former-members"),
        ("Ausgetretene.csv", "ausgetretene"),
        ("Verstorbene Mitglieder.csv", "verstorbene"),
        ("Sperrliste.csv", "sperrliste"),
        ("désinscriptions.csv", "désinscriptions"),
        ("removed.csv", "removed"),
    ],
)
def test_who_has_left_by_the_name_of_a_file_is_not_written_to(
    database: Database, workspace: Workspace, name: str, said: str
) -> None:
    """Sendy says it nowhere else, and nobody would see it in the plan."""
    file = workspace.root / name
    file.write_bytes(b"Name,Email\nAnna,a@example.org\n")
    with pytest.raises(AudienceError) as caught:
        import_file(database, file, "monthly", settings=workspace.settings, now=NOW, plan=True)
    assert caught.value.message == f"by the name of {name} the people in it are '{said}', and no column says so"
    file.write_bytes(b"Name,Email,Status\nAnna,a@example.org,unsubscribed\n")
    assert import_file(database, file, "monthly", settings=workspace.settings, now=NOW).unsubscribed == 1


@pytest.mark.parametrize(
    "name",
    [
        "all-without-unsubscribed.csv",
        "no bounces.csv",
        "subscribed.csv",
        "cleaned up.csv",
        "duplicates removed.csv",
        "list_cleaned.csv",
        "left-wing parties.csv",
        "רשימה ללא מבוטלים.csv",
        "مشترکان.csv",
        "सदस्य.csv",
        "สมาชิกไม่รวมยกเลิก.csv",
    ],
)
def test_other_names_say_nothing(database: Database, workspace: Workspace, name: str) -> None:
    """Who is not among them is no reason to refuse those who are."""
    file = workspace.root / name
    file.write_bytes(b"Name,Email\nAnna,a@example.org\n")
    assert import_file(database, file, "monthly", settings=workspace.settings, now=NOW).added == 1


def test_evidence_of_consent_counts_more_than_a_name(database: Database, workspace: Workspace) -> None:
    """Whoever says when and how everybody agreed has looked."""
    file = workspace.root / "formerly-bounced.csv"
    file.write_bytes(b"Email\na@example.org\n")
    agreed = Evidence(NOW, "phone calls")
    import_file(database, file, "monthly", settings=workspace.settings, now=NOW, evidence=agreed)
    assert states(database) == {("a@example.org", "monthly"): "confirmed"}
