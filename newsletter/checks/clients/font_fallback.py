"""Does every font have one behind it that is on every computer?

Outlook and Gmail load no web fonts: https://www.caniemail.com/features/css-at-font-face/
"""

import re
from collections.abc import Iterator

from newsletter.checks.rendered import Page
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.sheets import read_sheet, read_style
from newsletter.checks.subject import Subject
from newsletter.model.finding import Place, Severity

_EVERYWHERE = frozenset(
    {
        *("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui"),
        *("inherit", "initial", "unset", "revert"),
        *("arial", "helvetica", "verdana", "tahoma", "trebuchet ms", "georgia", "times", "times new roman"),
        *("courier", "courier new", "palatino", "palatino linotype", "lucida grande", "lucida sans unicode"),
    }
)
_FONT = re.compile(r"\"[^\"]*\"|'[^']*'|[^,\"']+")


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        told = set[tuple[str, ...]]()
        for written, place in _written(page):
            fonts = tuple(one.strip(" \n\t\"'") for one in _FONT.findall(written) if one.strip())
            if not fonts or fonts in told or fonts[-1].lower() in _EVERYWHERE or "var(" in written:
                continue
            told.add(fonts)
            are = f"fonts {', '.join(fonts)} have" if fonts[1:] else f"font {fonts[0]} has"
            yield Fault(f"the {are} no common one behind {'them' if fonts[1:] else 'it'}", place)


def _written(page: Page) -> Iterator[tuple[str, Place]]:
    for sheet in page.all("style"):
        css = "".join(item for item in sheet.inside if isinstance(item, str))
        for rule in read_sheet(css):
            for each in rule.declarations:
                if each.name == "font-family":
                    yield each.value.strip(), page.place(sheet)
    for element in page.elements:
        style = element.get("style")
        if "font-family" in style:
            for each in read_style(style):
                if each.name == "font-family":
                    yield each.value.strip(), page.place(element)


RULE = Rule(
    code="CLT010",
    severity=Severity.WARNING,
    group=Group.CLIENTS,
    title="font without another one behind it",
    why="Outlook and Gmail load no fonts, and show Times New Roman in the place of one that is not there",
    fix="write others behind it, a common one last",
    bad="font-family:'Brandon Grotesque'",
    good="font-family:'Brandon Grotesque',Arial,sans-serif",
    check=_check,
)
