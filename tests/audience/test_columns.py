"""What columns and their cells mean."""

from __future__ import annotations

import pytest

from newsletter.audience.columns import Columns, read_columns


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
