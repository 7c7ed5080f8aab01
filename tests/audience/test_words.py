"""What words in cells say of consent."""

from __future__ import annotations

import pytest

from newsletter.audience.words import read_confirmed, read_consent, read_suppression, read_words, says_yes
from newsletter.errors import AudienceError
from newsletter.model.consent import Consent, Suppression


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("confirmed", Consent.CONFIRMED),
        ("Subscribed", Consent.CONFIRMED),
        ("JA", Consent.CONFIRMED),
        ("sí", Consent.CONFIRMED),
        ("opt-in", Consent.CONFIRMED),
        ("unconfirmed", Consent.PENDING),
        ("PendingOptIn", Consent.PENDING),
        ("IspComplained", Suppression.COMPLAINT),
        ("MailBlocked", Suppression.BOUNCE),
        ("SharedSuppression", Suppression.BY_HAND),
        ("Unsubscribed", Consent.UNSUBSCRIBED),
        ("nein", Consent.UNSUBSCRIBED),
        ("cancelled", Consent.UNSUBSCRIBED),
        ("FALSCH", Consent.UNSUBSCRIBED),
        ("WAHR", Consent.CONFIRMED),
        ("Désabonné", Consent.UNSUBSCRIBED),
        ("aktywny", Consent.CONFIRMED),
        ("wypisany", Consent.UNSUBSCRIBED),
        ("購読中", Consent.CONFIRMED),
        ("解除済み", Consent.UNSUBSCRIBED),
        ("いいえ", Consent.UNSUBSCRIBED),
        ("مشترك", Consent.CONFIRMED),
        ("غير مشترك", Consent.UNSUBSCRIBED),
        ("ألغى الاشتراك", Consent.UNSUBSCRIBED),
        ("Descadastrado", Consent.UNSUBSCRIBED),
        ("Désinscrite", Consent.UNSUBSCRIBED),
        ("Uitgeschreven", Consent.UNSUBSCRIBED),
        ("отписалась", Consent.UNSUBSCRIBED),
        ("Відписався", Consent.UNSUBSCRIBED),
        ("Підписаний", Consent.CONFIRMED),
        ("очікує", Consent.PENDING),
        ("Hayır", Consent.UNSUBSCRIBED),
        ("Evet", Consent.CONFIRMED),
        ("已退订", Consent.UNSUBSCRIBED),
        ("是", Consent.CONFIRMED),
        ("ΝΑΙ", Consent.CONFIRMED),
        ("Εκκρεμεί", Consent.PENDING),
        ("ανενεργός", Consent.UNSUBSCRIBED),
        ("כן", Consent.CONFIRMED),
        ("רשומה", Consent.CONFIRMED),
        ("ממתין לאישור", Consent.PENDING),
        ("לא רשומה", Consent.UNSUBSCRIBED),
        ("הוסר", Consent.UNSUBSCRIBED),
        ("בלה", None),
        ("بله", Consent.CONFIRMED),
        ("مشترک", Consent.CONFIRMED),
        ("تأیید شده", Consent.CONFIRMED),
        ("تایید\u200cشده", Consent.CONFIRMED),
        ("تأیید نشده", Consent.PENDING),
        ("خیر", Consent.UNSUBSCRIBED),
        ("غیرفعال", Consent.UNSUBSCRIBED),
        ("لغو شده", Consent.UNSUBSCRIBED),
        ("لغو\u200cشده", Consent.UNSUBSCRIBED),
        ("عضو", None),
        ("हाँ", Consent.CONFIRMED),
        ("हां", Consent.CONFIRMED),
        ("सक्रिय", Consent.CONFIRMED),
        ("लंबित", Consent.PENDING),
        ("नहीं", Consent.UNSUBSCRIBED),
        ("निष्क्रिय", Consent.UNSUBSCRIBED),
        ("सदस्यता रद्द", Consent.UNSUBSCRIBED),
        ("नहाना", None),
        ("सदस्य", None),
        ("ใช่", Consent.CONFIRMED),
        ("ยินยอม", Consent.CONFIRMED),
        ("รอการยืนยัน", Consent.PENDING),
        ("ไม่ใช่", Consent.UNSUBSCRIBED),
        ("ไม่ยินยอม", Consent.UNSUBSCRIBED),
        ("ยกเลิกแล้ว", Consent.UNSUBSCRIBED),
        ("สมาชิก", None),
        ("۱", Consent.CONFIRMED),
        ("۰", Consent.UNSUBSCRIBED),
        ("๑", Consent.CONFIRMED),
        ("-۱", None),
        ("−1", None),
        ("۲", None),
        ("Non-marketing contact", Consent.UNSUBSCRIBED),
        ("Marked as spam", Suppression.COMPLAINT),
        ("cleaned", Suppression.BOUNCE),
        ("spam", Suppression.COMPLAINT),
        ("blocklisted", Suppression.BY_HAND),
        ("by_bounces", Suppression.BOUNCE),
        ("by_user", Consent.UNSUBSCRIBED),
        ("by_moderator", Suppression.BY_HAND),
        ("erasure", Suppression.ERASURE),
        ("gold", None),
        ("", None),
    ],
)
def test_words_of_consent(word: str, meaning: Consent | Suppression | None) -> None:
    """Words of other programs and languages are understood; others are not guessed at."""
    assert read_consent(word) == meaning


@pytest.mark.parametrize(
    "word",
    [
        *("нет", "ні", "hayır", "Hayir", "否", "لا", "nie", "não", "いいえ", "לא", "אין", "خیر", "نه", "ندارد", "۰"),
        *("नहीं", "नही", "ไม่", "ไม่ใช่", "ไม่มี", "เท็จ", "๐"),
    ],
)
def test_a_no_in_every_language_is_no_yes(word: str) -> None:
    """A column of those who have left would take everybody off."""
    assert (says_yes(word), read_suppression(word)) == (False, None)


@pytest.mark.parametrize("word", [*Consent])
def test_our_own_words_of_consent_are_read_back(word: Consent) -> None:
    """What an export writes means the same to an import."""
    assert read_consent(word.value) is word


@pytest.mark.parametrize("word", [*Suppression])
def test_our_own_reasons_of_suppression_are_read_back(word: Suppression) -> None:
    """What an export writes means the same to an import."""
    assert read_suppression(word.value) is word


def test_an_unknown_reason_of_suppression_still_suppresses() -> None:
    """A date, or a word that nobody foresaw, must not turn into consent; `no` and nothing are none."""
    assert read_suppression("2024-07-01 10:00:00") is Suppression.BY_HAND
    assert [read_suppression(word) for word in ("", "no", "FALSE", "0", "Nein")] == [None] * 5


def test_a_date_is_a_yes() -> None:
    """Other programs write when somebody left."""
    assert [says_yes(word) for word in ("2024-07-01", "yes", "1", "", "No", "0")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("word", ["2", "-1", "+1", "01", "10", "-0"])
def test_a_number_beside_no_and_yes_is_not_known(word: str) -> None:
    """AcyMailing writes -1 of those who have left, and each program has numbers of its own."""
    assert read_consent(word) is None


@pytest.mark.parametrize("word", ["0000-00-00", "0000-00-00 00:00:00", "00.00.0000"])
def test_a_date_of_nothing_is_a_no(word: str) -> None:
    """MySQL writes so what has not happened."""
    assert not says_yes(word)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("", Consent.PENDING),
        ("0", Consent.PENDING),
        ("nein", Consent.PENDING),
        ("0000-00-00 00:00:00", Consent.PENDING),
        ("1970-01-01 01:00:00", Consent.PENDING),
        ("1970/1/1 9:00", Consent.PENDING),
        ("01.01.1970 01:00", Consent.PENDING),
        ("pending", Consent.PENDING),
        ("1", Consent.CONFIRMED),
        ("1577872800", Consent.CONFIRMED),
        ("2020-01-01 10:00:00", Consent.CONFIRMED),
        ("ja", Consent.CONFIRMED),
        ("unsubscribed", Consent.UNSUBSCRIBED),
        ("bounced", Suppression.BOUNCE),
        ("2", None),
        ("gold", None),
    ],
)
def test_whether_or_when_somebody_confirmed(word: str, meaning: Consent | Suppression | None) -> None:
    """Nothing, a no and a time of nothing are of somebody who has not; they have left by another word alone."""
    assert read_confirmed(word) is meaning


def test_what_a_person_says_that_words_mean() -> None:
    """Case and blanks make no difference, and a word may have a sign of equality in it."""
    assert read_words(["2 = Unsubscribed", "GOLD=confirmed", "a=b=by hand", "3=bounce"]) == {
        "2": Consent.UNSUBSCRIBED,
        "gold": Consent.CONFIRMED,
        "a=b": Suppression.BY_HAND,
        "3": Suppression.BOUNCE,
    }


@pytest.mark.parametrize("pair", ["2", "2=", "=confirmed", "2=left", "2=erasure"])
def test_what_says_nothing_of_a_word_is_told(pair: str) -> None:
    """An erasure is no state that a file can tell: nothing may be held of the person."""
    with pytest.raises(AudienceError) as caught:
        read_words([pair])
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        f"'{pair}' does not say what a word means",
        "a word can mean pending, confirmed, unsubscribed, bounce, complaint, by hand",
        "write it as in 2=unsubscribed",
    )


def test_a_word_that_is_said_to_mean_two_things_is_refused() -> None:
    """Else the last one would count, and somebody who has left might be written to."""
    assert read_words(["2=bounce", "2 = Bounce"]) == {"2": Suppression.BOUNCE}
    with pytest.raises(AudienceError) as caught:
        read_words(["Gold=unsubscribed", "gold=confirmed"])
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "'gold' is said to mean two things",
        "unsubscribed and confirmed",
        "say the one that is right",
    )
