"""Can readers leave?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Place, Severity

_SLOT = "unsubscribe_url"


def _link(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        shown = any(f"{{{_SLOT}" in link.get("href") and page.light[link].shown for link in page.all("a"))
        if not shown:
            place = page.place(page.body) if page.body is not None else subject.issue_place
            yield Fault(f"the HTML ({page.edition.language}) has no link to unsubscribe", place)


def _text(subject: Subject) -> Iterator[Fault]:
    for edition in subject.editions:
        if edition.text.chunks != (b"",) and all(slot.name != _SLOT for slot in edition.text.slots):
            message = f"the text part ({edition.language}) has no address to unsubscribe"
            yield Fault(message, Place(subject.text_template, 1, 1))


def _headers(subject: Subject) -> Iterator[Fault]:
    settings = subject.facts.settings
    if settings is None:
        return
    address = settings.public_url or ""
    if not address.startswith("https://"):
        place = subject.facts.origin.place("public_url")
        said = f"`public_url` is {address}" if address else "`public_url` is not set"
        yield Fault(f"{said}, so no message can offer to unsubscribe with one click", place)
    elif subject.facts.headers and "List-Unsubscribe-Post" not in subject.facts.headers:
        yield Fault("messages have no List-Unsubscribe-Post header", subject.issue_place)


IN_HTML = Rule(
    code="DLV003",
    severity=Severity.ERROR,
    group=Group.DELIVERABILITY,
    title="no link to unsubscribe",
    why="the law asks for it (GDPR, ePrivacy, CAN-SPAM), and readers who cannot leave report the mail as spam",
    fix='write <a href="{{ slot("unsubscribe_url") }}"> into the footer of the theme',
    check=_link,
)
IN_TEXT = Rule(
    code="DLV004",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="no address to unsubscribe in the text part",
    why="who reads the text part has the same right to leave",
    fix='write {{ slot("unsubscribe_url") }} into the theme\'s .txt.j2',
    check=_text,
)
IN_HEADERS = Rule(
    code="DLV005",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="no one-click unsubscribe",
    why="Gmail and Yahoo ask it of everybody who sends to many (RFC 8058)",
    fix="set `public_url` to the https:// address under which readers reach this newsletter",
    good='public_url = "https://news.example.org"',
    check=_headers,
)
