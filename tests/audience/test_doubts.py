"""Columns that are not used and may say who has left: nobody is written to before somebody has looked."""

from __future__ import annotations

import pytest

from newsletter.audience.doubts import Doubt
from newsletter.audience.importing import remedy
from newsletter.config import Workspace
from newsletter.errors import AudienceError
from newsletter.store import Database
from tests.audience.people import doubts, put, states


@pytest.mark.parametrize(
    ("header", "yes", "no", "meaning"),
    [
        ("Do not email", "yes", "no", "left"),
        ("Don't e-mail", "x", "", "left"),
        ("DoNotContact", "TRUE", "FALSE", "left"),
        ("No mail", "1", "0", "left"),
        ("Opted out on", "2024-01-02", "n/a", "left"),
        ("DNC", "Y", "N", "left"),
        ("Unsub reason", "too many", "", "left"),
        ("Newsletter abgemeldet", "ja", "nein", "left"),
        ("Keine E-Mails", "WAHR", "FALSCH", "left"),
        ("désinscrit(e)", "oui", "non", "left"),
        ("Ne pas contacter", "VRAI", "FAUX", "left"),
        ("Baja del boletín", "sí", "no", "left"),
        ("Uitgeschreven?", "ja", "nee", "left"),
        ("отписался", "да", "нет", "left"),
        ("DoNotBulkEMail", "1", "0", "left"),
        ("Do not allow Emails", "Yes", "No", "left"),
        ("Email on hold", "1", "0", "left"),
        ("deleted_at", "2024-01-02", "", "left"),
        ("Gelöscht", "ja", "nein", "left"),
        ("Austrittsdatum", "2024-01-02", "", "left"),
        ("Abbestellt am", "2024-01-02", "", "left"),
        ("Gekündigt", "ja", "", "left"),
        ("Werbesperre", "1", "0", "left"),
        ("Désactivé", "oui", "non", "left"),
        ("inactive", "1", "0", "left"),
        ("disable", "1", "0", "left"),
        ("hidden", "1", "0", "left"),
        ("isActive", "false", "true", "consent"),
        ("isActivated", "0", "1577872800", "consent"),
        ("Verified", "No", "Yes", "consent"),
        ("List Status", "Unconfirmed", "Active", "consent"),
        ("Newsletter subscription", "pending", "yes", "consent"),
        ("reception", "nomail", "mail", "consent"),
        ("Wants mail", "no", "yes", "consent"),
        ("allowEmail", "false", "true", "consent"),
        ("État", "désinscrit", "Bavière", "consent"),
        ("Tags", "vip, unsubscribed", "vip", "consent"),
        ("Lifecycle stage", "Opted out", "Lead", "consent"),
        ("Undeliverable", "yes", "no", "suppressed"),
        ("Invalid email", "1", "0", "suppressed"),
        ("Hard bounces", "1", "0", "suppressed"),
        ("Blacklisted by us", "true", "false", "suppressed"),
        ("Newsletter", "no", "yes", "consent"),
        ("Opted in on the web", "0", "1", "consent"),
        ("Email status", "unsubscribed", "active", "consent"),
        ("Member status", "cleaned", "gold", "consent"),
        ("State", "Unsubscribed", "Active", "consent"),
        ("Subscriber state", "cancelled", "Texas", "consent"),
        ("GDPR consent", "nein", "", "consent"),
        ("Подписка", "нет", "да", "consent"),
        ("配信停止", "1", "", "left"),
        ("退会日", "2024/01/02", "", "left"),
        ("メルマガ希望", "いいえ", "はい", "consent"),
        ("備考", "配信停止", "特になし", "consent"),
        ("ملاحظات", "غير مشترك", "عضو", "consent"),
        ("Uwagi", "wypisany", "członek", "consent"),
        ("is_excluded_from_campaigns", "true", "false", "left"),
        ("Is Deceased", "1", "", "left"),
        ("can2_subscription_status", "bouncing", "subscribed", "consent"),
        ("email1_is_bad", "true", "false", "suppressed"),
        ("Email preference", "No email", "All email", "consent"),
        ("Email status", "Bouncing", "Email OK", "consent"),
        ("Delivery status", "by_bounces", "enabled", "consent"),
        ("Inscrit", "non", "oui", "consent"),
        ("Souhaite recevoir nos informations", "non", "oui", "consent"),
        ("Inscrito", "não", "sim", "consent"),
        ("Ativo", "não", "sim", "consent"),
        ("accept", "0", "1", "consent"),
        ("Erhält Post", "nein", "ja", "consent"),
        ("Nieuwsbrief", "nee", "ja", "consent"),
        ("Nyhetsbrev", "nej", "ja", "consent"),
        ("Kontakterlaubnis", "nein", "ja", "consent"),
        ("Recibe correos", "no", "sí", "consent"),
        ("Aktywny", "nie", "tak", "consent"),
        ("Marketing", "Not opted in", "Opted in", "consent"),
        ("Marketing contact status", "Non-marketing contact", "Marketing contact", "consent"),
        ("Do you want our newsletter?", "No, thank you", "Yes, please", "consent"),
        ("Newsletter erwünscht?", "Nein, danke", "Ja, gerne", "consent"),
        ("Estado", "Dado de baja", "Jalisco", "consent"),
        ("Situación", "Cancelado", "Activo", "consent"),
        ("Excluido", "Sí", "No", "left"),
        ("Email rebotado", "sí", "no", "suppressed"),
        ("Situação", "Descadastrado", "Ativo", "consent"),
        ("Cancelou", "Sim", "Não", "left"),
        ("Descadastro", "2024-01-02", "", "left"),
        ("Não enviar", "Sim", "Não", "left"),
        ("Subscrição", "Não", "Sim", "consent"),
        ("Receber boletim", "Não", "Sim", "consent"),
        ("Ne plus contacter", "oui", "non", "left"),
        ("Austragung", "2024-01-02", "", "left"),
        ("Empfänger aktiv", "nein", "ja", "consent"),
        ("Stato", "Cancellato", "Attivo", "consent"),
        ("Cancellato", "sì", "no", "left"),
        ("Активен", "нет", "да", "consent"),
        ("Удалён", "да", "нет", "left"),
        ("Заблокирован", "да", "нет", "suppressed"),
        ("Стан", "Відписано", "Активний", "consent"),
        ("Дата відписки", "2024-01-02", "", "left"),
        ("Не писати", "так", "ні", "left"),
        ("Підписаний", "ні", "так", "consent"),
        ("Розсилка", "ні", "так", "consent"),
        ("Заблоковано", "так", "ні", "suppressed"),
        ("Durum", "Abonelikten çıktı", "Aktif", "consent"),
        ("Abonelikten çıkış", "evet", "hayır", "left"),
        ("İptal", "evet", "hayır", "left"),
        ("Abone", "hayır", "evet", "consent"),
        ("E-bülten", "Hayır", "Evet", "consent"),
        ("退订时间", "2024-01-02", "", "left"),
        ("取消订阅", "是", "否", "left"),
        ("是否订阅", "否", "是", "consent"),
        ("状态", "已退订", "有效", "consent"),
        ("黑名单", "是", "否", "suppressed"),
        ("مشترك", "لا", "نعم", "consent"),
        ("تاريخ الإلغاء", "2024-01-02", "", "left"),
        ("محظور", "نعم", "لا", "suppressed"),
        ("Newsletterabmeldung", "ja", "nein", "left"),
        ("isunsubscribed", "1", "0", "left"),
        ("marketingoptout", "1", "0", "left"),
        ("donotbulkemail", "Do Not Allow", "Allow", "left"),
        ("nomail", "on", "off", "left"),
        ("Sterbedatum", "2024-01-02", "", "left"),
        ("Not to be contacted", "x", "", "left"),
        ("Stop Date", "2024-01-02", "", "left"),
        ("isblacklisted", "1", "0", "suppressed"),
        ("Invalid email address", "true", "false", "suppressed"),
        ("E-Mail ungültig", "x", "", "suppressed"),
        ("emailoptin", "0", "1", "consent"),
        ("DOUBLE_OPT-IN", "2", "1", "consent"),
        ("Werbeeinwilligung", "nein", "ja", "consent"),
        ("permission_to_send", "not_set", "explicit", "consent"),
        ("Marketing permission", "Awaiting", "Yes", "consent"),
        ("Einwilligung Werbung", "nicht erteilt", "ja", "consent"),
        ("Consentement marketing", "refusé", "oui", "consent"),
        ("member_status", "3", "1", "consent"),
        ("May we keep you informed about our work?", "No", "Yes", "consent"),
        ("Can we contact you about future events?", "No", "Yes", "consent"),
        ("Dürfen wir Sie kontaktieren?", "Nein", "Ja", "consent"),
        ("Email verified", "false", "true", "consent"),
        ("notify", "no", "yes", "consent"),
        ("Notifications", "off", "on", "consent"),
        ("Circular", "no", "yes", "consent"),
        ("Lettre circulaire", "non", "oui", "consent"),
        ("Freigabe", "nein", "ja", "consent"),
        ("Rundschreiben", "nein", "ja", "consent"),
        ("Presseverteiler", "nein", "ja", "consent"),
        ("Einverständnis", "nein", "ja", "consent"),
        ("E-Mail ok?", "nein", "ja", "consent"),
        ("Toestemming", "nee", "ja", "consent"),
        ("Permiso", "no", "sí", "consent"),
        ("Communications", "no", "yes", "consent"),
        ("Contact by e-mail", "no", "yes", "consent"),
        ("OK to email", "no", "yes", "consent"),
        ("Kontaktaufnahme", "nein", "ja", "consent"),
        ("Willing to be contacted", "no", "yes", "consent"),
        ("Einladungen", "nein", "ja", "consent"),
        ("Comunicazioni", "no", "sì", "consent"),
        ("Exclude", "x", "", "left"),
        ("Löschen", "ja", "nein", "left"),
        ("Nicht senden", "ja", "nein", "left"),
        ("kein NL", "x", "", "left"),
        ("Ausgeschlossen", "ja", "nein", "left"),
        ("Falsche Adresse", "x", "", "suppressed"),
        ("Undelivered", "yes", "no", "suppressed"),
        ("Group", "deleted", "press", "consent"),
        ("Gruppe", "blockiert", "Presse", "consent"),
        ("Gruppe", "Gelo\u0308scht", "Presse", "consent"),
        ("Group", "cleaned", "press", "consent"),
        ("Notas", "baja", "prensa", "consent"),
    ],
)
def test_a_column_that_may_say_who_has_left_is_noticed(header: str, yes: str, no: str, meaning: str) -> None:
    """In the words and languages in which people write lists, by what its cells say."""
    assert doubts(header, yes) == (Doubt(header, meaning, 1),)
    assert doubts(header, no) == ()


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Company", "No"),
        ("Phone", "0"),
        ("SMS opt-out", "yes"),
        ("SMS status", "unsubscribed"),
        ("Do not call", "yes"),
        ("Unsubscribe link", "https://example.org/u/1"),
        ("Newsletters opened", "0"),
        ("Newsletter", "weekly"),
        ("Newsletter", "Non-profit news"),
        ("Economail", "x"),
        ("Customer", "no"),
        ("Left hand", "yes"),
        ("Bus stop", "Ring"),
        ("Invalid VAT number", "yes"),
        ("Refugee camp", "Zaatari"),
        ("Notes", "has subscribed to the journal since 2019"),
        ("Notes", "met at the conference; not a member"),
        ("Notes", "prefers e-mail; do not call"),
        ("Notes", "left a message in May, left-handed"),
        ("Notes", "her husband died in 2019"),
        ("Bemerkung", "bitte nicht anrufen, spricht kein Deutsch"),
        ("Bemerkung", "nur per Mail kontaktieren, nicht im Büro"),
        ("Bemerkung", "Mutter verstorben, Karte geschrieben"),
        ("Remarques", "ne plus appeler au bureau; pas membre"),
        ("City", "Stop"),
        ("Company", "No One Is Illegal"),
        ("Company", "Stop Ecocide International"),
        ("Company", "Dead Sea Museum"),
        ("Party", "Left Party"),
        ("Title", "kein Titel"),
        ("Notes", "did not attend the conference"),
        ("Notes", "no phone number, use email"),
        ("Position", "Freelance - no company"),
        ("State", "NO"),
        ("Estado", "Baja California"),
        ("City", "Baja"),
        ("Geburtsname", "Baja"),
        ("Außendienst", "nein"),
        ("Local authority", "no"),
        ("Second e-mail", "none"),
        ("Skipper", "yes"),
        ("Communication language", "NO"),
        ("Contact person", "No"),
        ("Удалённая работа", "да"),
        ("Consent to track", "No"),
        ("active_subscription", "false"),
        ("OPTIN_IP", "0"),
    ],
)
def test_other_columns_are_left_alone(header: str, cell: str) -> None:
    """Nobody is asked about telephones, links and numbers."""
    assert doubts(header, cell) == ()


FILE = "Email,Do not email,Newsletter\na@example.org,,yes\nb@example.org,yes,yes\nc@example.org,x,no\n"


def test_nothing_is_imported_before_a_doubtful_column_is_answered(database: Database, workspace: Workspace) -> None:
    """The plan names column, rows and remedy; the import refuses with the same."""
    planned = put(database, workspace, FILE, plan=True)
    assert planned.as_json()["doubts"] == [
        {"column": "Do not email", "meaning": "left", "rows": 2},
        {"column": "Newsletter", "meaning": "consent", "rows": 1},
    ]
    with pytest.raises(AudienceError) as caught:
        put(database, workspace, FILE)
    assert caught.value.message == (
        "nothing is imported: people who have left may be in the file, by the columns 'Do not email' (in 2 rows), "
        "'Newsletter' (in 1 row)"
    )
    assert caught.value.fix == "; ".join(
        f'say what it is with --map {meaning}="{name}", or that it says nothing of the kind with --ignore "{name}"'
        for meaning, name in (("left", "Do not email"), ("consent", "Newsletter"))
    )
    assert states(database) == {}


def test_an_answer_is_taken(database: Database, workspace: Workspace) -> None:
    """A column that is mapped takes people off; one that is ignored does not, and is not guessed at either."""
    report = put(database, workspace, FILE, mapping={"left": "Do not email"}, ignore=["newsletter"])
    assert report.doubts == ()
    assert states(database) == {
        ("a@example.org", "monthly"): "confirmed",
        ("b@example.org", "monthly"): "unsubscribed",
        ("c@example.org", "monthly"): "unsubscribed",
    }
    report = put(database, workspace, "Email,Unsubscribed\nd@example.org,yes\n", ignore=["Unsubscribed"])
    assert states(database)["d@example.org", "monthly"] == "confirmed"


def test_a_row_that_writes_to_nobody_is_no_doubt(database: Database, workspace: Workspace) -> None:
    """Who has left by a column that is used may have left by another one, too; rivals are settled by naming one."""
    content = "Email,Unsubscribed,Unsub reason\na@example.org,yes,too many\nb@example.org,no,\n"
    assert put(database, workspace, content).doubts == ()
    forbidden = "Email,Suppressed,Do not email\na@example.org,complaint,yes\n"
    assert put(database, workspace, forbidden).doubts == ()
    rivals = "Email,Status,Opt-out\na@example.org,active,yes\n"
    assert put(database, workspace, rivals, mapping={"consent": "Status"}, ignore=["Opt-out"]).added == 0


def test_two_columns_of_consent_are_put_together() -> None:
    """One row may say yes in one of them and no in the other, and only one column can be read."""
    assert remedy(Doubt("Newsletter", "consent", 3), {"consent": "Status"}) == (
        "put 'Newsletter' and 'Status' together in one column, or that it says nothing of the kind with "
        '--ignore "Newsletter"'
    )


def test_a_column_to_ignore_must_be_there(database: Database, workspace: Workspace) -> None:
    """A slip would leave the question open."""
    with pytest.raises(AudienceError, match="no column is called 'Do not mail'; did you mean"):
        put(database, workspace, FILE, ignore=["Do not mail"])


def test_several_columns_may_say_who_has_left(database: Database, workspace: Workspace) -> None:
    """Address books have one for each way to say no; any of them counts, and nothing else may stand in two."""
    content = (
        "email,Do Not Email,No Bulk Emails (User Opt Out),On Hold\n"
        "anna@example.org,,1,\nbo@example.org,No,No,On Hold Bounce\ncy@example.org,1,,\ndi@example.org,,0,\n"
    )
    left = ("Do Not Email", "no bulk emails user opt out", "On Hold")
    report = put(database, workspace, content, mapping={"left": left})
    assert (report.added, report.unsubscribed, report.doubts, report.ignored) == (1, 3, (), ())
    assert report.as_json()["columns"] == {
        "left": "Do Not Email, No Bulk Emails (User Opt Out), On Hold",
        "address": "email",
    }
    assert states(database)["di@example.org", "monthly"] == "confirmed"
    with pytest.raises(AudienceError, match="two columns are taken for 'email': 'email' and 'On Hold'"):
        put(database, workspace, content, mapping={"email": ("email", "On Hold")})


def test_who_has_left_by_a_further_column_is_asked_with_the_one_that_is_used(
    database: Database, workspace: Workspace
) -> None:
    """Saying only the new one would take the place of the guess."""
    content = "email,unsubscribed,is_excluded_from_campaigns\nanna@example.org,no,yes\n"
    with pytest.raises(AudienceError) as caught:
        put(database, workspace, content)
    assert caught.value.fix == (
        'say that it tells so with --map left="unsubscribed" --map left="is_excluded_from_campaigns", or that it says '
        'nothing of the kind with --ignore "is_excluded_from_campaigns"'
    )


@pytest.mark.parametrize(
    ("header", "tick"),
    [
        ("Newsletter", "x"),
        ("DSGVO-Einwilligung", "2024-01-02"),
        ("I agree to receive the newsletter", "I agree"),
        ("Marketing permissions", "Email"),
        ("Double Opt-In", "Ja, gerne"),
        ("confirmed_at", "2024-01-02"),
        ("email_verified", "1"),
        ("Circular", "x"),
        ("Rundbrief", "x"),
        ("Freigabe", "ja"),
        ("Presseverteiler", "x"),
        ("Mailing list", "x"),
        ("Infomail", "x"),
        ("Abo", "ja"),
        ("OK to e-mail", "x"),
        ("Updates", "x"),
    ],
)
def test_where_a_tick_is_a_yes_nothing_is_a_no(
    database: Database, workspace: Workspace, header: str, tick: str
) -> None:
    """Who has not ticked it has not agreed; said to be that, the column keeps them as pending."""
    content = f'Email,{header}\nanna@example.org,"{tick}"\nbo@example.org,\ncy@example.org\n'
    assert put(database, workspace, content, plan=True).doubts == (Doubt(header, "confirmed", 2),)
    with pytest.raises(AudienceError) as caught:
        put(database, workspace, content)
    assert caught.value.fix == (
        f'say what it is with --map confirmed="{header}", or that it says nothing of the kind with --ignore "{header}"'
    )
    assert states(database) == {}
    if not tick.isalpha() or tick in {"x", "ja"}:
        put(database, workspace, content, mapping={"confirmed": header})
        assert "bo@example.org" not in {
            address for (address, _), state in states(database).items() if state == "confirmed"
        }


@pytest.mark.parametrize(
    "content",
    [
        "Email,Newsletter\nanna@example.org,\nbo@example.org,\n",
        "Email,Newsletter\nanna@example.org,weekly\nbo@example.org,monthly\ncy@example.org,\n",
        "Email,Consent source\nanna@example.org,web\nbo@example.org,\n",
        "Email,Mailing city\nanna@example.org,Wien\nbo@example.org,\n",
        "Email,Mailing list\nanna@example.org,press\nbo@example.org,ministries\ncy@example.org,\n",
        "Email,Member\nanna@example.org,x\nbo@example.org,\n",
        "Email,Status,Newsletter\nanna@example.org,subscribed,x\nbo@example.org,subscribed,\n",
        "Email Address,LEID,EUID,OPTIN_TIME\nanna@example.org,1,a,2024-01-02\nbo@example.org,2,b,\n",
    ],
)
def test_a_column_with_gaps_is_no_question(database: Database, workspace: Workspace, content: str) -> None:
    """Nobody is asked where no row has a tick, cells say something else, or the file tells the state of everybody."""
    assert put(database, workspace, content, plan=True).doubts == ()
