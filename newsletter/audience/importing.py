"""From a file of addresses to subscribers of a list: all of it or nothing, and never against a reader's word."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text

from newsletter.audience.address import Address, shortened
from newsletter.audience.applying import apply
from newsletter.audience.columns import Columns, Said, said_columns
from newsletter.audience.doubts import Doubt, Doubts
from newsletter.audience.hashes import Hasher, anybody_erased, hasher
from newsletter.audience.kinds import refuse_by_name
from newsletter.audience.lists import ensure_list, find_list
from newsletter.audience.parts import Parts
from newsletter.audience.report import SHOWN, ImportReport, Problem, RowProblem
from newsletter.audience.rows import Evidence, Reader, Row, UnconfirmedRow
from newsletter.audience.spelling import folded
from newsletter.audience.staging import (
    BLOCKED,
    WOULD_RESUBSCRIBE,
    Unlike,
    Verdict,
    judge,
    left_out,
    signature,
    stage,
    unlike,
)
from newsletter.audience.suspicion import NOTE
from newsletter.audience.table import Progress, Table, open_table
from newsletter.audience.words import STATES, Words, is_letter, is_number
from newsletter.config import Settings
from newsletter.errors import AudienceError, Refused, UnclearColumns, UnclearWords
from newsletter.model import wording
from newsletter.model.consent import Consent
from newsletter.store import Database
from newsletter.store.counting import fold
from newsletter.store.turns import keep_writers_out


def import_file(
    database: Database,
    file: Path,
    list_name: str,
    *,
    settings: Settings,
    now: datetime,
    called: str = "",
    plan: bool = False,
    expect: str = "",
    mapping: Said | None = None,
    ignore: Collection[str] = (),
    evidence: Evidence | None = None,
    words: Words | None = None,
    encoding: str = "",
    confirm: Callable[[Columns], None] | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Put the addresses of a CSV file on a list, or only find out what that would do when `plan` is set.

    Consent is never raised: who unsubscribed, has not confirmed yet, must not be written to or was erased stays so,
    whatever the file says, unless it says when and how somebody who had left agreed again since, or somebody agreed
    who is pending by an earlier file. A file may take consent away, and of its rows with one address the strictest
    counts. What is known of people is changed only by a file that has it. Others may write to the database while the
    file is read; an import that is interrupted has done nothing, and can be made again.

    `called` is the file's name where people know it by another, `expect` a plan's digest: anything else than that plan
    is refused. `mapping` says which column is what, `ignore` which ones say nothing although they look as if they said
    who has left, `evidence` when and how the people in the file agreed, `words` what words in the column of consent
    mean, `encoding` what the file is written in if not UTF-8, `confirm` may refuse what the columns are taken for.

    Raises NotFound for a list that the settings do not know, and AudienceError for a file that cannot be read as a
    whole: UnclearColumns where somebody may have left by a column that is not used, or by a number that is not known,
    UnclearLetters where its bytes may stand for several letters. Then nothing is imported.
    """
    name, called = settings.known_list(list_name), called or file.name
    hashed = _hashed(database)
    with (
        open_table(
            file,
            progress,
            name=called,
            attributes=settings.attributes,
            mapping=mapping,
            ignore=ignore,
            encoding=encoding,
        ) as table,
        database.workbench() as bench,
    ):
        columns = table.columns
        if evidence is None:
            refuse_by_name(called, columns)
        _refuse_idle(words or {}, columns)
        _refuse_rivals(columns, mapping or {}, ignore)
        if confirm:
            confirm(columns)
        seen = _Seen(Doubts(columns, _settled(columns, mapping or {}, ignore)), Parts(called, columns))
        reader = Reader(columns, zone=settings.zone, now=now, evidence=evidence, hashed=hashed, words=words)
        with bench.filling() as connection:
            _give_memory(connection)
            stage(connection, _known(table, reader, seen))
        _refuse_numbers(reader.unknown, columns, _unanswered(seen.doubts.found, columns))
        if plan:
            with bench.filling() as connection:
                _give_memory(connection)
                found = _judge(connection, name, find_list(connection, name), expect, seen)
        else:
            for asked in _unanswered(seen.doubts.found, columns):
                raise asked
            with bench.writing() as connection:
                _give_memory(connection)
                keep_writers_out(connection)
                _refuse_unhashed(connection, hashed)
                list_id = ensure_list(connection, name, now)
                found = _judge(connection, name, list_id, expect, seen)
                apply(connection, list_id, f"import of {called}", columns.places, now)
                fold(connection)
    return _report(name, called, columns, seen, found, tuple(reader.unknown), plan=plan)


@dataclass(slots=True)
class _Seen:
    """What is found out while rows stream by."""

    doubts: Doubts
    parts: Parts
    invalid: int = 0
    any_pending: bool = False
    international: int = 0
    choices: set[str] = field(default_factory=set)
    """Each choice of topics once, as rows have it."""
    problems: list[RowProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What becomes of the rows that can be read."""

    counts: Counter[Verdict]
    digest: str
    left_out: list[RowProblem]
    unlike: Unlike


def _known(table: Table, reader: Reader, seen: _Seen) -> Iterator[Row]:
    """Yield the rows that can be used, and those that keep others of the same people from being used."""
    doubts = seen.doubts
    for number, cells in table.rows:
        seen.parts.refuse_beside(number, cells or ())
        try:
            row = reader.read(number, cells)
        except AudienceError as error:
            seen.invalid += 1
            seen.parts.look(number, cells)
            if len(seen.problems) < SHOWN:
                message = f"{error.message}: {error.why}" if error.why else error.message
                seen.problems.append(RowProblem(number, Problem.INVALID, message))
            if isinstance(error, UnconfirmedRow):
                yield error.row
        else:
            if cells and row.consent == Consent.CONFIRMED and not row.suppression:
                seen.parts.refuse()
                if doubts.any:
                    doubts.look(cells, number)
            if row.consent == Consent.PENDING and not row.suppression:
                seen.any_pending = True
            if row.topics:
                seen.choices.add(row.topics)
            if not row.address.isascii():
                seen.international += Address(row.address, row.address_key).is_international
            yield row


def _refuse_idle(words: Words, columns: Columns) -> None:
    """Refuse words of which somebody says what they mean where no column is read for them."""
    if words and "consent" not in columns.places:
        unused = ", ".join(shortened(header) for header in columns.ignored[:20])
        raise UnclearColumns(
            "no column is taken for consent, so nobody looks for "
            + wording.listed([f"'{shortened(word)}'" for word in list(words)[:5]]),
            why="whoever has left by such a word would be written to",
            fix=f'say which column has it: --map consent="name of the column"; not used yet: {unused}'
            if unused
            else "leave out --means: the file has no column that could hold it",
        )


def _refuse_rivals(columns: Columns, mapping: Said, ignore: Collection[str]) -> None:
    """Refuse to choose between columns by which people have left: one row may say no in any of them."""
    said, unused = set(map(folded, said_columns(mapping))), {folded(column) for column in ignore}
    rivals: dict[tuple[str, str], list[str]] = {}
    for meaning, used, other in columns.rivals:
        if folded(used) not in said and folded(other) not in unused:
            rivals.setdefault((meaning, used), []).append(other)
    asked = [_rivals(meaning, used, others) for (meaning, used), others in rivals.items()]
    if asked:
        raise UnclearColumns(asked[0].message, why=asked[0].why, fix=asked[0].fix, also=asked[1:])


def _rivals(meaning: str, used: str, others: Sequence[str]) -> UnclearColumns:
    why = "whoever has left by the one that is not read would be written to"
    if any(folded(used) == folded(other) for other in others):
        return UnclearColumns(
            f"two columns are called '{shortened(used)}', and both seem to say who may be written to",
            why=why,
            fix="give each a name of its own in the file, or put them together in one column",
        )
    all_of_them = (
        f"say that {'both' if len(others) == 1 else 'all of them'} do: {_mapped('left', used, *others)}"
        if meaning == "left"
        else "put them together in one column"
    )
    named = wording.listed([f"'{shortened(name)}'" for name in (used, *others)])
    return UnclearColumns(
        f"the columns {named} {'both' if len(others) == 1 else 'all'} seem to say who may be written to",
        why=why,
        fix=f"{all_of_them}, or say which one counts: {_mapped(meaning, used)}",
    )


def _mapped(meaning: str, *names: str) -> str:
    return " ".join(f'--map {meaning}="{shortened(name)}"' for name in names)


def _settled(columns: Columns, mapping: Said, ignore: Collection[str]) -> set[str]:
    """Return the columns that do not count: by what a person says, by name or instead, and by the program's format."""
    said = set(map(folded, said_columns(mapping)))
    silent = columns.format.silent if columns.format else ()
    return {*ignore, *silent, *(other for _, used, other in columns.rivals if folded(used) in said)}


def _unanswered(doubts: Sequence[Doubt], columns: Columns) -> list[UnclearColumns]:
    """Return what is asked of columns that may say who has left: one question, or none."""
    if not doubts:
        return []
    shown = [f"'{shortened(doubt.column)}' (in {wording.count(doubt.rows, 'row', 'rows')})" for doubt in doubts]
    asked = UnclearColumns(
        "nothing is imported: people who have left may be in the file, by the "
        + ("column " if len(doubts) == 1 else "columns ")
        + ", ".join(shown),
        why="what is said there is not taken from it, and they would be written to"
        if all(doubt.meaning == NOTE for doubt in doubts)
        else "what is not used is not looked at, and they would be written to",
        fix="; ".join(dict.fromkeys(remedy(doubt, columns.used) for doubt in doubts)),
    )
    return [asked]


def remedy(doubt: Doubt, used: Mapping[str, str]) -> str:
    """Return how to say what a column is that may say who has left."""
    name = shortened(doubt.column)
    before = used.get("left")
    if doubt.meaning == NOTE:
        more = " and others" if doubt.rows > len(doubt.lines) else ""
        rows = "row " if doubt.rows == 1 else "rows "
        say = (
            f"look at {rows}{', '.join(map(str, doubt.lines))}{more}, and write 'unsubscribed' into a column "
            "'unsubscribed' of the file for those who have left"
        )
        if not used:
            return f"{say}, or take them out"
        # Only to ignore the column would be to import nobody's name.
        kept = next((f"{_mapped(meaning, name)} " for meaning, header in used.items() if header == doubt.column), "")
        return f'{say}, or say that it means nothing of the kind with {kept}--ignore "{name}"'
    if doubt.meaning not in used:
        say = f"say what it is with {_mapped(doubt.meaning, name)}"
    elif doubt.meaning == "consent":
        say = f"put '{name}' and '{shortened(used['consent'])}' together in one column"
    else:
        say = f"say that it tells so with {_mapped('left', *([before] if before else []), name)}"
    return f'{say}, or that it says nothing of the kind with --ignore "{name}"'


def _refuse_numbers(unknown: Collection[str], columns: Columns, also: Sequence[UnclearColumns]) -> None:
    """Refuse a column in which numbers or letters stand for states: 1 or x is no yes before somebody says so.

    `also` is what is asked besides.
    """
    numbers = sorted((word for word in unknown if is_number(word)), key=int)
    codes = numbers or sorted(filter(is_letter, unknown))
    if codes:
        name = shortened(columns.used["consent"])
        kind, such = ("numbers", "0 and 1") if numbers else ("letters", "x and y")
        raise UnclearWords(
            f"the column '{name}' has {kind} that may mean anything, such as "
            + wording.listed([shortened(code) for code in codes[:5]]),
            why=f"each program has its own, and what {such} mean beside them is not known either",
            fix=f"look up what that program means by each, and say it, as in --means 2=unsubscribed (it can be "
            f'{STATES}); or, where they say nothing of consent: --ignore "{name}"',
            also=also,
        )


def _hashed(database: Database) -> Hasher | None:
    """Return what hashes addresses, where somebody was erased of whom only the hash is left."""
    with database.reading() as connection:
        return hasher(connection) if anybody_erased(connection) else None


def _refuse_unhashed(connection: Connection, hashed: Hasher | None) -> None:
    if hashed is None and anybody_erased(connection):
        raise Refused(
            "somebody was erased while the file was read, so nothing is imported",
            why="whether they are in the file was not looked at",
            fix="import the file again",
        )


def _give_memory(connection: Connection) -> None:
    # A server's defaults sort a million rows on its disk.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL work_mem = '64MB'"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '128MB'"))


def _judge(connection: Connection, name: str, list_id: int | None, expect: str, seen: _Seen) -> _Judged:
    """Find what becomes of the staged rows; refuse anything else than the plan that is expected."""
    counts = Counter(judge(connection, list_id))
    digest = hashlib.sha256(name.encode())
    for row in signature(connection):
        digest.update(row.encode())
        digest.update(b"\x1e")
    _refuse_another_plan(expect, digest.hexdigest())
    # Most files have neither, and a million rows should not be joined for nothing.
    others = unlike(connection, list_id) if seen.any_pending or counts[Verdict.DUPLICATE] else Unlike()
    return _Judged(counts, digest.hexdigest(), left_out(connection), others)


def _refuse_another_plan(expect: str, digest: str) -> None:
    if expect and (len(expect) < 8 or not digest.startswith(expect.lower())):
        raise Refused(
            "the file or the lists have changed since the plan was made, so nothing is imported",
            why=f"this import would be {digest[:12]}, and the plan was {expect[:12]}",
            fix="make the plan again with --plan, look at it, and import with its digest",
        )


def _report(
    name: str, file: str, columns: Columns, seen: _Seen, judged: _Judged, unknown: tuple[str, ...], *, plan: bool
) -> ImportReport:
    counts = judged.counts
    would_resubscribe = sum(counts[verdict] for verdict in WOULD_RESUBSCRIBE)
    return ImportReport(
        list=name,
        file=file,
        planned=plan,
        rows=counts.total() - counts[Verdict.INVALID] + seen.invalid,
        added=counts[Verdict.ADDED],
        updated=counts[Verdict.UPDATED] + counts[Verdict.CONFIRMED],
        unchanged=counts[Verdict.UNCHANGED],
        resubscribed=counts[Verdict.RESUBSCRIBED],
        unsubscribed=counts[Verdict.UNSUBSCRIBED],
        blocked=sum(counts[verdict] for verdict in BLOCKED) + would_resubscribe,
        duplicates=counts[Verdict.DUPLICATE],
        invalid=seen.invalid,
        would_resubscribe=would_resubscribe,
        contradicted=judged.unlike.contradicted,
        pending=judged.unlike.pending,
        stay_confirmed=judged.unlike.confirmed,
        confirmed=counts[Verdict.CONFIRMED],
        international=seen.international,
        topics=tuple(sorted({topic for choice in seen.choices for topic in json.loads(choice)})),
        columns=columns.named,
        ignored=columns.ignored,
        problems=tuple(sorted([*judged.left_out, *seen.problems])),
        program=columns.format.program if columns.format else "",
        guessed=columns.guessed,
        doubts=seen.doubts.found,
        unknown=unknown,
        note=columns.note,
        digest=judged.digest,
    )
