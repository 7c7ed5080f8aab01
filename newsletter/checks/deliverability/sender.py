"""Can mail from this sender arrive, and be answered?"""

import re
from collections.abc import Iterator
from email.utils import parseaddr

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

# Their DMARC policies let no other server send in their name.
_FREE = frozenset(
    """
    gmail.com googlemail.com yahoo.com yahoo.de yahoo.fr yahoo.co.uk ymail.com aol.com hotmail.com outlook.com live.com
    msn.com icloud.com me.com mac.com gmx.de gmx.net gmx.at web.de mail.ru proton.me protonmail.com zoho.com
    """.split()
)
_DEAF = re.compile(r"(?:no|do[-_.]?not|not|ne|nicht)[-_.]?(?:reply|repondre|antworten|responder)\d*", re.IGNORECASE)


def _free(subject: Subject) -> Iterator[Fault]:
    settings = subject.facts.settings
    domain = parseaddr(settings.sender)[1].rpartition("@")[2].lower() if settings else ""
    if domain in _FREE:
        place = subject.facts.origin.place("from")
        yield Fault(f"the sender's address is one of {domain}", place)


def _deaf(subject: Subject) -> Iterator[Fault]:
    settings = subject.facts.settings
    if settings is None:
        return
    name, mailbox = ("reply_to", settings.reply_to) if settings.reply_to else ("from", settings.sender)
    address = parseaddr(mailbox)[1]
    if _DEAF.fullmatch(address.partition("@")[0]):
        yield Fault(f"answers go to {address}, where nobody reads them", subject.facts.origin.place(name))


FREE = Rule(
    code="DLV007",
    severity=Severity.ERROR,
    group=Group.DELIVERABILITY,
    title="sender at a free mail service",
    why="these services tell the world to refuse mail in their name that they have not sent themselves (DMARC)",
    fix="send from an address of your own domain",
    bad='from = "Our news <ournews@gmail.com>"',
    good='from = "Our news <news@example.org>"',
    check=_free,
)
DEAF = Rule(
    code="DLV008",
    severity=Severity.NOTE,
    group=Group.DELIVERABILITY,
    title="answers that nobody reads",
    why="an answer is the best sign to mail filters that a newsletter is wanted, and some ask to leave that way",
    fix="set `reply_to` to a mailbox that somebody reads",
    bad='reply_to = "noreply@example.org"',
    good='reply_to = "press@example.org"',
    check=_deaf,
)
