"""What the columns of an import file mean, guessed from the names that people and other programs give them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsletter.model.consent import Consent, Suppression

# The surest first; written without spaces and punctuation.
_GUESSES = {
    "address": """
        email emailaddress emailadresse emailadress emailaddresses mailadresse adresseemail adressemail adressemel
        courriel adresseelectronique courrielelectronique correoelectronico correo direcciondecorreo
        direcciondecorreoelectronico indirizzoemail postaelettronica subscriberemail contactemail primaryemail
        emailaddress1 email1 email1value eposta epostadress epost sahkoposti adresemail adreszemail emailadres
        электроннаяпочта электронныйадрес почта ηλεκτρονικοταχυδρομειο البريدالالكتروني بريدالكتروني
        mail mel recipient address adresse direccion indirizzo
        """,
    "name": "fullname name displayname vollernamen vollername nom nombre nome nombrecompleto nomcomplet имя الاسم",
    "first_name": "firstname fname givenname forename vorname prenom nombredepila primernombre nomedibattesimo",
    "last_name": "lastname lname surname familyname nachname familienname nomdefamille apellido apellidos cognome",
    "language": "language lang locale preferredlanguage sprache langue idioma lingua язык اللغة",
    "consent": """
        consent status subscriptionstatus emailmarketingconsent subscribed optin optedin confirmed einwilligung
        zustimmung abonniert consentement abonne statut consentimiento suscrito consenso iscritto
        """,
    "left": """
        unsubscribed unsubscribe unsubtime unsubscribedat unsubscribetime optout optedout optedoutat optouttime
        abgemeldet abgemeldetam desabonne desinscrit
        """,
    "suppressed": """
        suppressed suppression blocklisted blacklisted emailblocklisted emailblacklisted bounced cleantime hardbounced
        """,
}

_NO = frozenset({"", "no", "n", "false", "0", "nein", "non", "never", "none", "null"})
_CONSENTS = {
    Consent.CONFIRMED: """
        confirmed subscribed active enabled yes y true 1 x optin optedin doubleoptin ja j oui o si aktiv bestatigt
        abonniert actif confirme abonne activo confirmado suscrito attivo confermato iscritto
        """,
    Consent.PENDING: "pending unconfirmed awaitingconfirmation ausstehend unbestatigt enattente pendiente inattesa",
    Consent.UNSUBSCRIBED: """
        unsubscribed unsubscribe optout optedout no n false 0 inactive disabled nonsubscribed nein abgemeldet inaktiv
        non desabonne desinscrit inactif baja inactivo disiscritto inattivo
        """,
}
_SUPPRESSIONS = {
    Suppression.BOUNCE: "bounce bounced hardbounce hardbounced softbounced cleaned undeliverable unreachable invalid",
    Suppression.COMPLAINT: "complaint complained spam spamcomplaint abuse",
    Suppression.ERASURE: "erasure erased deleted forgotten",
    Suppression.BY_HAND: "byhand suppressed blocked blocklisted blacklisted",
}


def folded(text: str) -> str:
    """Return text without case, accents, spaces and punctuation."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if letter.isalnum())


_NAMES = {meaning: tuple(folded(name) for name in names.split()) for meaning, names in _GUESSES.items()}
_CONSENT_OF = {folded(word): state for state, words in _CONSENTS.items() for word in words.split()}
_SUPPRESSION_OF = {folded(word): reason for reason, words in _SUPPRESSIONS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each value stands in a row; `headers` are empty for a file of bare addresses."""

    places: dict[str, int]
    headers: tuple[str, ...] = ()

    @property
    def used(self) -> dict[str, str]:
        """Each meaning with the name of its column."""
        return {meaning: self.headers[place] for meaning, place in self.places.items() if self.headers}

    @property
    def ignored(self) -> tuple[str, ...]:
        """The columns that mean nothing to us."""
        places = set(self.places.values())
        return tuple(header for place, header in enumerate(self.headers) if header and place not in places)


def read_columns(headers: Sequence[str]) -> Columns | None:
    """Return what the columns mean, or nothing where none of them holds addresses."""
    known = [folded(header) for header in headers]
    places = {}
    for meaning, names in _NAMES.items():
        found = next((name for name in names if name in known), None)
        if found is not None:
            places[meaning] = known.index(found)
    return Columns(places, tuple(" ".join(header.split()) for header in headers)) if "address" in places else None


@lru_cache(maxsize=10_000)
def read_consent(word: str) -> Consent | Suppression | None:
    """Return what a cell such as `Subscribed`, `nein` or `cleaned` says; nothing for other words."""
    word = folded(word)
    return _CONSENT_OF.get(word) or _SUPPRESSION_OF.get(word)


@lru_cache(maxsize=10_000)
def read_suppression(word: str) -> Suppression | None:
    """Return why an address must not be written to; nothing for `no`, and for an empty cell."""
    word = folded(word)
    return None if word in _NO else _SUPPRESSION_OF.get(word, Suppression.BY_HAND)


@lru_cache(maxsize=10_000)
def says_yes(word: str) -> bool:
    """Whether a cell holds anything but `no`; a date, as other programs write it, is a yes."""
    return folded(word) not in _NO
