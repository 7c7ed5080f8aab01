"""Are tables that only lay out the letter marked as such?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        for table in page.all("table"):
            if table.get("role") in {"presentation", "none"}:
                continue
            if not any(inner.tag in {"th", "caption"} for inner in table.descendants):
                yield page.fault(table, "a table without headings has no role")


RULE = Rule(
    code="ACC003",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="layout table without its role",
    why="a screen reader says “table with three columns, row one, column one” before every word",
    fix='add role="presentation"; a table of data needs <th> instead',
    bad='<table width="100%">',
    good='<table role="presentation" width="100%">',
    check=_check,
)
