"""What columns and their cells mean."""

from __future__ import annotations

import pytest

from newsletter.audience.columns import Columns, read_columns
from newsletter.config import Workspace
from newsletter.errors import AudienceError, UnclearColumns, UnclearWords
from newsletter.store import Database
from tests.audience.people import put, states


@pytest.mark.parametrize(
    ("header", "used"),
    [
        ("email", {"address": "email"}),
        ("E-Mail", {"address": "E-Mail"}),
        ("E-Mail-Adresse;Vorname;Name", {"address": "E-Mail-Adresse", "first_name": "Vorname", "name": "Name"}),
        ("Adresse e-mail;Prénom;Nom", {"address": "Adresse e-mail", "first_name": "Prénom", "name": "Nom"}),
        ("Correo electrónico;Nombre", {"address": "Correo electrónico", "name": "Nombre"}),
        ("Электронная почта;Имя;Язык", {"address": "Электронная почта", "name": "Имя", "language": "Язык"}),
        ("البريد الإلكتروني;الاسم", {"address": "البريد الإلكتروني", "name": "الاسم"}),
        (
            "Email Address;First Name;Last Name;Address",
            {"address": "Email Address", "first_name": "First Name", "last_name": "Last Name"},
        ),
        ("user_login;user_email;display_name", {"address": "user_email", "name": "display_name"}),
        ("uuid;email;name;status", {"address": "email", "name": "name", "consent": "status"}),
        ("address;name;language;consent", {n: n for n in ("address", "name", "language", "consent")}),
        (
            "EMAIL;LASTNAME;EMAIL_BLACKLISTED",
            {"address": "EMAIL", "last_name": "LASTNAME", "suppressed": "EMAIL_BLACKLISTED"},
        ),
        (
            "E-mailadres;Voornaam;Achternaam",
            {"address": "E-mailadres", "first_name": "Voornaam", "last_name": "Achternaam"},
        ),
        ("Adres e-mail;Imię;Nazwisko", {"address": "Adres e-mail", "first_name": "Imię", "last_name": "Nazwisko"}),
        ("Adres e-mail;Język;Status", {"address": "Adres e-mail", "language": "Język", "consent": "Status"}),
        ("メールアドレス;氏名;購読状態", {"address": "メールアドレス", "name": "氏名", "consent": "購読状態"}),
        ("البريد الإلكتروني;الحالة", {"address": "البريد الإلكتروني", "consent": "الحالة"}),
        ("E-posta adresi;Ad Soyad;Dil", {"address": "E-posta adresi", "name": "Ad Soyad", "language": "Dil"}),
        ("E-posta;İsim;Soyadı", {"address": "E-posta", "name": "İsim", "last_name": "Soyadı"}),
        (
            "Електронна пошта;Ім’я;Прізвище",
            {"address": "Електронна пошта", "name": "Ім’я", "last_name": "Прізвище"},
        ),
        ("Электронная почта;Фамилия", {"address": "Электронная почта", "last_name": "Фамилия"}),
        ("电子邮件;姓名;订阅状态", {"address": "电子邮件", "name": "姓名", "consent": "订阅状态"}),
        (
            "דוא״ל;שם פרטי;שם משפחה;שפה",
            {"address": "דוא״ל", "first_name": "שם פרטי", "last_name": "שם משפחה", "language": "שפה"},
        ),
        ('כתובת דוא"ל;שם מלא;סטטוס', {"address": 'כתובת דוא"ל', "name": "שם מלא", "consent": "סטטוס"}),
        ("אימייל;תאריך הסרה", {"address": "אימייל", "left": "תאריך הסרה"}),
        (
            "نشانی ایمیل;نام;نام خانوادگی;زبان",
            {"address": "نشانی ایمیل", "name": "نام", "last_name": "نام خانوادگی", "language": "زبان"},
        ),
        (
            "پست الکترونیکی;نام و نام\u200cخانوادگی;وضعیت",
            {"address": "پست الکترونیکی", "name": "نام و نام\u200cخانوادگی", "consent": "وضعیت"},
        ),
        # As an Arabic keyboard writes it.
        ("ايميل;لغو اشتراك", {"address": "ايميل", "left": "لغو اشتراك"}),
        ("ईमेल पता;पूरा नाम;भाषा", {"address": "ईमेल पता", "name": "पूरा नाम", "language": "भाषा"}),
        ("ई-मेल;नाम;सहमति", {"address": "ई-मेल", "name": "नाम", "consent": "सहमति"}),
        ("ईमेल;सदस्यता रद्द", {"address": "ईमेल", "left": "सदस्यता रद्द"}),
        (
            "อีเมล;ชื่อ;นามสกุล;ภาษา",
            {"address": "อีเมล", "name": "ชื่อ", "last_name": "นามสกุล", "language": "ภาษา"},
        ),
        ("ที่อยู่อีเมล;ชื่อ-นามสกุล;สถานะ", {"address": "ที่อยู่อีเมล", "name": "ชื่อ-นามสกุล", "consent": "สถานะ"}),
        ("อีเมล;วันที่ยกเลิก", {"address": "อีเมล", "left": "วันที่ยกเลิก"}),
        ("אימייל;תאריך הסכמה", {"address": "אימייל", "consent_at": "תאריך הסכמה"}),
        ("ایمیل;تاریخ رضایت", {"address": "ایمیل", "consent_at": "تاریخ رضایت"}),
        ("ईमेल;सहमति की तारीख़", {"address": "ईमेल", "consent_at": "सहमति की तारीख़"}),
        ("อีเมล;วันที่ให้ความยินยอม", {"address": "อีเมล", "consent_at": "วันที่ให้ความยินยอม"}),
        (
            "Διεύθυνση email;Όνομα;Επώνυμο;Γλώσσα",
            {"address": "Διεύθυνση email", "name": "Όνομα", "last_name": "Επώνυμο", "language": "Γλώσσα"},
        ),
        ("E-mail;Ονοματεπώνυμο;Κατάσταση", {"address": "E-mail", "name": "Ονοματεπώνυμο", "consent": "Κατάσταση"}),
        ("Endereço de e-mail;Apelido", {"address": "Endereço de e-mail", "last_name": "Apelido"}),
        ("E-post;Förnamn;Efternamn", {"address": "E-post", "first_name": "Förnamn", "last_name": "Efternamn"}),
        ("Email;UNSUB_TIME", {"address": "Email", "left": "UNSUB_TIME"}),
        ("Email;Email Opt Out", {"address": "Email", "left": "Email Opt Out"}),
        ("email;email_disabled;plan", {"address": "email", "left": "email_disabled"}),
        ("email;subscribed_to_emails", {"address": "email", "consent": "subscribed_to_emails"}),
        ("Subscriber;Name", {"address": "Subscriber", "name": "Name"}),
        ("Email;Accepts Email Marketing", {"address": "Email", "consent": "Accepts Email Marketing"}),
    ],
)
def test_columns_are_known_by_the_names_that_people_give_them(header: str, used: dict[str, str]) -> None:
    """Case, accents, blanks and dashes make no difference, and the surest name wins."""
    columns = read_columns(header.split(";"))
    assert columns is not None
    assert columns.used == used


def test_other_columns_are_named_as_ignored() -> None:
    """Whoever imports sees what was left aside."""
    assert read_columns(["Company", "Email", "", "Phone"]) == Columns({"address": 1}, ("Company", "Email", "", "Phone"))
    columns = read_columns(["Company", "Email", "", "Phone"])
    assert columns is not None
    assert columns.ignored == ("Company", "Phone")


def test_a_postal_state_is_not_taken_for_consent() -> None:
    """A column called State holds a part of a country as often as not."""
    columns = read_columns(["Email", "State"])
    assert columns is not None
    assert columns.used == {"address": "Email"}


def test_columns_without_addresses_are_nothing() -> None:
    """A file that names no column of addresses is not guessed at."""
    assert read_columns(["Company", "Phone"]) is None
    assert read_columns([]) is None


def test_of_two_columns_by_which_people_leave_none_is_passed_over(database: Database, workspace: Workspace) -> None:
    """Whoever says no in the second one would be written to; a person may say which one counts."""
    content = "email,unsubscribed,Opt-out\nanna@example.org,no,yes\n"
    with pytest.raises(AudienceError, match="'unsubscribed' and 'Opt-out' both seem to say") as caught:
        put(database, workspace, content)
    assert caught.value.fix == (
        'say that both do: --map left="unsubscribed" --map left="Opt-out", or say which one counts: '
        '--map left="unsubscribed"'
    )
    assert states(database) == {}
    with pytest.raises(UnclearColumns) as caught:
        put(database, workspace, "email,unsubscribed,Unsubscribed\nanna@example.org,no,yes\n")
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "two columns are called 'unsubscribed', and both seem to say who may be written to",
        "whoever has left by the one that is not read would be written to",
        "give each a name of its own in the file, or put them together in one column",
    )
    put(database, workspace, content, mapping={"left": "opt out"})
    assert states(database) == {("anna@example.org", "monthly"): "unsubscribed"}


def test_all_columns_that_rival_are_asked_about_at_once(database: Database, workspace: Workspace) -> None:
    """With one command line to copy: an address book has one for each way to say no."""
    content = "email,unsubscribed,Opt-out,status,emaildisabled,subscribed\nanna@example.org,no,yes,active,no,yes\n"
    with pytest.raises(UnclearColumns) as caught:
        put(database, workspace, content)
    consent, left = caught.value.each
    assert (consent.message, consent.fix) == (
        "the columns 'status' and 'subscribed' both seem to say who may be written to",
        'put them together in one column, or say which one counts: --map consent="status"',
    )
    assert left.message == (
        "the columns 'unsubscribed', 'Opt-out' and 'emaildisabled' all seem to say who may be written to"
    )
    assert left.fix == (
        'say that all of them do: --map left="unsubscribed" --map left="Opt-out" --map left="emaildisabled", or say '
        'which one counts: --map left="unsubscribed"'
    )
    mapping = {"consent": "status", "left": ("unsubscribed", "Opt-out", "emaildisabled")}
    assert put(database, workspace, content, mapping=mapping).unsubscribed == 1


def test_what_numbers_mean_is_asked_with_who_may_have_left(database: Database, workspace: Workspace) -> None:
    """What is found out by the same reading of the file is told with it."""
    content = "email,status,Do not email\nanna@example.org,1,yes\nbo@example.org,2,\n"
    with pytest.raises(UnclearWords) as caught:
        put(database, workspace, content, plan=True)
    assert [one.message for one in caught.value.each] == [
        "the column 'status' has numbers that may mean anything, such as 2",
        "nothing is imported: people who have left may be in the file, by the column 'Do not email' (in 1 row)",
    ]
