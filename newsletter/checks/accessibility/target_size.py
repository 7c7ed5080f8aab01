"""Can every link be hit with a finger?

WCAG 2.2, 2.5.8: 24 by 24 CSS pixels, links within a sentence excepted. https://www.w3.org/TR/WCAG22/#target-size-minimum
"""

from collections.abc import Iterator

from newsletter.checks.rendered import Page
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Place, Severity


def _check(subject: Subject) -> Iterator[Fault]:
    least = subject.number(RULE, "pixels")
    for page in subject.pages:
        yield from subject.once(RULE, _low(page, least))


def _low(page: Page, least: float) -> Iterator[tuple[Place, Fault]]:
    looks = page.light
    for link in page.all("a"):
        style = looks[link]
        if not link.get("href") or not style.shown or not link.text:
            continue
        block = next((above for above in link.ancestors if looks[above].display != "inline"), None)
        if block is None or block.has_words_beside_links:
            continue
        # A line of its own is as high as its line; paddings of inline text do not move the lines beside it.
        height = max(style.line, looks[block].line)
        if style.display != "inline":
            height = style.line + sum(style.padding)
        if height < least:
            fault = page.fault(link, f"the link “{link.text[:40]}” is {height:.0f} pixels high")
            yield fault.place, fault


RULE = Rule(
    code="ACC010",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="link too small for a finger",
    why="on a phone, on a train, readers hit its neighbour",
    fix="give it display:inline-block and a padding, so that it is 24 pixels high or more",
    bad='<a href="…" style="font-size:12px;line-height:16px">',
    good='<a href="…" style="display:inline-block;padding:10px 0;font-size:14px;line-height:21px">',
    parameters={"pixels": 24},
    check=_check,
)
