"""Faults of words, and what is near to them and none."""

from newsletter.checks.facts import Facts
from tests.checks.workspace import (
    CALL,
    EVENT,
    FILES,
    MORE,
    NEWS,
    PLAN,
    STUDY,
    Case,
    add,
    block,
    body,
    fault,
    sound,
    swap,
)

SUBJECT = "subject: Twelve projects begin, and a call is open"
PREHEADER = "preheader: Plus a forum in Tripoli, and a school that still has room"
SUMMARY = "summary: Organisations from five countries start work on better living conditions, with money from Brussels."
PROJECT = "issues/entries/projects/bomca.md"
BODY = "---\ntitle: Twelve projects begin\ndate: 2024-07-26\n{}\n---\n"


def summary(text: str) -> dict[str, str]:
    """Return the news with another summary."""
    return swap(NEWS, SUMMARY, f"summary: {text}")


def plan(*changes: tuple[str, str]) -> dict[str, str]:
    """Return the plan with several words changed."""
    written = FILES[PLAN]
    for old, new in changes:
        assert written.count(old) == 1, old
        written = written.replace(old, new)
    return {PLAN: written}


SHOWN_CALL = FILES[CALL].replace("url: https://www.example.org/calls/hub\n", "")
SECTIONS = "lists: [monthly]\n"
SENT = Facts(sent={"2024-06": "All the news of June"})


def many(count: int) -> dict[str, str]:
    """Return more news, each of its own."""
    return {
        f"issues/entries/news/more-{number:02d}.md": f"---\ntitle: Story number {number} of {number * 7}\n"
        f"date: 2024-07-05\nsummary: What happened on day {number}, told by those who saw all of it.\n"
        f"url: https://www.example.org/more/{number}\n---\n"
        for number in range(count)
    }


CASES: tuple[Case, ...] = (
    fault(
        "EDT001",
        {NEWS: "---\n¦title: Twelve projects begin\ndate: 2024-07-26\nurl: https://www.example.org/n\n---\n"},
        "“Twelve projects begin” has no summary",
    ),
    sound("EDT001", {NEWS: "---\ntitle: Twelve projects begin\ndate: 2024-07-26\n---\nAll of it is told below.\n"}),
    fault(
        "EDT002",
        swap(
            PLAN, SUBJECT, "subject: Twelve projects begin in the border areas of five countries, and a cal¦l is open"
        ),
        "the subject has 79 characters; phones show about 70",
    ),
    sound("EDT002"),
    fault(
        "EDT002",
        swap(PLAN, SUBJECT, f"subject: {'中央アジアの国境地域' * 3}の学校と新¦しい住まい"),
        "the subject has 40 characters, as wide as 80; phones show about 70",
    ),
    fault("EDT003", swap(PLAN, SUBJECT, "subject: ¦July"), "the subject “July” has only 4 characters"),
    sound("EDT003"),
    fault(
        "EDT003",
        swap(PLAN, SUBJECT, "subject: ¦お知らせ"),
        "the subject “お知らせ” has only 4 characters, as wide as 8",
    ),
    sound("EDT003", swap(PLAN, SUBJECT, "subject: 国境の村に水道")),
    fault(
        "EDT004",
        plan((f"{PREHEADER}\n", ""), ("subject:", "¦subject:")),
        "the issue has no preheader",
    ),
    sound("EDT004"),
    fault(
        "EDT005",
        swap(PLAN, PREHEADER, "preheader: ¦Plus more"),
        "the preheader has only 9 characters; whatever comes next in the email stands behind it",
    ),
    fault(
        "EDT005",
        swap(PLAN, PREHEADER, f"preheader: {'a ' * 59}b ¦cd"),
        "the preheader has 122 characters; inboxes show at most 120",
    ),
    sound("EDT005"),
    sound("EDT005", swap(PLAN, PREHEADER, "preheader: トリポリの会議と、まだ席のある学校")),
    fault(
        "EDT006",
        swap(PLAN, PREHEADER, "preheader: ¦Twelve projects begin – and a call is open!"),
        "the preheader says the same as the subject",
    ),
    sound("EDT006"),
    fault(
        "EDT007",
        swap(NEWS, "title: Twelve projects begin in border areas", f"title: {'a' * 119} ¦bcd"),
        "the title has 123 characters, more than 120",
    ),
    sound("EDT007", swap(NEWS, "title: Twelve projects begin in border areas", f"title: {'a' * 116} bcd")),
    fault("EDT008", summary(f"{'a' * 499} ¦bcd"), "the summary has 503 characters, more than 500"),
    sound("EDT008", summary(f"{'a' * 496} bcd")),
    fault(
        "EDT009",
        swap(MORE, "title: A forum seeks closer ties", "title: ¦In border areas twelve projects begin"),
        "“In border areas twelve projects begin” is nearly the title of border",
    ),
    fault(
        "EDT009",
        swap(MORE, "title: A forum seeks closer ties", "title: ¦In border areas twelve projects begin")
        | swap(EVENT, "title: Summer school on migration", "title: ¦In border areas begin twelve projects"),
        "“In border areas begin twelve projects” is nearly the title of border, and of 1 other",
        "“In border areas twelve projects begin” is nearly the title of border",
    ),
    sound("EDT009", swap(MORE, "title: A forum seeks closer ties", "title: Projects in border areas end")),
    fault(
        "EDT010",
        swap(NEWS, "url: https://www.example.org/news/border", "url: ¦https://www.example.org/news/forum"),
        "border is left out: forum has the same link",
    ),
    fault(
        "EDT010",
        plan(
            (
                "  - heading: Events",
                "  - heading: Where we work\n    take: project\n    period: any\n  - heading: Events",
            )
        )
        | {
            PROJECT: "---\ntitle: Border management\ncountries: [KZ]\nsummary: Better conditions in border areas.\n"
            "url: ¦https://www.example.org/news/border\n---\n"
        },
        "bomca leads to the same page as border",
    ),
    sound("EDT010"),
    fault(
        "EDT011",
        swap(EVENT, "start: 2024-08-20\nend: 2024-08-25", "start: 2024-07-14\nend: ¦2024-07-20"),
        "the event is over (2024-07-20) when the email is sent (2024-08-01)",
    ),
    sound("EDT011", swap(EVENT, "start: 2024-08-20\nend: 2024-08-25", "start: 2024-07-01\nend: 2024-07-06")),
    fault(
        "EDT011",
        swap(EVENT, "start: 2024-08-20\nend: 2024-08-25", "start: 2023-08-20\nend: ¦2023-08-25"),
        "the event is over (2023-08-25) when the email is sent (2024-08-01)",
    ),
    fault(
        "EDT012",
        swap(CALL, "deadline: 2024-08-15", "deadline: ¦2024-07-31") | plan((SECTIONS, f"{SECTIONS}pin: [hub]\n")),
        "the call is closed (2024-07-31) when the email is sent (2024-08-01)",
    ),
    sound("EDT012", plan((SECTIONS, f"{SECTIONS}pin: [hub]\n"))),
    fault(
        "EDT013",
        swap(CALL, "deadline: 2024-08-15", "deadline: ¦2024-08-01T18:00"),
        "the call closes within 24 hours of sending (2024-08-01, 18:00)",
    ),
    sound("EDT013", swap(CALL, "deadline: 2024-08-15", "deadline: 2024-08-02T18:00")),
    fault(
        "EDT014",
        {STUDY: FILES[STUDY].replace("authors: [Ana Example, Ben Example]\n", "").replace("title:", "¦title:")},
        "the study “What changed in asylum law” names no authors",
    ),
    sound("EDT014"),
    fault(
        "EDT015",
        {STUDY: FILES[STUDY].replace("doi: 10.1234/abcd\n", "").replace("title:", "¦title:")},
        "the report “What changed in asylum law” has no DOI",
    ),
    sound("EDT015", {STUDY: FILES[STUDY].replace("doi: 10.1234/abcd\n", "").replace("report", "commentary")}),
    fault(
        "EDT016",
        swap(STUDY, "doi: 10.1234/abcd", "doi: 10.1234/abcd¦."),
        "the DOI ends in “.”, which came with the text around it",
    ),
    fault(
        "EDT016",
        {
            STUDY: FILES[STUDY]
            .replace("doi: 10.1234/abcd", "doi: ¦10.1234/abcd")
            .replace("https://www.example.org/studies/asylum", "https://doi.org/10.1234/other")
        },
        "`doi` is 10.1234/abcd, but `url` leads to the DOI 10.1234/other",
    ),
    sound(
        "EDT016",
        {STUDY: FILES[STUDY].replace("https://www.example.org/studies/asylum", "https://doi.org/10.1234/ABCD")},
    ),
    fault(
        "EDT017",
        summary(">-\n  It begins in May.\n  ¦TODO tell how many; the rest\n  is ¦lorem\n  ipsum for now"),
        "“TODO” waits for a text",
        "“lorem ipsum” waits for a text",
    ),
    fault("EDT017", body("See the plan of ¦[insert name]."), "“[insert name]” waits for a text"),
    fault(
        "EDT017",
        summary("Dear ¦[First name], it opens on ¦??? in May."),
        "“[First name]” waits for a text",
        "“???” waits for a text",
    ),
    sound("EDT017", summary("A gift of TK Maxx.")),
    *(
        sound("EDT017", add(NEWS, f"translations: {{{language}: {{title: Zwölf, summary: {text}}}}}"))
        for language, text in (("de", "Die TK zahlt."), ("es", "TODO en el XXX congreso."), ("it", "La XXX edizione."))
    ),
    sound("EDT017", summary("Why??? What is a [Platzhalter]?")),
    sound("EDT017", summary("A todo list for ministers, and [the name](https://www.example.org/name) of the centre.")),
    fault(
        "EDT020",
        {**many(15), **plan(("  - heading: News", "  - ¦heading: News"))},
        "the section “News” has 17 of 20 entries",
    ),
    sound("EDT020", many(10)),
    fault(
        "EDT021",
        {**plan(("title:", "¦title:")), NEWS: BODY.format("summary: Short.") + "word " * 2000 + "\n"},
        "the email (en) takes 9 minutes to read",
    ),
    fault(
        "EDT021",
        {**plan(("title:", "¦title:")), NEWS: BODY.format("summary: Short.") + "移民政策" * 800 + "\n"},
        "the email (en) takes 10 minutes to read",
    ),
    sound("EDT021"),
    fault(
        "EDT022",
        {CALL: SHOWN_CALL + "Civil society may apply until ¦30 August 2024.\n"},
        "the text says “30 August 2024”, but by its fields the deadline is 2024-08-15",
    ),
    fault(
        "EDT022",
        swap(EVENT, "title: Summer school on migration", "title: Summer school from ¦September 7, 2024 on"),
        "the text says “September 7, 2024”, but by its fields the event takes place from 2024-08-20 to 2024-08-25",
    ),
    fault(
        "EDT022",
        {CALL: SHOWN_CALL + "Apply bis ¦30.8.2024, and not before 16.8.2024.\n"},
        "the text says “30.8.2024”, but by its fields the deadline is 2024-08-15",
    ),
    sound("EDT022", {CALL: SHOWN_CALL + "Apply before 16 August, or bis 15. August 2024; it meets on 3 May 2025.\n"}),
    sound("EDT022", {CALL: FILES[CALL] + "Civil society may apply until 30 August 2024.\n"}),
    sound("EDT022", {CALL: SHOWN_CALL.replace("2024-08-15", "2024-12-31") + "Apply before 1 January.\n"}),
    sound(
        "EDT022",
        {
            EVENT: FILES[EVENT]
            .replace("school on migration", "school with a concert on 1 January")
            .replace("2024-08-20", "2024-12-28")
            .replace("2024-08-25", "2025-01-02")
        },
    ),
    fault(
        "EDT022",
        {CALL: SHOWN_CALL.replace("2024-08-15", "2024-12-31") + "Apply before ¦2 January at noon.\n"},
        "the text says “2 January”, but by its fields the deadline is 2024-12-31",
    ),
    fault(
        "EDT023",
        summary("It opens on ¦Monday, 30 July 2024, and again on Tuesday 6 August 2024."),
        "“Monday, 30 July 2024”: 2024-07-30 is a Tuesday",
    ),
    fault(
        "EDT023",
        summary("It opens on ¦Mon., 30 July, on ¦Thurs Aug. 6 and ¦mercoledì 1° agosto 2024."),
        "“Mon., 30 July”: 2024-07-30 is a Tuesday",
        "“Thurs Aug. 6”: 2024-08-06 is a Tuesday",
        "“mercoledì 1° agosto 2024”: 2024-08-01 is a Thursday",
    ),
    fault("EDT023", summary("Es öffnet am ¦Montag, 30.7.2024."), "“Montag, 30.7.2024”: 2024-07-30 is a Tuesday"),
    sound("EDT023", summary("Es öffnet am Dienstag, dem 30. 07. 2024, mit Fassung 1.13.2024.")),
    sound("EDT023", summary("It opens on Tue 30 July, Tues. Aug. 6 and giovedì 1° agosto 2024; the sun 7 times.")),
    sound(
        "EDT023", summary("It opened on Friday, 22 December, closes on Friday 10 January, and meets on Thu 6 March.")
    ),
    sound("EDT023", summary("Es öffnet am Dienstag, dem 30. Juli 2024, et le mardi 6 août 2024.")),
    fault("EDT024", summary("They start ¦work  on better conditions."), "there are 2 spaces after “work”"),
    sound("EDT024", summary(">-\n  They start work\n  on better conditions.")),
    fault(
        "EDT025",
        summary("They start ¦\u200bwork on better conditions."),
        "the text has an invisible character (zero width space)",
    ),
    sound("EDT025", summary("They می\u200cروند and 👩\u200d👧 on.")),
    sound("EDT025", summary("ភាសា\u200bខ្មែរ and ภาษา\u200bไทย part words without a space.")),
    fault(
        "EDT026",
        swap(NEWS, "title: Twelve projects begin in border areas", "title: ¦TWELVE PROJECTS BEGIN IN THE EU"),
        "“TWELVE PROJECTS BEGIN IN THE EU” is all in capitals",
    ),
    sound(
        "EDT026", swap(NEWS, "title: Twelve projects begin in border areas", "title: ICMPD and IOM on EU, UN and AU")
    ),
    sound("EDT026", swap(NEWS, "title: Twelve projects begin in border areas", "title: EU, UNHCR, IOM, ICMPD, 2024")),
    sound("EDT026", swap(NEWS, "title: Twelve projects begin in border areas", "title: EU–UNHCR–OSCE–UNICEF Forum")),
    fault(
        "EDT027",
        summary("¦Twelve projects begin in the border areas."),
        "the summary only repeats the title",
    ),
    sound("EDT027"),
    fault(
        "SEC001",
        {EVENT: None, **plan(("  - heading: Events", "  - ¦heading: Events"))},
        "the section “Events” has no entries and is left out of the email",
    ),
    fault(
        "SEC001",
        {**add(EVENT, "language: ar\n"), **plan(("  - heading: Events", "  - ¦heading: Events"))},
        "the section “Events” has no entries and is left out of the email; school is in none of the issue's languages",
    ),
    # No translation would bring it into a section that asks for another region.
    fault(
        "SEC001",
        {
            **add(EVENT, "language: ar\n"),
            **plan(
                (
                    "  - heading: Events",
                    "  - ¦heading: From Iraq\n    take: event\n    regions: [Iraq]\n  - ¦heading: Events",
                )
            ),
        },
        "the section “From Iraq” has no entries and is left out of the email",
        "the section “Events” has no entries and is left out of the email; school is in none of the issue's languages",
    ),
    fault(
        "SEC001",
        {**plan(("sections:", "¦sections:")), **{name: None for name in FILES if name.startswith("issues/entries/")}},
        "no section has entries: all that readers get are the words of the issue itself",
    ),
    sound("SEC001"),
    fault("SEC002", plan(("heading: Events", "heading: ¦calls")), "two sections are headed “calls”"),
    sound("SEC002"),
    fault("SLT001", summary("Dear ¦*|FNAME|*, it begins."), "readers would see *|FNAME|*"),
    fault("SLT001", summary("Dear ¦{first_name|friend}, it begins."), "readers would see {first_name|friend}"),
    fault("SLT001", summary("Dear ¦<<First Name>>, it begins."), "readers would see <<First Name>>"),
    fault(
        "SLT001",
        plan((SECTIONS, f"{SECTIONS}intro: |\n  Dear ¦{{first_name|reader,\n\n  this is July.\n")),
        "readers would see {first_name|reader",
    ),
    fault(
        "SLT001",
        plan((SECTIONS, f"{SECTIONS}intro: Dear ¦first_name|reader}}, this is July.\n")),
        "readers would see first_name|reader}",
    ),
    fault(
        "SLT001",
        plan((SECTIONS, f"{SECTIONS}intro: Dear ¦{{ first_name | reader }}, this is July.\n")),
        "readers would see { first_name | reader }",
    ),
    fault(
        "SLT001",
        plan((SECTIONS, f"corrections:\n  - {{date: 2024-08-02, note: 'Dear ¦*|FNAME|*, we erred.'}}\n{SECTIONS}")),
        "readers would see *|FNAME|*",
    ),
    fault("SLT001", block("Leave: ¦*|UNSUB|*"), "readers would see *|UNSUB|*"),
    sound("SLT001", summary("The table's first_name column is optional.")),
    sound("SLT001", summary("They say <<Bonjour>> in French.")),
    sound("SLT001", plan((SECTIONS, f"{SECTIONS}intro: Dear {{first_name|friend}}, this is July.\n"))),
    fault(
        "SLT002",
        plan((SECTIONS, f"{SECTIONS}intro: |\n  Good morning,\n  dear ¦{{first_name}}, this is July.\n")),
        "{first_name} has nothing to say to readers of whom it is not known",
    ),
    sound("SLT002", plan((SECTIONS, f"{SECTIONS}intro: Dear {{first_name|friend}}, this is July.\n"))),
    fault(
        "LNT001",
        add(NEWS, "lint:\n  ¦EDT001X: it is short"),
        "there is no rule EDT001X; did you mean EDT001?",
    ),
    sound("LNT001", {NEWS: BODY.format("lint: {EDT001: a picture story}")}),
    fault("LNT002", add(NEWS, "lint:\n  ¦EDT001: it is short"), "EDT001 finds nothing here"),
    sound("LNT002", {NEWS: BODY.format("lint: {EDT001: a picture story}")}),
    sound("LNT002", add(NEWS, "lint: {EDT001: it is short}"), facts=Facts(left={"2024-07"})),
    sound("LNT002", add(NEWS, "lint: {CNS012: a reminder}")),
    fault("LNT002", add(NEWS, "lint:\n  ¦CNS012: a reminder"), "CNS012 finds nothing here", facts=SENT),
    sound("LNT002", add(NEWS, "lint: {LNK021: the right page, DLV016: known}")),
)
