"""Exports of other newsletter programs, recognised by the names of their columns.

Where the names were read, in November 2026:

- listmonk: the handler of `/api/subscribers/export` in cmd/subscribers.go, knadh/listmonk at 007f4de8.
- Keila: `contacts_csv_export` and earlier `ContactController.export`, pentacent/keila; `Status` since 0.11.
- Mailchimp: the archive of an audience's export has one file for each state, `subscribed_…`, `unsubscribed_…`,
  `cleaned_…` and `nonsubscribed_…` (https://mailchimp.com/help/view-export-contacts/). Columns from fields of the
  audience, `Email Address` among them, have the labels that the team gave these.
- Brevo: EMAIL, ADDED_TIME, MODIFIED_TIME (https://developers.brevo.com/reference/request-contact-export) and
  EMAIL_BLACKLISTED, SMS_BLACKLISTED as its exports write them. FIRSTNAME and LASTNAME are called otherwise where the
  account is in another language (https://help.brevo.com/hc/en-us/articles/208729849).
- CleverReach: `registered`, `activated` and `deactivated` of a receiver (https://rest.cleverreach.com/explorer/v3) are
  seconds, and 0 or nothing where it has not happened; only who has been activated, and not deactivated, gets mail.
  The words for them are those of the account's language.
- phpList: the labels of the table `user` in admin/structure.php, which admin/actions/export.php writes in English
  whatever the language, phpList/phplist3 at 009ff7ee. Who unsubscribes is blacklisted there.
- Mailtrain: server/routes/subscriptions.js, Mailtrain-org/mailtrain at 41cd01c2; its table has numbers in the place of
  the words, those of shared/lists.js.
- Newsletter, the plugin of WordPress: its export has Email, Name, Surname, Sex, Status, Date, Token, and a column for
  each profile and list; the letters of Status are the constants of its class `TNP_User`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.errors import AudienceError
from newsletter.model.consent import Consent, Suppression


@dataclass(frozen=True, slots=True)
class Format:
    """What another program's columns mean; names are folded as `columns.folded` does."""

    program: str
    marks: frozenset[str]
    """The columns by which it is recognised, all of them."""
    meanings: Mapping[str, str]
    words: Mapping[str, Consent | Suppression] = field(default_factory=dict)
    """What the program's own words in the column of consent say, in small letters."""
    silent: frozenset[str] = frozenset()
    """Columns that look as if they said who has left, and do not."""
    ever: frozenset[str] = frozenset()
    """Columns that have something for everybody who has subscribed, or else the day on which they agreed has."""

    def state(self, file_name: str, known: Sequence[str]) -> Consent | Suppression | None:
        """Return what a file that says nothing row by row says about everybody in it."""
        return _mailchimp_state(file_name, known) if self is MAILCHIMP else None

    def note(self, known: Sequence[str]) -> str:
        """Return what the file does not say and a person must know."""
        if self is LISTMONK:
            return (
                "listmonk's export does not say who has left a single list, only who is blocklisted altogether; export "
                "each list on its own, with the filter 'subscription status: confirmed'"
            )
        if self is BREVO and "emailblacklisted" not in known:
            return "this export does not say who is blocklisted; tick 'Email blocklisted' when you export from Brevo"
        if self is KEILA and "status" not in known:
            return "this export does not say who has unsubscribed; export again with a newer Keila"
        if self is PHPLIST and not {"isthissubscriberconfirmed", "isthissubscriberblacklisted"}.issubset(known):
            return (
                "this export does not say who has confirmed and who has unsubscribed; tick 'Is this subscriber "
                "confirmed' and 'Is this subscriber blacklisted' when you export from phpList"
            )
        return ""


LISTMONK = Format(
    "listmonk",
    frozenset({"uuid", "email", "attributes", "status"}),
    {"address": "email", "name": "name", "consent": "status", "json": "attributes"},
)
KEILA = Format(
    "Keila",
    frozenset({"email", "firstname", "lastname", "data"}),
    {"address": "email", "first_name": "firstname", "last_name": "lastname", "consent": "status", "json": "data"},
)
MAILCHIMP = Format(
    "Mailchimp",
    frozenset({"leid", "euid"}),
    {
        "address": "emailaddress",
        "name": "name",
        "first_name": "firstname",
        "last_name": "lastname",
        "consent": "status",
        "left": "unsubtime",
        "suppressed": "cleantime",
        "consent_at": "optintime",
    },
    # That of the import for whoever was imported, who has no OPTIN_TIME.
    ever=frozenset({"confirmtime"}),
)
BREVO = Format(
    "Brevo",
    frozenset({"email", "addedtime", "modifiedtime"}),
    {
        "address": "email",
        "first_name": "firstname",
        "last_name": "lastname",
        "suppressed": "emailblacklisted",
    },
)
WORDPRESS = Format(
    "Newsletter for WordPress",
    frozenset({"email", "surname", "status", "token", "list1"}),
    {"address": "email", "first_name": "name", "last_name": "surname", "consent": "status"},
    {
        "c": Consent.CONFIRMED,
        "s": Consent.PENDING,
        "u": Consent.UNSUBSCRIBED,
        "b": Suppression.BOUNCE,
        "p": Suppression.COMPLAINT,
    },
)
CLEVERREACH = Format(
    "CleverReach",
    frozenset({"registered", "activated", "deactivated"}),
    {"confirmed": "activated", "left": "deactivated", "suppressed": "bounced"},
)
CLEVERREACH_IN_GERMAN = Format(
    "CleverReach",
    frozenset({"registriert", "aktiviert", "deaktiviert"}),
    {"confirmed": "aktiviert", "left": "deaktiviert"},
)
PHPLIST = Format(
    "phpList",
    frozenset({"email", "listmembership"}),
    {"address": "email", "confirmed": "isthissubscriberconfirmed", "left": "isthissubscriberblacklisted"},
    silent=frozenset({"didthissubscribermanuallyconfirm", "numberofbounces", "sendthissubscriberhtmlemails"}),
)
MAILTRAIN = Format(
    "Mailtrain",
    frozenset({"cid", "hashemail", "email", "status"}),
    {"address": "email", "consent": "status"},
    {
        "1": Consent.CONFIRMED,
        "2": Consent.UNSUBSCRIBED,
        "3": Suppression.BOUNCE,
        "4": Suppression.COMPLAINT,
    },
)
FORMATS = (LISTMONK, KEILA, MAILCHIMP, BREVO, WORDPRESS, CLEVERREACH, CLEVERREACH_IN_GERMAN, PHPLIST, MAILTRAIN)


def recognised(known: Sequence[str]) -> Format | None:
    """Return the format that has these columns."""
    return next((found for found in FORMATS if found.marks.issubset(known)), None)


def _mailchimp_state(file_name: str, known: Sequence[str]) -> Consent | Suppression | None:
    """Tell the states apart by the file's name, and else by its columns: no row of the wrong file is ever confirmed."""
    name = file_name.lower()
    if name.startswith(("nonsubscribed", "transactional")):
        raise AudienceError(
            f"the people in {file_name} have never subscribed",
            why="Mailchimp keeps them because they bought or wrote something; that is no consent to a newsletter",
            fix="import the file whose name begins with subscribed_, then those with unsubscribed_ and cleaned_",
        )
    if name.startswith("subscribed"):
        return None
    if name.startswith("cleaned") or "cleantime" in known:
        return Suppression.BOUNCE
    return Consent.UNSUBSCRIBED if name.startswith("unsubscribed") or "unsubtime" in known else None
