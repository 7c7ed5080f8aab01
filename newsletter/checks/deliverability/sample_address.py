"""Do the addresses in the settings lead to the team, and not to an example?"""

from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import urlsplit

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.url import is_reserved

_HARM = {
    "public_url": "so that nobody could unsubscribe",
    "reply_to": "so that answers reach nobody",
    "site": "so that its link leads to no page of yours",
}


def _check(subject: Subject) -> Iterator[Fault]:
    settings = subject.facts.settings
    if settings is None or subject.facts.is_trial:
        return
    hosts = {
        "public_url": urlsplit(settings.public_url or "").hostname,
        "reply_to": parseaddr(settings.reply_to or "")[1].rpartition("@")[2],
        "site": urlsplit(settings.site or "").hostname,
    }
    for name, host in hosts.items():
        if host and is_reserved(host.lower()):
            yield Fault(f"`{name}` is still an example ({host}), {_HARM[name]}", subject.facts.origin.place(name))


RULE = Rule(
    code="DLV017",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="address that is still an example",
    why="example.org and its like belong to nobody, and what readers send there is lost",
    fix="write your own address, or delete the line of one that you do not have",
    bad='from = "Our library <news@your-library.org>"\npublic_url = "https://news.example.org"',
    good='from = "Our library <news@your-library.org>"\npublic_url = "https://news.your-library.org"',
    check=_check,
)
