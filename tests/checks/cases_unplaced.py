"""Entries of these days that stay out, and those that have good reason to."""

from newsletter.checks.facts import Facts
from tests.checks.cases_editorial import plan
from tests.checks.workspace import CALL, EVENT, FILES, STUDY, Case, add, fault, sound, swap

FEATURED = ("take: study", "take: study\n    featured: true")
ONLY_FEATURED = "no section takes this study; Studies takes only what is featured"
NO_EVENT = "“Summer school on migration” is of these days and in no issue: no section takes this event"
NO_EVENTS = plan(("  - heading: Events\n    take: event\n", ""))
SCHOOL = swap(EVENT, "date: 2024-07-12", "date: ¦2024-07-12")
PERIOD = plan(("period: 2024-07", "¦period: 2024-07"))
FEATURED_ALONE = plan(FEATURED)


def other(
    period: str, to: str = "monthly", take: str = "event", languages: str = "en", more: str = "", name: str = ""
) -> dict[str, str]:
    """Return the plan of another issue, which takes events or something else."""
    return {
        f"issues/{name or f'{period}-more'}/issue.yaml": f"title: Events\nperiod: {period}\nsubject: What there is\n"
        f"lists: [{to}]\nlanguages: [{languages}]\nsections: [{{heading: More, take: {take}}}]\n{more}"
    }


def studies(count: int) -> dict[str, str]:
    """Return more studies of July."""
    return {
        f"issues/entries/studies/paper-{number}.md": FILES[STUDY].replace("asylum", f"paper-{number}")
        for number in range(count)
    }


def drafts(more: str, count: int) -> dict[str, str]:
    """Return studies of July that may not go out yet."""
    paper = "---\ntitle: Paper {0}\ndate: 2024-07-1{0}\n{1}\n---\n"
    return {f"issues/entries/studies/paper-{number}.md": paper.format(number, more) for number in range(count)}


CASES: tuple[Case, ...] = (
    fault(
        "SEC003",
        {**FEATURED_ALONE, **swap(STUDY, "date: 2024-07-10", "date: ¦2024-07-10")},
        f"“What changed in asylum law” is of these days and in no issue: {ONLY_FEATURED}",
    ),
    fault(
        "SEC003",
        {**NO_EVENTS, **SCHOOL},
        NO_EVENT,
    ),
    # An issue of other days shows it as little as this one.
    fault(
        "SEC003",
        {**NO_EVENTS, **other("2024-08"), **SCHOOL},
        NO_EVENT,
    ),
    # Nor does a letter to others that began later, or one in another language.
    *(
        fault("SEC003", {**NO_EVENTS, **elsewhere, **SCHOOL}, NO_EVENT)
        for elsewhere in (other("2024-08", to="press"), other("2024-07", languages="fr"))
    ),
    fault(
        "SEC003",
        {STUDY: FILES[STUDY].replace("date: ", "language: fr\ndate: ¦")},
        "“What changed in asylum law” is of these days and in no issue: written in French (fr); "
        "the issue is in English (en)",
    ),
    fault(
        "SEC003",
        {**plan(("sections:", "¦sections:"), FEATURED), **studies(5)},
        f"6 entries of these days, such as “What changed in paper-0 law”, are in no issue: {ONLY_FEATURED}",
    ),
    fault(
        "SEC004",
        {**PERIOD, **add(EVENT, "status: draft")},
        "“Summer school on migration” is of these days and stays out: it is a draft",
    ),
    fault(
        "SEC004",
        {**PERIOD, **drafts("status: draft", 5)},
        "“Paper 0”, “Paper 1”, “Paper 2” and 2 more are of these days and stay out: they are drafts",
    ),
    fault(
        "SEC004",
        {**PERIOD, **drafts("embargo: 2024-08-02", 2)},
        "“Paper 0” and “Paper 1” are of these days and stay out: they are under embargo",
    ),
    fault(
        "SEC004",
        {
            **plan(("period: 2024-07", "¦period: 2024-07"), ("take: study", "take: study\n    limit: 1")),
            **drafts("", 2),
        },
        "“Paper 0” and “What changed in asylum law” are of these days and stay out: their sections are full",
    ),
    fault(
        "SEC004",
        {**PERIOD, **swap(CALL, "deadline: 2024-08-15", "deadline: 2024-07-30")},
        "“Take part in the innovation hub” is of these days and stays out: it closes before the issue leaves",
    ),
    fault(
        "SEC004",
        {**PERIOD, **swap(EVENT, "date: 2024-07-12\n", "")},
        "“Summer school on migration” has no date, so no issue takes it by itself",
    ),
    sound("SEC004", {**swap(EVENT, "date: 2024-07-12\n", ""), **other("2024-06", more="pin: [school]\n")}),
    # The last issue to these readers says it for all of them.
    sound("SEC004", {**swap(EVENT, "date: 2024-07-12\n", ""), **other("2024-08")}),
    *(
        sound("SEC004", swap(EVENT, "date: 2024-07-12\n", more))
        for more in ("status: draft\n", "embargo: 2024-09-01\n")
    ),
    sound("SEC004", {**swap(EVENT, "date: 2024-07-12\n", ""), **other("2024-06", take="event, period: any")}),
    sound("SEC004", {**swap(CALL, "deadline: 2024-08-15", "deadline: 2024-07-30"), **other("2024-07", take="call")}),
    sound("SEC004"),
    sound("SEC004", {**NO_EVENTS, **add(EVENT, "status: draft")}),
    sound("SEC004", swap(EVENT, "date: 2024-07-12", "date: 2024-06-12\nstatus: draft")),
    sound("SEC004", add(EVENT, "status: draft\nlanguage: fr")),
    sound("SEC004", add(EVENT, "status: draft"), facts=Facts(left={"2024-07"})),
    sound("SEC003"),
    sound("SEC003", {**FEATURED_ALONE, **add(STUDY, "featured: true")}),
    sound("SEC003", {**FEATURED_ALONE, **add(STUDY, "status: draft")}),
    sound("SEC003", {**FEATURED_ALONE, **add(STUDY, "embargo: 2024-09-01")}),
    sound("SEC003", {**FEATURED_ALONE, **add(STUDY, "language: fr"), **other("2024-07", take="study", languages="fr")}),
    sound("SEC003", {**NO_EVENTS, **other("2024-09", more="pin: [school]\n")}),
    sound("SEC003", {**FEATURED_ALONE, **swap(STUDY, "date: 2024-07-10", "date: 2024-06-10")}),
    sound("SEC003", {**plan((FEATURED), ("lists: [monthly]", "lists: [monthly]\ndrop: {report: told in June}"))}),
    sound("SEC003", {**NO_EVENTS, **other("2024-07")}),
    sound("SEC003", {**NO_EVENTS, **other("2024-06", to="press")}),
    # A month beside weeks is planned when it ends.
    sound("SEC003", {**NO_EVENTS, **other("{from: 2024-01-01, to: 2024-06-30}", name="2024-06-half")}),
    sound("SEC003", FEATURED_ALONE, facts=Facts(left={"2024-07"})),
)
