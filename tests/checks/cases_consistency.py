"""Where an issue disagrees with other issues, with what was sent, and with its approval; and where it does not."""

from newsletter.checks.facts import Facts
from newsletter.model.finding import Place
from tests.checks.cases_editorial import SECTIONS, plan
from tests.checks.workspace import FILES, MORE, NEWS, SETTINGS, Case, add, fault, sound, swap

JUNE = "issues/2024-06/issue.yaml"
LATE = "issues/entries/news/late.md"
TWIN = "issues/entries/news/twin.md"
LATE_OF_JUNE = "late is dated 2024-06-20, but issue 2024-06 of these days has left without it"
FORUM = "A forum seeks closer\nties\nhttps://www.example.org/news/forum\n"
PAGE = "https://www.example.org/news/late"
STANDING = "Dear {first_name|reader}, " + "many a word " * 7 + "once more"
UNDATED = {
    "issues/entries/news/undated.md": "---\ntitle: Something of this year\nsummary: Nobody knows the day.\nurl: "
    "https://www.example.org/news/undated\n---\n"
}
AUGUST = "issues/2024-08/issue.yaml"


def june(period: str = "2024-06", more: str = "") -> dict[str, str]:
    """Return the plan of the issue before."""
    return {
        JUNE: f"title: Our newsletter – June 2024\nnumber: 6\nperiod: {period}\nsubject: What happened in June\n"
        f"lists: [monthly]\nsections: [{{heading: News, take: news}}]\n{more}"
    }


def end_of_june(more: str = "", to: str = "2024-06-30") -> dict[str, str]:
    """Return the plan of an issue between that one and July's."""
    plan = june(f"{{from: 2024-06-26, to: {to}}}", more)[JUNE].replace("number: 6\n", "")
    return {"issues/2024-06-28/issue.yaml": plan}


def late(mark: str = "", day: str = "2024-06-20", more: str = "") -> dict[str, str]:
    """Return an entry of June."""
    told = "summary: It came after all had left."
    return {LATE: f"---\ntitle: A late arrival of June\ndate: {mark}{day}\n{told}\n{more}---\n"}


def august(period: str = "2024-08") -> dict[str, str]:
    """Return the plan of an issue that leaves after July's."""
    return {AUGUST: june(period)[JUNE].replace("number: 6\n", "").replace("June", "August")}


def news(*names: str) -> dict[str, str]:
    """Return entries of the first of July."""
    written = "---\ntitle: A paper on {0}\ndate: 2024-07-01\nsummary: It is about {0}.\n---\n"
    return {f"issues/entries/news/{name}.md": written.format(name) for name in names}


def monthly(url: str, day: str = "2024-07-02", start: str = "2024-08-20") -> dict[str, str]:
    """Return an event of June, and another one of some day and start with the same address."""
    event = "---\ntitle: {}\ndate: {}\nsummary: All are welcome.\nplace: Vienna\nstart: {}\nurl: {}\n---\n"
    return {
        JUNE: june()[JUNE].replace("take: news", "take: event"),
        "issues/entries/events/first.md": event.format("A summer party", "2024-06-02", "2024-08-20", url.strip("¦")),
        "issues/entries/events/next.md": event.format("Autumn meeting", day, start, url),
    }


def beside(period: str, lists: str = "members, ¦monthly") -> dict[str, str]:
    """Return June's issue to two lists, two weeks of July for one of them, and July's issue for both."""
    weeks = june("{from: 2024-07-01, to: 2024-07-21}")[JUNE].replace("number: 6\n", "").replace("June", "a week")
    return {
        **add(SETTINGS, '[lists.members]\ntitle = "Members"'),
        JUNE: june()[JUNE].replace("[monthly]", "[members, monthly]"),
        "issues/2024-06-weekly/issue.yaml": weeks.replace("[monthly]", "[members]"),
        **plan(("period: 2024-07", f"period: {period}"), (SECTIONS, f"lists: [{lists}]\n")),
    }


def part(period: str, of_some: str, lists: str = "lists: [¦monthly]") -> dict[str, str]:
    """Return June's issue, one of July to some of its readers, and July's issue."""
    special = june(of_some, "segment: {topic: law}\n")[JUNE].replace("number: 6\n", "").replace("June", "something")
    return {
        **june(),
        "issues/2024-06-part/issue.yaml": special,
        **plan(("period: 2024-07", f"period: {period}"), (SECTIONS, f"{lists}\n")),
    }


CASES: tuple[Case, ...] = (
    fault(
        "EDT010",
        monthly("¦https://www.example.org/meet"),
        "next is left out: its page was shown in issue 2024-06, as first with the same link",
    ),
    sound("EDT010", monthly("mailto:meet@example.org")),
    sound("EDT010", monthly("https://www.example.org/meet", day="2023-07-02")),
    # Another day of a series.
    sound("EDT010", monthly("https://www.example.org/meet", start="2024-09-20")),
    sound("EDT010", monthly("https://www.example.org/meet"), facts=Facts(left={"2024-07"})),
    fault(
        "CNS001",
        {**june("{from: 2024-06-01, to: 2024-07-05}"), **plan(("period: 2024-07", "period: ¦2024-07"))},
        "issue 2024-06 has 2024-07-01 to 2024-07-05 too",
    ),
    fault("CNS001", beside("¦2024-07", "members, monthly"), "issue 2024-06-weekly has 2024-07-01 to 2024-07-21 too"),
    fault(
        "CNS001",
        {
            **{
                f"issues/2024-06-{day}/issue.yaml": june(f"{{from: 2024-07-{day}, to: 2024-07-{day}}}")[JUNE]
                for day in (15, 20)
            },
            **plan(("period: 2024-07", "period: ¦2024-07")),
        },
        "the issues 2024-06-15 and 2024-06-20 have days of this one too",
    ),
    sound("CNS001", june()),
    sound("CNS001", june("{from: 2024-06-01, to: 2024-08-31}")),
    sound("CNS001", {JUNE: june("{from: 2024-06-01, to: 2024-07-05}")[JUNE].replace("[monthly]", "[other]")}),
    fault(
        "CNS002",
        {
            **june("{from: 2024-06-01, to: 2024-06-15}"),
            **august("{from: 2024-07-01, to: 2024-08-31}"),
            **late(day="2024-06-16"),
            **UNDATED,
            **plan(("period: 2024-07", "period: {from: ¦2024-07-01, to: 2024-07-31}")),
        },
        "no issue has 2024-06-16 to 2024-06-30; 1 entry lies there",
    ),
    fault(
        "CNS002",
        {**june("{from: 2024-06-01, to: 2024-06-15}"), **plan(("period: 2024-07", "period: ¦2024-07"))},
        "no issue has 2024-06-16 to 2024-06-30; no entry lies there",
    ),
    fault(
        "CNS002",
        {
            **june("{from: 2024-06-01, to: 2024-06-15}"),
            **news("borders", "law"),
            **plan(("period: 2024-07", "period: {from: ¦2024-07-02, to: 2024-07-31}")),
        },
        "no issue has 2024-06-16 to 2024-07-01; 2 entries lie there",
    ),
    sound("CNS002", june()),
    sound("CNS002", {**june("{from: 2024-06-01, to: 2024-06-15}"), **end_of_june(to="2024-08-31")}),
    fault(
        "CNS003",
        {**june(), **late("¦"), **UNDATED},
        LATE_OF_JUNE,
        facts=Facts(sent={"2024-06": "All the news of June"}),
    ),
    sound("CNS003", {**june(), **late()}, facts=Facts(sent={"2024-06": "All of June:\nA late\narrival of June"})),
    sound("CNS003", {**june(), **late()}),
    sound(
        "CNS003",
        {**june(), **late(), **plan((SECTIONS, f"{SECTIONS}drop: {{late: too late for anybody}}\n"))},
        facts=Facts(sent={"2024-06": "All the news of June"}),
    ),
    sound(
        "CNS003",
        {**august(), **late(day="2024-08-01")},
        facts=Facts(sent={"2024-08": "All the news of August"}),
    ),
    # What was told before it happened was not the entry.
    fault(
        "CNS003",
        {
            **june("{from: 2024-06-01, to: 2024-06-19}"),
            **late("¦"),
            "issues/2024-06-28/issue.yaml": june("{from: 2024-06-20, to: 2024-06-30}")[JUNE],
        },
        "late is dated 2024-06-20, but issue 2024-06-28 of these days has left without it",
        facts=Facts(sent={"2024-06": "Soon: A late arrival of June", "2024-06-28": "The rest of June"}),
    ),
    sound(
        "CNS003",
        {**june("{from: 2024-06-01, to: 2024-06-25}"), **late(), **end_of_june()},
        facts=Facts(sent={"2024-06": "All the news of June", "2024-06-28": "All of June:\nA late\narrival of June"}),
    ),
    sound(
        "CNS003",
        {**june("{from: 2024-06-01, to: 2024-06-25}"), **late(), **end_of_june("drop: {late: too late for anybody}\n")},
        facts=Facts(sent={"2024-06": "All the news of June", "2024-06-28": "The rest of June"}),
    ),
    sound(
        "CNS003",
        {JUNE: june()[JUNE].replace("[monthly]", "[other]"), **late()},
        facts=Facts(sent={"2024-06": "All the news of June"}),
    ),
    # Its title was put right after the issue had left; the page that it leads to is its own.
    *(
        Case(
            "CNS003",
            {**june(), **late(mark, more=f"url: {PAGE}\n"), **other},
            told,
            Facts(sent={"2024-06": f"Late arrivals:\n{PAGE}{behind}\nMore"}),
        )
        for mark, behind, other, told in (
            ("", "", {}, ()),
            ("¦", "/2", {}, (LATE_OF_JUNE,)),
            ("¦", "", {TWIN: f"---\ntitle: Late arrivals\ndate: 2024-06-02\nurl: {PAGE}\n---\n"}, (LATE_OF_JUNE,)),
        )
    ),
    sound("CNS003", {**june(), **late()}, facts=Facts(sent={"2024-06": "All of June"}, left={"2024-07"})),
    # Its date has changed since an issue before that of its days had it.
    sound(
        "CNS003",
        {
            **june("{from: 2024-06-01, to: 2024-06-19}"),
            **late(more=f"url: {PAGE}\n"),
            "issues/2024-06-28/issue.yaml": june("{from: 2024-06-20, to: 2024-06-30}")[JUNE],
        },
        facts=Facts(sent={"2024-06": f"A late arrival of June\n{PAGE}", "2024-06-28": "The rest of June"}),
    ),
    # It may have stood in what left so long ago that its text is not at hand.
    *(
        sound(
            "CNS003",
            {**june(), **late(), **end_of_june(more)},
            facts=Facts(sent={"2024-06": "All of June"}, left={"2024-06", "2024-06-28"}),
        )
        for more in ("pin: [late]\n", "feature: [late]\n")
    ),
    sound("CNS003", {**june(), **late(more="embargo: 2024-08-02\n")}, facts=Facts(sent={"2024-06": "All of June"})),
    # A limit would have kept it out as well; what it would have let in came too late.
    *(
        Case(
            "CNS003",
            {
                JUNE: june()[JUNE].replace("take: news}", "take: news, limit: 1}"),
                TWIN: "---\ntitle: The news of June\ndate: 2024-06-21\n---\n",
                **late(mark, day),
            },
            told,
            Facts(sent={"2024-06": "The news of June"}),
        )
        for mark, day, told in (
            ("", "2024-06-20", ()),
            ("¦", "2024-06-22", (LATE_OF_JUNE.replace("20,", "22,"),)),
        )
    ),
    # What its own issue has dropped may have been put off: of that the next one reminds, and none after it.
    *(
        Case(
            "CNS003",
            {**june("{from: 2024-06-01, to: 2024-06-25}", "drop: {late: next week}\n"), **late(mark), **end_of_june()},
            told,
            Facts(sent={"2024-06": "All the news of June", **more}),
        )
        for mark, more, told in (
            ("¦", {}, (LATE_OF_JUNE,)),
            ("", {"2024-06-28": "The rest of June"}, ()),
        )
    ),
    # By the files as they are now June's issue would have shown it; it was written later.
    fault(
        "CNS003",
        {
            JUNE: june()[JUNE].replace("take: news}", "take: news, period: any}"),
            **plan(("    take: news", "    take: news\n    period: any")),
            LATE: "---\n¦title: Apply at any time\nsummary: We always look for people.\n---\n",
        },
        "late counts as shown in issue 2024-06, which has left without it",
        facts=Facts(sent={"2024-06": "All the news of June"}),
    ),
    *(
        # What an issue would not take, whenever it had been written, came too late for nothing.
        sound("CNS003", {**june(), **late(more=field)}, facts=Facts(sent={"2024-06": "All the news of June"}))
        for field in (
            "status: draft\n",
            "language: fr\n",
            "type: project\ncountries: [AT]\n",
            "type: call\ndeadline: 2024-07-02\n",
        )
    ),
    sound(
        "CNS003",
        {**june(), **late(more="regions: [Iraq]\n"), **plan(("take: news", "take: news\n    regions: [Libya]"))},
        facts=Facts(sent={"2024-06": "All the news of June"}),
    ),
    fault(
        "CNS004",
        {"issues/2024-07/approval.yaml": "by: Ana\n¦digest: 0123456789abcdef\n"},
        "what was approved (0123456789ab…) is not what would be sent now",
        facts=Facts(approved="0123456789abcdef", approval=Place("issues/2024-07/approval.yaml", 2, 1)),
    ),
    sound("CNS004"),
    fault(
        "CNS005",
        plan(("send_at: 2024-08-01T09:00", "send_at: ¦2024-07-30T23:59")),
        "the issue is sent on 2024-07-30, before its period ends (2024-07-31)",
    ),
    fault(
        "CNS005",
        plan(("send_at: 2024-08-01T09:00", "send_at: ¦2023-08-01T09:00")),
        "the issue is sent on 2023-08-01, before its period begins (2024-07-01)",
    ),
    sound("CNS005", plan(("send_at: 2024-08-01T09:00", "send_at: 2024-07-31T00:00"))),
    fault(
        "CNS006",
        {**june(), **end_of_june(), **plan(("number: 7", "number: ¦9"))},
        "the issue has the number 9 after number 6 (2024-06)",
    ),
    sound("CNS006", june()),
    sound("CNS006", {**june(), **plan(("number: 7", "number: 1"))}),
    sound("CNS006", {**june(), **plan(("number: 7\n", ""))}),
    fault(
        "CNS007",
        {
            **plan((SECTIONS, f"{SECTIONS}order: [forum, ¦border]\n")),
            NEWS: FILES[NEWS].replace("date:", "status: draft\ndate:"),
        },
        "`order` names border, which is not in the issue (draft – its status is draft)",
    ),
    sound("CNS007", plan((SECTIONS, f"{SECTIONS}order: [forum, border, nowhere]\n"))),
    fault(
        "CNS008",
        {
            **june(more="send_at: 2024-08-01T18:00\n"),
            **plan(("send_at: 2024-08-01T09:00", "send_at: ¦2024-08-01T09:00")),
        },
        "issue 2024-06 goes to the same people on 2024-08-01 too",
    ),
    sound("CNS008", june(more="send_at: 2024-07-01T18:00\n")),
    sound("CNS008", {**june(more="send_at: 2024-08-01T18:00\n"), **plan(("send_at: 2024-08-01T09:00\n", ""))}),
    fault(
        "CNS009",
        {
            **june(more=f"preheader: Much more\nintro: {STANDING}\n"),
            **end_of_june(),
            **plan(
                ("subject: Twelve projects begin, and a call is open", "subject: ¦What happened in June"),
                ("preheader: Plus a forum in Tripoli, and a school that still has room", "preheader: ¦much  more"),
                (SECTIONS, f"{SECTIONS}intro: ¦{STANDING}\n"),
            ),
        },
        "the subject is that of issue 2024-06",
        "the preheader is that of issue 2024-06",
        "the introduction is that of issue 2024-06",
    ),
    sound(
        "CNS009",
        {**june(more="intro: Dear reader,\n"), **plan((SECTIONS, f"{SECTIONS}intro: Dear reader,\n"))},
    ),
    sound(
        "CNS009",
        {**june(), **plan(("preheader: Plus a forum in Tripoli, and a school that still has room\n", ""))},
    ),
    fault(
        "CNS010",
        plan(("title: Our newsletter – July 2024", "title: Our newsletter – ¦June 2024")),
        "the title says June 2024, but the issue begins on 2024-07-01",
    ),
    sound("CNS010", plan(("title: Our newsletter – July 2024", "title: Summer – June 2024 to August 2024"))),
    sound("CNS010", plan(("title: Our newsletter – July 2024", "title: On the way to the forum of March 2025"))),
    sound(
        "CNS010",
        {
            **swap(NEWS, "title: Twelve projects begin", "title: After June 2024 projects begin"),
            **plan(
                ("title: Our newsletter – July 2024", "title: Our newsletter"),
                ("subject: Twelve projects", "subject: What June 2024 has brought, twelve projects"),
            ),
        },
    ),
    fault(
        "CNS011",
        beside("{since: last issue, to: 2024-07-31}"),
        "readers of monthly have had no issue for 2024-07-01 to 2024-07-21, and have not been shown report, "
        "school and forum",
    ),
    fault(
        "CNS011",
        {**beside("{since: last issue, to: 2024-07-31}"), **news("a", "b", "c")},
        "readers of monthly have had no issue for 2024-07-01 to 2024-07-21, and have not been shown a, b, c, report, "
        "school and forum",
    ),
    fault(
        "CNS011",
        {**beside("{since: last issue, to: 2024-07-31}"), **news("a", "b", "c", "d")},
        "readers of monthly have had no issue for 2024-07-01 to 2024-07-21, and have not been shown a, b, c, d, report "
        "and 2 more",
    ),
    sound("CNS011", beside("{since: last issue, to: 2024-07-31}", "monthly")),
    fault(
        "CNS011",
        beside("2024-07"),
        "readers of monthly have not been shown forum, which other readers of this issue have",
    ),
    fault(
        "CNS011",
        part("2024-07", "{from: 2024-07-26, to: 2024-07-26}"),
        "readers of monthly have not been shown border, which other readers of this issue have",
    ),
    fault(
        "CNS011",
        part("{since: 2024-06-part, to: 2024-07-31}", "{from: 2024-07-20, to: 2024-07-25}"),
        "readers of monthly have had no issue for 2024-07-01 to 2024-07-25, and have not been shown report, school, "
        "forum and hub",
    ),
    sound("CNS011", part("2024-07", "{from: 2024-07-26, to: 2024-07-26}", "lists: [monthly]\nsegment: {topic: law}")),
    # Its date has changed since, or the issue names it as the one before did.
    *(
        fault(
            "CNS012",
            {**june(), **changed},
            "readers have had forum in issue 2024-06",
            facts=Facts(sent={"2024-06": FORUM}),
        )
        for changed in (
            swap(MORE, "date: 2024-07-19", "date: ¦2024-07-19"),
            *(plan((SECTIONS, f"{SECTIONS}{field}: [border, ¦forum]\n")) for field in ("pin", "feature")),
        )
    ),
    sound("CNS012", june(), facts=Facts(sent={"2024-06": FORUM}, left={"2024-07"})),
    # One page may tell of several things, and several pages of one.
    sound("CNS012", june(), facts=Facts(sent={"2024-06": FORUM.replace("closer", "other")})),
    sound("CNS012", june(), facts=Facts(sent={"2024-06": FORUM.replace("/forum", "/forums")})),
    sound("CNS012", {JUNE: june()[JUNE].replace("[monthly]", "[other]")}, facts=Facts(sent={"2024-06": FORUM})),
    sound("CNS012", june(more="segment: {topic: law}\n"), facts=Facts(sent={"2024-06": FORUM})),
    sound("CNS012", facts=Facts(sent={"2024-07": FORUM})),
)
