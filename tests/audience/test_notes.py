"""What teams write about somebody who has left, in whole sentences."""

from __future__ import annotations

import pytest

from newsletter.audience.doubts import Doubt
from newsletter.audience.notes import speaks_of_leaving
from newsletter.audience.suspicion import NOTE, beside, is_ticked
from newsletter.config import Workspace
from newsletter.errors import AudienceError
from newsletter.store import Database
from tests.audience.people import doubts, people, put, states


@pytest.mark.parametrize("before", ["", "Met at the forum in Tripoli; moved to Vienna since. " * 20])
def test_a_sentence_about_leaving_is_found_in_short_and_long_notes(before: str) -> None:
    """However much is written before it."""
    assert speaks_of_leaving(f"{before}Please remove her from the list.")
    assert not speaks_of_leaving(f"{before}Works on labour migration.")


@pytest.mark.parametrize(
    "note",
    [
        "unsubscribed 2020-03-01",
        "opted out by phone",
        "left in May",
        "please remove",
        "Don’t email again",
        "no longer works here",
        "has not confirmed",
        "never_subscribed",
        "DeliveryStatus.by_user",
        "passed away",
        "bitte nicht mehr anschreiben",
        "hat sich am 3.5. abgemeldet",
        "möchte keinen Newsletter mehr",
        "noch nicht bestätigt",
        "gestorben 2021",
        "ne souhaite plus recevoir la newsletter",
        "Désinscrite le 3 mai",
        "no quiere recibir más",
        "non contattare",
        "просил не писать",
        "ألغى الاشتراك في مايو",
        "δεν επιθυμεί να λαμβάνει email",
        "Διαγράφηκε τον Μάιο",
        "ביטלה את ההרשמה במאי",
        "ביקש להסיר אותו מהרשימה",
        "לא מעוניינת לקבל מיילים",
        "לא עובדת כאן יותר",
        "נפטר ב־2021",
        "ביקש שלא לשלוח יותר",
        "הכתובת שגויה, המייל חזר",
        "لغو اشتراک کرد",
        "دیگر نمی‌خواهد ایمیل بگیرد",
        "لطفاً ایمیل نفرستید",
        "خواسته از فهرست حذف شود",
        "درگذشت ۱۴۰۰",
        "لطفا دیگر ایمیل نزنید",
        "تمایلی ندارد",
        "दिसंबर में सदस्यता रद्द की",
        "कृपया ईमेल न भेजें",
        "अब यहाँ काम नहीं करते; सूची से हटाएँ",
        "ईमेल नहीं चाहिए",
        "ขอยกเลิกการรับข่าวสารตั้งแต่ปี 2566",
        "ไม่ต้องการรับอีเมลอีก",
        "กรุณาลบชื่อออกจากรายการ",
        "อีเมลตีกลับ",
        "ขอไม่รับข่าวสาร",
        "will nichts mehr von uns hören",
        "Mail kam zurück",
        "Austritt 31.12.2021",
        "no longer at the ministry",
        "asked to be taken off the list",
        "left ICMPD in 2019",
        "ne travaille plus ici",
        "adresse invalide",
        "eliminar de la lista",
        "ha chiesto di non ricevere più email",
        "wil geen mail meer",
        "просит удалить",
        '[{"list": "news", "subscription_status": "unsubscribed"}]',
    ],
)
def test_a_sentence_about_somebody_who_has_left_is_noticed(note: str) -> None:
    """Whatever the column is called: teams write it where there is room."""
    assert doubts("Remarks", note) == (Doubt("Remarks", "note", 1, (2,)),)


@pytest.mark.parametrize(
    "tags", ['"vip","unsubscribed"', "vip;unsubscribed", "vip | Opted out", "* all ::: abgemeldet"]
)
def test_one_of_several_tags_is_noticed(tags: str) -> None:
    """However the program that wrote them parts and quotes them."""
    assert doubts("Tags", tags) == (Doubt("Tags", "consent", 1),)


@pytest.mark.parametrize(
    ("content", "column"),
    [
        ("Email,Name\nanna@example.org,Anna\nbo@example.org,Bo Berg (verstorben)\n", "Name"),
        ("Email,Last name\nanna@example.org,Berg\nbo@example.org,Berg - UNSUBSCRIBED\n", "Last name"),
        ('Email,Topics\nanna@example.org,press\nbo@example.org,"press, unsubscribed"\n', "Topics"),
        ("Anna <anna@example.org>\n\nBo Berg (unsubscribed) <bo@example.org>\n", "the addresses"),
    ],
)
def test_what_is_written_after_a_name_or_among_topics_is_asked(
    database: Database, workspace: Workspace, content: str, column: str
) -> None:
    """A column that is used for something else has it as well; the rows are named, so that they can be found."""
    assert put(database, workspace, content, plan=True).doubts == (Doubt(column, "note", 1, (3,)),)
    with pytest.raises(AudienceError) as caught:
        put(database, workspace, content)
    assert caught.value.why == "what is said there is not taken from it, and they would be written to"
    assert caught.value.fix.startswith(
        "look at row 3, and write 'unsubscribed' into a column 'unsubscribed' of the file for those who have left, or "
    )
    assert states(database) == {}


def test_a_note_is_answered_in_the_file_or_set_aside(database: Database, workspace: Workspace) -> None:
    """Who is marked as having left is no doubt any more, and a column of other notes is ignored by name."""
    content = "Email,Notes,{}\nanna@example.org,no more newsletters,{}\n"
    report = put(database, workspace, content.format("unsubscribed", "unsubscribed"))
    assert (report.doubts, report.unsubscribed) == ((), 1)
    content = content.replace("anna", "bo").format("City", "Wien")
    assert put(database, workspace, content, ignore=["Notes"]).added == 1


def test_a_column_of_names_with_notes_of_something_else_keeps_its_names(
    database: Database, workspace: Workspace
) -> None:
    """What to type is told whole: without its first half nobody would have a name."""
    content = "Email,Full name\nanna@example.org,Anna Berg (no longer at the ministry)\nbo@example.org,Bo\n"
    with pytest.raises(AudienceError) as caught:
        put(database, workspace, content)
    assert caught.value.fix.endswith(
        ', or say that it means nothing of the kind with --map name="Full name" --ignore "Full name"'
    )
    assert put(database, workspace, content, mapping={"name": "Full name"}, ignore=["Full name"]).doubts == ()
    assert [name for _, name, _ in people(database)] == ["Anna Berg (no longer at the ministry)", "Bo"]


def test_whoever_is_called_baja_has_not_left(database: Database, workspace: Workspace) -> None:
    """A name, and a town; as a tag it is the Spanish word."""
    content = "Email,Last name\nanna@example.org,Baja\n"
    assert put(database, workspace, content, plan=True).doubts == ()
    content = "Email,Topics\nanna@example.org,baja\n"
    assert put(database, workspace, content, plan=True).doubts == (Doubt("Topics", "note", 1, (2,)),)


@pytest.mark.parametrize("cell", ["https://www.example.org/unsubscribe/removed", "no", "-"])
def test_an_address_of_the_web_or_a_syllable_is_no_sentence(cell: str) -> None:
    """Exports have links to leave by in a column of their own."""
    assert not speaks_of_leaving(cell)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Newsletter", True),
        ("Consent", True),
        ("Newsletter opens", False),
        ("Consent IP", False),
        ("Consent text", False),
    ],
)
def test_a_tick_tells_of_consent_where_the_column_is_about_it(header: str, expected: bool) -> None:
    """What is counted, where somebody was and what they were told is ticked by nobody."""
    assert is_ticked(header) is expected


@pytest.mark.parametrize("meaning", ["name", "topics", "attributes.country", "address"])
def test_a_note_may_stand_beside_what_a_column_is_used_for(meaning: str) -> None:
    """People write it where there is room."""
    ((what, speaks),) = beside(meaning)
    assert (what, speaks("Anna (bitte nicht mehr anschreiben) <anna@example.org>")) == (NOTE, True)
    assert not speaks("Anna Berg")
