"""Files that are no list of readers: told by how they begin, and by what they are called."""

from __future__ import annotations

import re
import unicodedata

from newsletter.audience.columns import Columns
from newsletter.errors import AudienceError

_AS_CSV = "export the list as CSV, one subscriber a row"
_BEGINNINGS = (
    (re.compile(r"BEGIN:VCARD", re.IGNORECASE), "a file of contacts (vCard)", "export the contacts as CSV"),
    (re.compile(r"%PDF-"), "a PDF", _AS_CSV),
    (
        re.compile(r"<(?:!doctype|html|table|\?xml)\b", re.IGNORECASE),
        "a web page",
        f"{_AS_CSV}; the page may ask to log in",
    ),
    (re.compile(r"\{|\[[\s{\[\"]"), "a file for programs (JSON)", _AS_CSV),
    (
        re.compile(
            r"(?:return-path|received|from|delivered-to|message-id|subject|date|mime-version|x-[a-z-]+): ",
            re.IGNORECASE,
        ),
        "a message",
        "copy the addresses from it into a text file, one a line",
    ),
)
# Sendy says in the name alone who has left or not confirmed, and people call such files so.
_NOT_READERS = re.compile(
    r"(?<![a-z])(?:un-?subscri(?:bed?s?|bers?|ptions?)|opt(?:ed)?-?outs?|(?:hard-?)?bounce[sd]?|unconfirmed|marked-as-spam"
    r"|complaints?|suppress(?:ed|ions?)|bl(?:ac|oc)k-?list(?:ed)?|do-?not-?(?:e?mail|contact)|inactive|inaktive?"
    r"|abgemeldete?|abmeldungen|abbestellt|unbestaetigte?|unbestätigte?|desabonnes?|désabonnés?|desinscrits?|désinscrits?"
    r"|bajas|disiscritti|cancellati|descadastrad[oa]s|cancelad[oa]s|отписа[а-я]+|відпис[а-яі]+|abonelikten-[a-zçğıöşü]+"
    r"|non-?subscri(?:bed|bers?)|not-(?:confirmed|subscribed)|pending|unverified|declined|undeliverables?|deceased|stop-?list"
    r"|do-?not-?send|spam-reports?|invalid-(?:e?mails?|e-mails?|addresses|contacts)|^left(?=-csv$|$)"
    r"|^(?:removed|deleted|cleaned)(?=-csv$|$)|(?:removed|deleted|former|cleaned)-(?:contacts|members|subscribers|people)"
    r"|abmelder|ausgetretene?n?|ehemalige[nr]?|verstorbene?n?|gelöschte?n?|geloeschte?n?|sperr-?liste|gesperrte?n?"
    r"|rückläufer|ruecklaeufer|unzustellbare?|nicht-best(?:ä|ae)tigte?|keine-(?:e-?)?(?:mails?|newsletter)"
    r"|d[eé]sinscriptions?|d[eé]sabonnements?|d[eé]c[eé]d[eé]s"
    r"|退[订訂]|取消[订訂][阅閱]|黑名[单單]|配信停止|退会"
    r"|διαγραμμέν[α-ω]+|ανενεργ[α-ωοίέά]+|απεγγραφ[α-ωέή]+|הוסרו|מוסרים|הסרות|ביטולים|מבוטלים|לא-פעילים|לא-רשומים|נפטרים|חסומים|لغو-(?:اشتراک|عضویت|شده)|انصراف(?:ی|-داد)[^-]*"
    r"|حذف-شده|غیر-?فعال|مسدود|درگذشتگان|रद्द|निष्क्रिय|हटाए|अनसब्सक्राइब|दिवंगत|ยกเลิก|เลิกรับ|ไม่รับ|ไม่ใช้งาน|ตีกลับ|เสียชีวิต)(?![a-z])"
)
_WITHOUT = re.compile(
    r"(?<![a-z])(?:without|no|not|non|minus|excl[a-z]*|ohne|sans|sin|senza|ללא|בלי|بدون|बिना|ไม่รวม)(?![a-z])"
)


def refuse_others(name: str, line: str) -> None:
    """Refuse a file whose first line is that of another kind of file."""
    for beginning, kind, fix in _BEGINNINGS:
        if beginning.match(line.lstrip()):
            raise AudienceError(f"{name} is {kind}, not a CSV file", fix=fix)
    if "\x00" in line:
        raise AudienceError(f"{name} is not a file of text", fix=_AS_CSV)


def names_no_readers(title: str) -> str:
    """Return the word by which a title names people who have left or not confirmed; nothing where there is none."""
    plain = re.sub(r"[\s_.:\u200c]+", "-", unicodedata.normalize("NFC", title).strip(" #:").lower())
    found = _NOT_READERS.search(plain)
    return found[0] if found and not _WITHOUT.search(plain[: found.start()]) else ""


def refuse_by_name(name: str, columns: Columns) -> None:
    """Refuse a file that by its name has those who have left or not confirmed, where no column says so."""
    if columns.state is not None or {"consent", "confirmed", "left", "suppressed"} & set(columns.places):
        return
    found = names_no_readers(name)
    if found:
        raise AudienceError(
            f"by the name of {name} the people in it are '{found}', and no column says so",
            why="they would be written to",
            fix="add a column 'status' with unsubscribed, pending or bounced in every row, so that nobody brings them "
            "back; if they have agreed, give the file another name",
        )
