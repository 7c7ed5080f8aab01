"""One person who is put on a list by hand: what an import of one row would do, with the proof that they agreed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from newsletter.audience.address import Address, read_address, shortened
from newsletter.audience.applying import apply
from newsletter.audience.consent import suppression_of
from newsletter.audience.hashes import anybody_erased, hasher
from newsletter.audience.lists import ensure_list
from newsletter.audience.mailboxes import read_mailbox
from newsletter.audience.rows import Evidence, Row, read_language, read_name, read_topics, staged_moment
from newsletter.audience.staging import Verdict, judge, left_out, stage
from newsletter.config import Settings
from newsletter.errors import AudienceError, Refused, SeveralMistakes
from newsletter.model import meant
from newsletter.model.attribute import Attribute, Value
from newsletter.model.consent import Consent
from newsletter.store import Database
from newsletter.store.counting import fold
from newsletter.store.turns import keep_writers_out

_FIXES: Mapping[Verdict, str] = {
    Verdict.ERASED: "ask them to sign up by the form; their own word is not refused",
    Verdict.SUPPRESSED: "if that is so no longer: newsletter subscribers unsuppress {address}",
    Verdict.UNANSWERED: "ask them to answer the letter, or to sign up once more, which sends another",
    Verdict.DECLINED: "ask them to sign up by the form a month after they said no; it writes to nobody before",
    Verdict.LEFT: "if they agreed again after they had left, say when, with the time of the day",
    Verdict.LEFT_ALL: "if they agreed again after they had left, say when, with the time of the day",
}
_BARRED = "if they may be written to again, they sign up by the form after: newsletter subscribers unsuppress {address}"
"""For somebody who was erased and must not be written to: their own sign-up is refused as well."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is typed of somebody; what is empty is not said, and stays as it is where they are known."""

    address: str
    """Alone, or with the name as mail programs copy it, which counts where there is no other."""
    name: str = ""
    language: str = ""
    topics: str = ""
    """One beside the other, parted by commas."""
    attributes: Mapping[str, str] = field(default_factory=dict)


def add(
    database: Database,
    newcomer: Newcomer,
    list_name: str,
    agreed: Evidence,
    *,
    settings: Settings,
    source: str,
    now: datetime,
) -> Verdict:
    """Put a person on a list; return whether they are added, back, confirmed, updated or unchanged.

    Raises AudienceError for what cannot be used, all of it at once, and Refused for somebody who has left since they
    agreed, has not answered, must not be written to or was erased.
    """
    name = settings.known_list(list_name)
    address, row = _read(newcomer, agreed, settings.attributes)
    meanings = {f"attributes.{attribute}" for attribute in newcomer.attributes}
    with database.workbench() as bench, bench.writing() as connection:
        keep_writers_out(connection)
        if anybody_erased(connection):
            row = row._replace(address_hash=hasher(connection)(address.key))
        list_id = ensure_list(connection, name, now)
        stage(connection, [row])
        (verdict,) = judge(connection, list_id)
        if verdict in _FIXES:
            (problem,) = left_out(connection)
            fix = _FIXES[verdict]
            if verdict is Verdict.ERASED and suppression_of(connection, address.key) is not None:
                fix = _BARRED
            raise Refused(
                f"{address.written} is not put on {name}",
                why=problem.message,
                fix=fix.format(address=address.written),
            )
        apply(connection, list_id, source, meanings, now)
        fold(connection)
    return verdict


def _read(newcomer: Newcomer, agreed: Evidence, known: Mapping[str, Attribute]) -> tuple[Address, Row]:
    parts: list[Callable[[], Any]] = [
        lambda: _read_mailbox(newcomer.address),
        lambda: read_name({"name": newcomer.name}),
        lambda: read_language(newcomer.language.strip()),
        *(partial(_read_attribute, known, name, text) for name, text in newcomer.attributes.items()),
    ]
    problems: list[AudienceError] = []
    found = []
    for part in parts:
        try:
            found.append(part())
        except AudienceError as error:
            problems.append(error)
    if problems:
        raise problems[0] if len(problems) == 1 else SeveralMistakes(problems)
    (address, called), name, language, *attributes = found
    row = Row(
        row=1,
        address=address.written,
        address_key=address.key,
        name=name or called,
        language=language,
        consent=Consent.CONFIRMED,
        suppression="",
        standing=0,
        topics=read_topics(newcomer.topics),
        attributes=json.dumps(dict(attributes)) if attributes else None,
        consent_at=staged_moment(agreed.at),
        proof=agreed.source,
    )
    return address, row


def _read_mailbox(text: str) -> tuple[Address, str]:
    address, name = read_mailbox(text)
    return read_address(address), read_name({"name": name})


def _read_attribute(known: Mapping[str, Attribute], name: str, text: str) -> tuple[str, Value]:
    if name not in known:
        better = meant.did_you_mean(name, known)
        raise AudienceError(
            f"there is no attribute '{shortened(name)}'" + (f"; did you mean '{better}'?" if better else ""),
            fix=f"the settings know {', '.join(known)}" if known else f"declare it first, under [attributes.{name}]",
        )
    try:
        return name, known[name].read(text)
    except ValueError as error:
        raise AudienceError(
            f"{known[name].title or f'the attribute {name}'}: {error}", fix=getattr(error, "fix", "")
        ) from None
