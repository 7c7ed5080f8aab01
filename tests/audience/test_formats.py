"""Exports of other newsletter programs."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newsletter.audience import show
from newsletter.audience.doubts import Doubt
from newsletter.config import Workspace
from newsletter.errors import AudienceError
from newsletter.store import Database
from tests import factories as make
from tests.audience.people import messages, people, put, states, summary, write
from tests.databases import open_ready

LISTMONK = (
    "uuid,email,name,attributes,status,created_at,updated_at\n"
    '5f1,a@example.org,Anna,"{""country"": ""at"", ""city"": ""Wien""}",enabled,2022-01-02 03:04:05 +0000 UTC,x\n'
    "5f2,b@example.org,Bo,{},disabled,x,x\n"
    "5f3,c@example.org,C,{},blocklisted,x,x\n"
)
KEILA = (
    "Email,First name,Last name,Data,Status\r\n"
    'a@example.org,Anna,Example,"{""country"":""DE""}",active\r\n'
    "b@example.org,Bo,,,unsubscribed\r\n"
    "c@example.org,,,,unreachable\r\n"
)
MAILCHIMP_TAIL = "CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
MAILCHIMP_SUBSCRIBED = (
    f'"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,{MAILCHIMP_TAIL}\n'
    'a@example.org,Anna,Example,2,"2020-01-02 03:04:05",192.0.2.1,,AT,,"2021-01-01 00:00:00",1,ab,,"""VIP"""\n'
)
MAILCHIMP_LEFT = (
    f'"Email Address","First Name",MEMBER_RATING,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,{MAILCHIMP_TAIL}\n'
    'a@example.org,Anna,2,"2020-01-02 03:04:05",July,AT,,x,1,ab,,\nb@example.org,Bo,2,,,AT,,x,2,cd,,\n'
)
MAILCHIMP_CLEANED = (
    f'"Email Address",MEMBER_RATING,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,{MAILCHIMP_TAIL}\n'
    'a@example.org,2,"2020-01-02 03:04:05",July,AT,,x,1,ab,,\nb@example.org,2,,,AT,,x,2,cd,,\n'
)
BREVO = (
    "EMAIL;LASTNAME;FIRSTNAME;SMS;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME;MODIFIED_TIME\n"
    "a@example.org;Example;Anna;;No;Yes;12-04-2022 09:30;13-04-2022 10:00\n"
    "b@example.org;;Bo;;Yes;No;12-04-2022 09:30;13-04-2022 10:00\n"
)
WORDPRESS = '"Email";"Name";"Surname";"Sex";"Status";"Date";"Token";"Profile 1";"List 1"\n' + "".join(
    f'"{name}@example.org";"Anna";"Example";"n";"{letter}";"2022-01-02 03:04:05";"0f";"";"1"\n'
    for name, letter in zip("abcde", "CUSBP", strict=True)
)
CLEVERREACH = (
    "email;registered;activated;deactivated;bounced;source;firstname\n"
    "a@example.org;1577872700;1577872800;0;0;form;Anna\n"
    "b@example.org;1577872700;1577872800;1609495200;0;form;Bo\n"
    "c@example.org;1577872700;0;0;0;form;C\n"
    "d@example.org;1577872700;;;;form;D\n"
    "e@example.org;1577872700;1577872800;0;1609495200;form;E\n"
)
CLEVERREACH_IN_GERMAN = (
    "E-Mail;Registriert;Aktiviert;Deaktiviert\n"
    "a@example.org;01.01.2020 10:58;01.01.2020 11:00;\n"
    "b@example.org;01.01.2020 10:58;01.01.2020 11:00;01.01.2021 11:00\n"
    "c@example.org;01.01.2020 10:58;;\n"
    "d@example.org;01.01.2020 10:58;01.01.1970 01:00;\n"
)
PHPLIST = (
    "id\tEmail\tIs this subscriber confirmed\tIs this subscriber blacklisted\tDid this subscriber manually confirm\t"
    "Number of bounces\tSend this subscriber HTML emails\tList Membership\n"
    "1\ta@example.org\t1\t0\t0\t2\t0\tMonthly; \n"
    "2\tb@example.org\t1\t1\t1\t0\t1\tNo Lists\n"
    "3\tc@example.org\t0\t0\t0\t0\t1\tMonthly; Events; \n"
)
MAILTRAIN = (
    "cid,status,HASH_EMAIL,EMAIL,FIRST_NAME\nx1,subscribed,h,a@example.org,Anna\nx2,unsubscribed,h,b@example.org,Bo\n"
    "x3,bounced,h,c@example.org,\nx4,complained,h,d@example.org,\n"
)
MAILTRAIN_TABLE = (
    "id,cid,status,hash_email,email\n1,x1,1,h,a@example.org\n2,x2,2,h,b@example.org\n3,x3,3,h,c@example.org\n"
    "4,x4,4,h,d@example.org\n"
)


@pytest.mark.parametrize(
    ("content", "program", "found", "suppressed"),
    [
        (
            CLEVERREACH,
            "CleverReach",
            {"a": "confirmed", "b": "unsubscribed", "c": "pending", "d": "pending"},
            {"e": "by hand"},
        ),
        (
            CLEVERREACH_IN_GERMAN,
            "CleverReach",
            {"a": "confirmed", "b": "unsubscribed", "c": "pending", "d": "pending"},
            {},
        ),
        (PHPLIST, "phpList", {"a": "confirmed", "b": "unsubscribed", "c": "pending"}, {}),
        (MAILTRAIN, "Mailtrain", {"a": "confirmed", "b": "unsubscribed"}, {"c": "bounce", "d": "complaint"}),
        (MAILTRAIN_TABLE, "Mailtrain", {"a": "confirmed", "b": "unsubscribed"}, {"c": "bounce", "d": "complaint"}),
        (LISTMONK, "listmonk", {"a": "confirmed", "b": "unsubscribed"}, {"c": "by hand"}),
        (KEILA, "Keila", {"a": "confirmed", "b": "unsubscribed"}, {"c": "bounce"}),
        (MAILCHIMP_SUBSCRIBED, "Mailchimp", {"a": "confirmed"}, {}),
        (MAILCHIMP_LEFT, "Mailchimp", {"a": "unsubscribed", "b": "unsubscribed"}, {}),
        (MAILCHIMP_CLEANED, "Mailchimp", {}, {"a": "bounce", "b": "bounce"}),
        (BREVO, "Brevo", {"a": "confirmed"}, {"b": "by hand"}),
        (
            WORDPRESS,
            "Newsletter for WordPress",
            {"a": "confirmed", "b": "unsubscribed", "c": "pending"},
            {"d": "bounce", "e": "complaint"},
        ),
    ],
)
def test_who_left_elsewhere_is_never_confirmed_here(
    database: Database,
    workspace: Workspace,
    content: str,
    program: str,
    found: dict[str, str],
    suppressed: dict[str, str],
) -> None:
    """The program is recognised by its columns, and what takes rights away comes along, even where a cell is empty."""
    report = put(database, workspace, content)
    assert (report.program, report.guessed, report.doubts, report.invalid) == (program, (), (), 0)
    assert states(database) == {(f"{name}@example.org", "monthly"): state for name, state in found.items()}
    assert {name: show(database, f"{name}@example.org")["suppression"]["reason"] for name in suppressed} == suppressed


def test_names_and_declared_attributes_come_along(database: Database, workspace: Workspace) -> None:
    """Of the JSON of listmonk and Keila, what the settings declare; the rest stays out."""
    declared = make.workspace(
        workspace.root,
        lists={"monthly": {"title": "Monthly"}},
        attributes={"country": {"type": "country"}},
        database=workspace.settings.database,
    )
    with open_ready(declared) as opened:
        put(opened, declared, LISTMONK)
        assert show(opened, "a@example.org")["attributes"] == {"country": "AT"}
        assert summary(put(opened, declared, KEILA))["updated"] == 1
        assert show(opened, "a@example.org")["attributes"] == {"country": "DE"}
        assert people(opened)[0] == ("a@example.org", "Anna Example", "")


def test_a_sign_up_elsewhere_is_kept_with_its_time(database: Database, workspace: Workspace) -> None:
    """Mailchimp's OPTIN_TIME, which only those have who signed up themselves, in the newsletter's zone."""
    put(database, workspace, MAILCHIMP_SUBSCRIBED)
    (word,) = show(database, "a@example.org")["lists"]
    assert (word["confirmed_at"], word["proof"]) == ("2020-01-02T02:04:05+00:00", "")


@pytest.mark.parametrize(
    ("zone", "written", "kept"),
    [
        ("Europe/Vienna", "2024-03-31 02:30:11", "2024-03-31T01:30:11+00:00"),
        ("America/New_York", "2024-07-28 08:59:00", "2024-07-28T08:59:00+00:00"),
        ("America/New_York", "2024-07-28 04:59:00", "2024-07-28T08:59:00+00:00"),
    ],
)
def test_the_clock_of_another_program_keeps_nobody_off(
    database: Database, workspace: Workspace, zone: str, written: str, kept: str
) -> None:
    """Many write UTC without saying so: an hour that clocks skip here, or one that is still to come here."""
    settings = workspace.settings.model_copy(update={"zone": ZoneInfo(zone)})
    put(database, workspace, MAILCHIMP_SUBSCRIBED.replace("2020-01-02 03:04:05", written), settings=settings)
    (word,) = show(database, "a@example.org")["lists"]
    assert word["confirmed_at"] == kept


def test_the_name_of_the_file_tells_mailchimps_states_apart(database: Database, workspace: Workspace) -> None:
    """A list may have columns called UNSUB_TIME from an older import; those who never subscribed are refused."""
    from newsletter.audience import import_file
    from tests.audience.people import NOW

    options: dict[str, Any] = {"settings": workspace.settings, "now": NOW}
    file = write(workspace.root, MAILCHIMP_LEFT.encode())
    subscribed = file.rename(file.with_name("subscribed_email_audience_export_1.csv"))
    report = import_file(database, subscribed, "monthly", **options)
    assert (report.added, report.unsubscribed) == (1, 1)
    left = write(workspace.root, MAILCHIMP_SUBSCRIBED.encode()).rename(workspace.root / "unsubscribed_export.csv")
    assert import_file(database, left, "events", **options).unsubscribed == 1
    for kind in ("nonsubscribed", "Transactional"):
        left = left.rename(workspace.root / f"{kind}_email_audience_export_1.csv")
        with pytest.raises(AudienceError, match="have never subscribed"):
            import_file(database, left, "monthly", **options)


def test_columns_that_a_team_named_itself_do_not_hide_the_program(database: Database, workspace: Workspace) -> None:
    """Mailchimp's export has the labels of the audience's fields, Brevo's attributes are in the account's language."""
    from newsletter.audience import import_file
    from tests.audience.people import NOW

    named = MAILCHIMP_SUBSCRIBED.replace('"Email Address","First Name","Last Name"', "E-Mail-Adresse,Vorname,Nachname")
    file = write(workspace.root, named.encode()).rename(workspace.root / "nonsubscribed_members_export_1.csv")
    with pytest.raises(AudienceError, match="have never subscribed"):
        import_file(database, file, "monthly", settings=workspace.settings, now=NOW)
    report = put(database, workspace, named)
    assert (report.program, report.guessed) == ("Mailchimp", ("address", "first_name", "last_name"))
    put(database, workspace, BREVO.replace("LASTNAME;FIRSTNAME", "NOM;PRENOM").replace("a@", "c@"))
    assert people(database)[:2] == [("a@example.org", "Anna Example", ""), ("c@example.org", "Anna Example", "")]


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (LISTMONK, "listmonk's export does not say who has left a single list"),
        (BREVO.replace("EMAIL_BLACKLISTED;", "X;"), "this export does not say who is blocklisted"),
        (KEILA.replace(",Status", ",X"), "this export does not say who has unsubscribed"),
        ("email,List Membership\na@example.org,Monthly\n", "this export does not say who has confirmed"),
    ],
)
def test_what_an_export_does_not_say_is_told(database: Database, workspace: Workspace, content: str, note: str) -> None:
    """Otherwise people who left would be written to, and nobody would know why."""
    assert put(database, workspace, content, plan=True).note.startswith(note)


@pytest.mark.parametrize("content", [BREVO, KEILA, MAILCHIMP_SUBSCRIBED, "email\na@example.org\n"])
def test_of_an_export_that_says_everything_nothing_is_told(
    database: Database, workspace: Workspace, content: str
) -> None:
    """A warning that is always there is not read."""
    assert put(database, workspace, content, plan=True).note == ""


def test_a_mapping_wins_over_what_is_recognised(database: Database, workspace: Workspace) -> None:
    """Whoever imports knows their file best."""
    report = put(database, workspace, MAILCHIMP_SUBSCRIBED, mapping={"topics": "TAGS", "name": "First Name"})
    assert report.columns[:2] == (("topics", "TAGS"), ("name", "First Name"))
    assert show(database, "a@example.org")["topics"] == ["vip"]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"emial": "Email Address"}, "'emial' is nothing that a column can be; did you mean 'email'?"),
        ({"email": "Emial Address"}, "no column is called 'Emial Address'; did you mean 'Email Address'?"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told(
    database: Database, workspace: Workspace, mapping: dict[str, str], message: str
) -> None:
    """Both sides are looked up."""
    with pytest.raises(AudienceError) as caught:
        put(database, workspace, MAILCHIMP_SUBSCRIBED, mapping=mapping)
    assert caught.value.message == message


def test_what_a_column_can_be_is_told_in_the_words_of_the_guide(database: Database, workspace: Workspace) -> None:
    """Whoever copies a word from the message finds it in the guide, and the other way round."""
    with pytest.raises(AudienceError) as caught:
        put(database, workspace, MAILCHIMP_SUBSCRIBED, mapping={"mood": "TAGS"})
    assert caught.value.why.startswith("a column can be email, ")
    assert {"confirmed_at", "proof"} <= set(caught.value.why.replace(",", "").split())


def test_a_mapped_column_needs_no_name_that_is_known(database: Database, workspace: Workspace) -> None:
    """Nothing is a guess then, and a row that cannot be used names its column."""
    report = put(
        database,
        workspace,
        "Kontakt;Seit\na@example.org;2024-07-01\nb@example.org;soon\nc@example.org;2031-01-01\n",
        mapping={"email": "Kontakt", "confirmed_at": "Seit"},
    )
    assert report.guessed == ()
    assert [message.partition(";")[0] for message in messages(report)] == [
        "3: invalid: in the column Seit: 'soon' is not a date",
        "4: invalid: in the column Seit: 2031-01-01 is still to come",
    ]


def test_who_has_no_time_of_confirming_at_mailchimp_is_asked(database: Database, workspace: Workspace) -> None:
    """A file of those who never subscribed may have lost its name; whoever was imported there has that time."""
    head = "Email Address,OPTIN_TIME,CONFIRM_TIME,LEID,EUID\n"
    subscribed = head + "anna@example.org,,2024-01-02 10:00:00,1,a\nbo@example.org,2024-01-02,,2,b\n"
    assert put(database, workspace, subscribed, plan=True).doubts == ()
    never = head + "cy@example.org,,,3,c\n"
    assert put(database, workspace, never, plan=True).doubts == (Doubt("CONFIRM_TIME", "confirmed", 1),)
    put(database, workspace, never, mapping={"confirmed": "CONFIRM_TIME"})
    assert states(database) == {("cy@example.org", "monthly"): "pending"}
