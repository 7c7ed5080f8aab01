"""Columns that an import leaves aside although they may say who has left, found by their names and by their cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from newsletter.audience.columns import Columns
from newsletter.audience.notes import speaks_of_leaving
from newsletter.audience.words import folded, read_consent, says_yes
from newsletter.model.consent import Consent, Suppression

# A yes in them means that somebody must not be written to.
_NOT_WANTED = re.compile(
    r"""
    \bopt(ed)?[ ]?out | \bunsub | \bsuppress | \bdn[cem]\b | \bhas[ ]left\b
    | \b(do[ ]?n[o ]?t|no|never)[ ]?(e[ ]?|send[ ]?|any[ ]?)*(mail|contact|newsletter|marketing|write)
    | \bdo[ ]?not[ ](allow[ ])?(bulk[ ])?e?[ ]?mails? | \bon[ ]hold\b | \b(deleted|removed|archived|cancell?ed)\b
    | \b(inactive|disabled?|deactivated|hidden)\b | ^(left|quit|stop)$
    | ^(date[ ]left|left[ ](on|at)|leav(e|ing)[ ]date)\b
    | \b(geloscht|gekundigt|kundigung|austritt|ausgetreten|abbestell|inaktiv|deaktiviert|robinson)
    | sperre\b | \bsperrvermerk
    | \babgemeldet | \babmeld | \bausgetragen | \bwiderruf | \bwidersp | \bgesperrt | \bnicht[ ](kontakt|anschreib)
    | \bkeine?[ ](e[ ]?)?(mail|post|newsletter|werbung|kontakt)
    | \b(desactiv|supprim|refus|bloque|inacti[fv]|inattiv|eliminad|cancelad|annulat)
    | \bdesabonn | \bdesinscri | \bne[ ]pas[ ] | \bpas[ ]d[ ]?e?[ ]?(e[ ]?)?(mail|newsletter|courriel)
    | \bdesuscri | \bno[ ](enviar|contactar) | \bbaja\b | \bdisiscri | \bnon[ ](inviare|contattare)
    | \buitgeschreven | \bafgemeld | \bgeen[ ](e[ ]?)?(mail|nieuwsbrief) | \bav(registr|prenumer|meldt)
    | \bdescadastr | \bcancel(ou|amento)\b | \bremovid | \bnao[ ](enviar|contat|contact) | \bne[ ]plus[ ]
    | \bcancellat | \baustrag | \bexcluid
    | \bwypisan | \brezygn | \bрезигн | \bотпис | \bвідпис | \bне[ ](писат|надсил) | ^(удален|видален)(а|о|іи)?$
    | \babonelikten[ ](cık|ayrıl) | \biptal\b | ^(ayrıldı|pasif)$
    | (退|取消)(订|訂) | (取消|解除)(订阅|訂閱) | 拒收 | 不再(接收|发送|發送)
    | الغاء[ ]الاشتراك | الالغاء\b
    | (配信|購読|受信)(停止|解除|拒否|不可|除外) | 登録解除 | 退会
    | \bexclu(ded|sion)\b | \b(deceased|verstorben|decede)
    """,
    re.VERBOSE,
)
_UNREACHABLE = re.compile(
    r"\b(e ?mail )?(bounced?|bounces|hard ?bounced?|black ?list|block ?list|blocked|complain|spam"
    r"|undeliverable|unreachable|unzustellbar|abuse)|\bis bad$|^(e ?mail )?invalid( e ?mail| address)?$"
    r"|\brebota|\bзаблок|\bengellen|黑名单|黑名單|محظور"
)
# A no in them means the same, and so does that somebody has not confirmed.
# In plain letters メルマガ begins with メルマカ.
_WANTED = re.compile(
    r"""
    \bopt(ed)?[ ]?in\b | \bsubscri | \bconsent | \bpermission | \bnewsletter | \bmailing | \bmarketing
    | ^(is[ ])?(active|activated|verified|enabled|aktiviert|actif|activo|ativo|attivo|aktywny|aktif)$ | \baktiv$
    | ^(активен|активныи|активнии)$
    | \b(wants|receives?|accepte|accepts?|mailable|recevoir|recoit|souhaite)\b
    | \b(recibe|recibir|riceve|quiere|vuole|deseja|erhalt|mochte|wunscht)\b
    | \be?[ ]?mail[ ]allowed | \b(allow|can)[ ]e?[ ]?mails?
    | \bgdpr\b | \brgpd\b | \bdsgvo\b | \beinwillig | \bzustimm | \babonn | \babo\b | \binfolettre | \bboletin
    | \bsuscri | \biscritt | \binscri | \bassinant | erlaub | \bautoris | \bnieuwsbrief
    | \breceber\b | \bnyhetsbrev | \bрассылк | \bрозсилк | \bп[оі]дпис | النشرة | اشتراك | ^مشترك$ | \bzgod
    | \babone(lik)?\b | \bbulten | \bizin\b | 订阅 | 訂閱 | 接收 | 配信 | 購読 | メルマカ
    """,
    re.VERBOSE,
)
# Whatever the column is called: they speak of nothing else.
_LEFT_WORDS = """
    unsubscribed unsubscribe opted-out optedout opt-out abgemeldet abbestellt ausgetragen désabonné désabonnée desabonné
    désinscrit désinscrite desinscrit baja disiscritto disiscritta uitgeschreven отписан отписался wypisany wypisana
    descadastrado descadastrada отписалась відписаний відписана відписався відписалась відписано
    配信停止 配信解除 購読解除 解除済み 退会 退订 退訂 已退订 已退訂 取消订阅 取消訂閱 已取消订阅 已取消訂閱
    bounced hardbounced complained blacklisted blocklisted
"""
_LEFT = frozenset(_LEFT_WORDS.split()) | {
    *("opted out", "opt out", "hard bounce", "hard bounced", "do not email", "do not contact", "do not mail"),
    *("dado de baja", "dada de baja", "de baja", "abonelikten çıktı", "abonelikten ayrıldı"),
    *("no email", "no mail", "nomail", "غير مشترك", "ألغى الاشتراك"),
}
# The state of a subscription, or a part of a country.
_STATE = re.compile(r"(state|estado|situacion|situacao|stato|стан|состояние|durum|durumu|状态|狀態)$")
# About something else: other ways to write to somebody, links, numbers.
_ELSE = re.compile(
    r"\b(sms|call|phone|fax|whatsapp|push|url|link|token|ip|id|count|rate|score|opens?|clicks?|opened|clicked|template"
    r"|track|tracking|cookies?|paid|plan|billing|active subscription)\b"
)
NOTE = "note"
_SHOWN = 5
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f]")
# Tags, as programs write several in a cell.
_PARTED = re.compile(r"[,;|\n]|:::")
_QUOTES = " \t\"'[]*"
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A column that is not used, and in some rows seems to say that somebody must not be written to."""

    column: str
    meaning: str
    """What to map it to; `note` where people wrote it down in sentences, which no column can be."""
    rows: int
    lines: tuple[int, ...] = ()
    """The first of the lines of the file with such a note."""

    def as_json(self) -> dict[str, str | int | list[int]]:
        """Return an object of `doubts`."""
        lines = {"lines": list(self.lines)} if self.lines else {}
        return {"column": self.column, "meaning": self.meaning, "rows": self.rows, **lines}


class Doubts:
    """Counts, while rows stream by, who may have left by columns that are not used."""

    def __init__(self, columns: Columns, settled: Collection[str] = ()) -> None:
        """`settled` are the columns of which a person has said that they do not count."""
        known = {folded(name) for name in settled}
        used = {place: meaning for meaning, place in columns.places.items()}
        used.update(dict.fromkeys(columns.left_too, "left"))
        self._asked: list[tuple[int, str, str, Callable[[str], bool]]] = [
            (place, header, meaning, speaks)
            for place, header in enumerate(columns.headers or ["the addresses"])
            if folded(header) not in known
            for meaning, speaks in (_suspicion(header) if place not in used else _beside(used[place]))
        ]
        self._rows = [0] * len(self._asked)
        self._lines: list[list[int]] = [[] for _ in self._asked]

    def look(self, cells: Sequence[str], line: int = 0) -> None:
        """Take note of a row by which somebody would be written to."""
        for number, (place, _, meaning, speaks) in enumerate(self._asked):
            if place < len(cells) and speaks(cells[place]):
                self._rows[number] += 1
                if meaning == NOTE and len(self._lines[number]) < _SHOWN:
                    self._lines[number].append(line)

    @property
    def any(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self._asked)

    @property
    def found(self) -> tuple[Doubt, ...]:
        """Return the columns of which some row says so."""
        counted = zip(self._asked, self._rows, self._lines, strict=True)
        return tuple(
            Doubt(header, meaning, rows, tuple(lines)) for (_, header, meaning, _), rows, lines in counted if rows
        )


def _beside(meaning: str) -> list[tuple[str, Callable[[str], bool]]]:
    """Return what to look for in a column that is used for something else, such as what is written after a name."""
    if meaning == "address":
        return [(NOTE, _names_somebody_who_left)]
    if meaning in {"name", "first_name", "last_name", "topics"} or meaning.startswith("attributes."):
        return [(NOTE, _is_noted)]
    return []


def _suspicion(header: str) -> list[tuple[str, Callable[[str], bool]]]:
    name = " ".join("".join(letter if letter.isalnum() else " " for letter in _plain(header)).split())
    if _ELSE.search(name):
        return []
    if _NOT_WANTED.search(name):
        return [("left", _says_yes)]
    if _UNREACHABLE.search(name):
        return [("suppressed", _says_yes)]
    if _STATE.search(name):
        return [("consent", lambda cell: _says_no_in_words(cell) or speaks_of_leaving(cell))]
    if _WANTED.search(name) or "status" in name:
        return [("consent", _says_no)]
    return [("consent", _says_left), (NOTE, _says_more)]


def _names_somebody_who_left(cell: str) -> bool:
    return "<" in cell and speaks_of_leaving(cell.partition("<")[0])


def _is_noted(cell: str) -> bool:
    return _says_left(cell) or speaks_of_leaving(cell)


def _says_more(cell: str) -> bool:
    return speaks_of_leaving(cell) and not _says_left(cell)


def _plain(header: str) -> str:
    apart = unicodedata.normalize("NFKD", _HUMPS.sub(" ", header))
    return _ACCENTS.sub("", apart).casefold()


def _says_yes(cell: str) -> bool:
    return says_yes(cell) and "://" not in cell


def _says_no(cell: str) -> bool:
    # Forms let people answer in a sentence: "No, thank you".
    words = cell.split(maxsplit=1)
    return _is_no(read_consent(cell) or (read_consent(words[0]) if words else None)) or speaks_of_leaving(cell)


def _is_no(said: Consent | Suppression | None) -> bool:
    return said in {Consent.UNSUBSCRIBED, Consent.PENDING} or isinstance(said, Suppression)


def _says_left(cell: str) -> bool:
    plain = cell.strip().lower()
    if plain in _LEFT:
        return True
    return _PARTED.search(plain) is not None and any(part.strip(_QUOTES) in _LEFT for part in _PARTED.split(plain))


def _says_no_in_words(cell: str) -> bool:
    # A state is more often a part of a country, which has a short name or that of Baja California.
    return _says_left(cell) or (len(cell) > 3 and _is_no(read_consent(cell)))
