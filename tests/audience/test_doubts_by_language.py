"""Columns that may say who has left, in Greek, Hebrew, Persian, Hindi and Thai, and in the words of our own labels."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from newsletter.audience.columns import read_columns
from newsletter.audience.doubts import Doubt
from newsletter.audience.words import read_consent
from newsletter.config import Workspace
from newsletter.model.consent import Consent
from newsletter.rendering.shipping import shipped
from newsletter.store import Database
from tests.audience.people import doubts, put

YES_AND_NO = {
    "ar": ("نعم", "لا"),
    "de": ("ja", "nein"),
    "el": ("ναι", "όχι"),
    "en": ("yes", "no"),
    "es": ("sí", "no"),
    "fa": ("بله", "خیر"),
    "fr": ("oui", "non"),
    "he": ("כן", "לא"),
    "hi": ("हाँ", "नहीं"),
    "it": ("sì", "no"),
    "ja": ("はい", "いいえ"),
    "nl": ("ja", "nee"),
    "pl": ("tak", "nie"),
    "pt": ("sim", "não"),
    "ru": ("да", "нет"),
    "th": ("ใช่", "ไม่"),
    "tr": ("evet", "hayır"),
    "uk": ("так", "ні"),
    "zh": ("是", "否"),
}


@pytest.mark.parametrize(
    ("header", "yes", "no", "meaning"),
    [
        ("Ανενεργός", "ναι", "όχι", "left"),
        ("Να μην σταλεί email", "x", "", "left"),
        ("Ενημερωτικό δελτίο", "όχι", "ναι", "consent"),
        ("Σημειώσεις", "διαγράφηκε", "τύπος", "consent"),
        ("ביטל הרשמה", "כן", "לא", "left"),
        ("לא לשלוח דיוור", "1", "", "left"),
        ("לא מעוניינת בדיוור", "כן", "לא", "left"),
        ("נפטר", "כן", "", "left"),
        ("הסכמה לקבלת ניוזלטר", "לא", "כן", "consent"),
        ("סטטוס דיוור", "הוסרה", "פעילה", "consent"),
        ("מנויה", "טרם אישרה", "כן", "consent"),
        ("הערות", "הוסרה", "חברה", "consent"),
        ("חסום", "כן", "לא", "suppressed"),
        ("غیر\u200cفعال", "بله", "خیر", "left"),
        ("عدم تمایل به دریافت", "بله", "خیر", "left"),
        ("ایمیل نفرستید", "x", "", "left"),
        ("حذف از فهرست", "۱", "۰", "left"),
        ("دریافت خبرنامه", "خیر", "بله", "consent"),
        ("وضعيت مشترك", "لغو شده", "فعال", "consent"),
        ("عضویت", "در انتظار تأیید", "بله", "consent"),
        ("ملاحظه", "لغو\u200cشده", "تهران", "consent"),
        ("ایمیل برگشتی", "بله", "خیر", "suppressed"),
        ("ईमेल न भेजें", "हाँ", "नहीं", "left"),
        ("सदस्यता रद्द करवाई", "हां", "", "left"),
        ("समाचार पत्र की सदस्यता", "नहीं", "हाँ", "consent"),
        ("न्यूज़लेटर", "नहीं", "हाँ", "consent"),
        ("ईमेल की अनुमति", "अभी नहीं", "हाँ", "consent"),
        ("समूह", "सदस्यता रद्द", "प्रेस", "consent"),
        ("ईमेल बाउंस", "हाँ", "नहीं", "suppressed"),
        ("ยกเลิกรับจดหมายข่าว", "ใช่", "ไม่", "left"),
        ("ไม่ต้องการรับอีเมล", "ใช่", "ไม่ใช่", "left"),
        ("เสียชีวิต", "1", "", "left"),
        ("รับจดหมายข่าว", "ไม่", "ใช่", "consent"),
        ("ยินยอมให้ส่งอีเมล", "ไม่ยินยอม", "ยินยอม", "consent"),
        ("สถานะสมาชิก", "รอยืนยัน", "ปกติ", "consent"),
        ("หมายเหตุ", "ยกเลิกแล้ว", "สื่อมวลชน", "consent"),
        ("อีเมลตีกลับ", "ใช่", "ไม่", "suppressed"),
    ],
)
def test_a_column_that_may_say_who_has_left_is_noticed(header: str, yes: str, no: str, meaning: str) -> None:
    """However its letters are typed: with a blank, half a one or none, on an Arabic keyboard, with or without dots."""
    assert doubts(header, yes) == (Doubt(header, meaning, 1),)
    assert doubts(header, no) == ()


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Εταιρεία", "όχι"),
        ("Διακοπές", "ναι"),
        ("חברה", "לא"),
        ("עיר", "בני ברק"),
        ("הערות", "לא לטלפן, מדברת אנגלית"),
        ("שפת הדיוור", "עברית"),
        ("شرکت", "خیر"),
        ("یادداشت", "لطفاً تلفن نکنید؛ فارسی نمی\u200cداند"),
        ("شهر", "قم"),
        ("ملیت", "ترک"),
        ("संस्था", "नहीं"),
        ("टिप्पणी", "फ़ोन न करें, केवल ईमेल करें"),
        ("शहर", "नहान"),
        ("บริษัท", "ไม่"),
        ("หมายเหตุ", "ไม่สะดวกคุยโทรศัพท์ ใช้อีเมลเท่านั้น"),
        ("หมายเหตุ", "ไม่ได้มาประชุม"),
        ("یادداشت", "بازگشت داوطلبانه و حذف مالیات مضاعف"),
        ("टिप्पणी", "वापसी पर शोध; फ़ोन नहीं है"),
        ("הערות", "דוברת עברית וערבית, אין טלפון"),
        ("ตำแหน่ง", "รองประธาน"),
        ("สถานะสมาชิก", "รองประธาน"),
    ],
)
def test_other_columns_are_left_alone(header: str, cell: str) -> None:
    """Nobody is asked about telephones, towns and other people's offices."""
    assert doubts(header, cell) == ()


@pytest.mark.parametrize(
    ("header", "tick"),
    [
        ("הסכמה לקבלת הניוזלטר", "כן"),
        ("رضایت دریافت خبرنامه", "بله"),
        ("ईमेल की अनुमति", "हाँ"),
        ("ยินยอมให้ส่งอีเมล", "ใช่"),
    ],
)
def test_where_a_tick_is_a_yes_nothing_is_a_no(
    database: Database, workspace: Workspace, header: str, tick: str
) -> None:
    """Who has not ticked it has not agreed."""
    content = f"Email,{header}\nanna@example.org,{tick}\nbo@example.org,\ncy@example.org\n"
    assert put(database, workspace, content, plan=True).doubts == (Doubt(header, "confirmed", 2),)


@pytest.mark.parametrize(
    "content",
    [
        "Email,מקור ההסכמה\nanna@example.org,כן\nbo@example.org,\n",
        "Email,แหล่งที่มาของความยินยอม\nanna@example.org,ใช่\nbo@example.org,\n",
    ],
)
def test_where_consent_came_from_is_no_question(database: Database, workspace: Workspace, content: str) -> None:
    """It may be known of some alone."""
    assert put(database, workspace, content, plan=True).doubts == ()


@pytest.mark.parametrize("path", sorted((shipped() / "labels").glob("*.toml")), ids=lambda path: path.stem)
def test_what_our_own_readers_press_to_leave_is_noticed_in_every_language(path: Path) -> None:
    """A team calls the column as its newsletter calls the link; who has left by it is never written to."""
    pages = path.parent.parent / "readers" / path.name
    labels, words = (tomllib.loads(file.read_text(encoding="utf-8")) for file in (path, pages))
    yes, no = YES_AND_NO[path.stem]
    assert (read_consent(yes), read_consent(no)) == (Consent.CONFIRMED, Consent.UNSUBSCRIBED)
    for column in (labels["unsubscribe"], words["leave"]["button"]):
        columns = read_columns(["email", column])
        assert columns is not None
        used = set(columns.used) - {"address"}
        assert used == {"left"} or doubts(column, yes) == (Doubt(column, "left", 1),), column
