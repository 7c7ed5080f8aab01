"""Faults of links, and what is near to them and none."""

from newsletter.checks.facts import Facts
from newsletter.model.visit import Outcome, Visit
from tests.checks.cases_editorial import SECTIONS, plan
from tests.checks.workspace import FILES, MORE, NEWS, PLAN, SETTINGS, Case, add, block, body, fault, sound, swap

HERE = "https://www.example.org/news/border"


def url(written: str) -> dict[str, str]:
    """Return the news with another address."""
    return swap(NEWS, "url: https://www.example.org/news/border", f"url: {written}")


def setting(lines: str) -> dict[str, str]:
    """Return the settings with some more."""
    return {SETTINGS: FILES[SETTINGS] + lines + "\n"}


def visited(
    outcome: Outcome, status: int = 200, final: str = "", detail: str = "", *, permanent: bool = False
) -> Facts:
    """Return what came of following the link of the news."""
    return Facts(visits={HERE: Visit(HERE, outcome, 0, status, final, permanent, detail)})


UTM = '[lint.parameters.LNK007]\nrequired = ["utm_source"]\n'

OURS = {name: text.replace("example.org", "harbour-museum.org") for name, text in FILES.items()}

CASES: tuple[Case, ...] = (
    fault(
        "LNK001",
        body(
            "See [one](¦http://www.example.org/a) and\n[two](http://www.example.org/a), and [three](¦http://b.example/)."
        ),
        "the link http://www.example.org/a is not encrypted",
        "the link http://b.example/ is not encrypted",
    ),
    fault(
        "LNK001",
        body(
            "See [the report][one], [Two] and\n[three][].\n\n[one]: ¦http://www.example.org/a\n[two]: <¦http://b.example/>"
        ),
        "the link http://www.example.org/a is not encrypted",
        "the link http://b.example/ is not encrypted",
    ),
    fault("LNK001", url("¦http://www.example.org/n"), "the link http://www.example.org/n is not encrypted"),
    sound("LNK001"),
    fault(
        "LNK002",
        body("See [the plan](¦#) and [¦the map]() of it."),
        "the link “the plan” leads nowhere",
        "the link “the map” leads nowhere",
    ),
    fault(
        "LNK002",
        body("See [¦the plan][of it].\n\n[plan]: https://www.example.org/"),
        "the link “the plan” leads nowhere",
    ),
    sound("LNK002", body("See `[a][b]` and x[i][j].\n\n```\n[the plan]()\n```")),
    sound("LNK002", body("See [sic] [the plan][Of  it][^1] or [ ] [x].\n\n[of it]: https://www.example.org/")),
    fault("LNK002", block('<p>So ¦<a href="#">up</a> or <a name="x">here</a></p>'), "the link “up” leads nowhere"),
    sound("LNK002", block(f'<p>So <a href="{HERE}">up</a> or <a name="x">here</a></p>')),
    fault(
        "LNK003",
        body(
            "[one](¦www.example.org/a), [two](¦https://https://example.org), [three](¦https://example.org/a b),\n"
            "[four](¦https://example.org/?a=1?b=2), [five](¦mailto:press), [six](¦press@example.org)."
        ),
        "www.example.org/a is no complete address; the email would show its words without a link",
        "https://https://example.org begins in a way that no address does",
        "https://example.org/a b has a space inside",
        "https://example.org/?a=1?b=2 has two question marks",
        "mailto:press is no mailbox",
        "press@example.org is no complete address; the email would show its words without a link",
    ),
    fault(
        "LNK003",
        url("¦https://www.example.org/news."),
        "https://www.example.org/news. ends in “.”, which came with the text around it",
    ),
    sound(
        "LNK003",
        body(
            "[one](https://example.org/a_(b)?c=1&d=2#e), <https://example.org/x>, [b](mailto:a@example.org?subject=x)"
        ),
    ),
    sound("LNK003", body("See [the programme]({% post_url 2024-07-26-programme %}) or [that]({{ site.url }}/a).")),
    fault(
        "LNK003",
        body("See [the programme](¦../programme.html) or [that](¦/that)."),
        "../programme.html is no complete address; the email would show its words without a link",
        "/that is no complete address; the email would show its words without a link",
    ),
    fault(
        "LNK003",
        body("[one](¦https://www.example,org/a), [two](¦https://wwww.example.org/b), and <¦https://example.org/c)>."),
        "https://www.example,org/a has a “,” in its host",
        "https://wwww.example.org/b begins with “wwww.”",
        "https://example.org/c) ends in “)”, which came with the text around it",
    ),
    sound(
        "LNK003",
        body("[one](https://ww.example/), [two](https://größe_1.example.org:8080/a), <https://example.org/c_(d)>."),
    ),
    sound("LNK004", body("[one](https://https.example.org/a).")),
    fault(
        "LNK004",
        body(
            "[one](¦http://localhost:8000/a), [two](¦https://10.0.0.8/b), [three](¦https://wiki.intranet/c),\n[four](¦https://[::1]/d)"
        ),
        "http://localhost:8000/a can be reached from your own computer or office alone",
        "https://10.0.0.8/b can be reached from your own computer or office alone",
        "https://wiki.intranet/c can be reached from your own computer or office alone",
        "https://[::1]/d can be reached from your own computer or office alone",
    ),
    sound("LNK004", body("[one](https://example.org/localhost), [two](mailto:a@example.org)")),
    fault(
        "LNK005",
        url("https://www.example.org/news?id=7&¦fbclid=IwAR0&utm_source=other"),
        "the address still has fbclid, utm_source of another mailing or website",
    ),
    sound("LNK005", url("https://shop.example.org/news?utm_source=newsletter&utm_medium=email&utm_campaign=july")),
    fault(
        "LNK005",
        url("https://www.example.org/news?¦utm_source=facebook&utm_medium=social"),
        "the address still has utm_source, utm_medium of another mailing or website",
    ),
    fault(
        "LNK005",
        url("https://www.example.net/news?¦utm_source=newsletter"),
        "the address still has utm_source of another mailing or website",
    ),
    sound("LNK005", {**url("https://www.example.org/news?id=7&utm_source=newsletter"), **setting(UTM)}),
    fault(
        "LNK006",
        {**url("https://www.example.org/?utm_source=a&¦utm_source=b"), **setting(UTM)},
        "utm_source stands in the address twice",
    ),
    sound("LNK006", url("https://www.example.org/?tag=a&tag=b")),
    fault(
        "LNK007",
        {
            **{
                name: text.replace(".org/", ".org/x?utm_source=n&p=")
                for name, text in FILES.items()
                if name.endswith(".md")
            },
            **url("¦https://www.example.org/news"),
            **setting(UTM),
        },
        "the link to www.example.org has no utm_source",
    ),
    sound("LNK007"),
    fault(
        "LNK008",
        body(
            "It is online, click [¦here](https://a.example/x); [¦**Mehr erfahren**](https://a.example/y),\n[¦en savoir plus…](https://a.example/z)."
        ),
        "the link “here” does not say where it leads",
        "the link “**Mehr erfahren**” does not say where it leads",
        "the link “en savoir plus…” does not say where it leads",
    ),
    fault(
        "LNK008",
        block(f'<p>¦<a href="{HERE}">Read more →</a></p>'),
        "the link “Read more →” does not say where it leads",
    ),
    sound("LNK008", block(f'<p><a href="{HERE}" aria-label="Read more: border areas">Read more →</a></p>')),
    fault(
        "LNK009",
        body(
            "Register at ¦https://www.example.org/register, or see [¦https://www.example.org/programme/of/the/forum](https://www.example.org/p)."
        ),
        "https://www.example.org/register stands in the text and is no link",
        "the link shows the address https://www.example.org/programme/of/the/forum",
    ),
    fault("LNK001", body("See [`make` it](¦http://b.example/)."), "the link http://b.example/ is not encrypted"),
    sound("LNK008", body("See [`here`s guide](https://b.example/).")),
    sound("LNK009", body("See [that].\n\n[that]: https://en.wikipedia.org/wiki/Forum_(place) 'Forum'\n")),
    fault(
        "LNK009",
        body("See that:\n[that]: ¦https://www.example.org/register"),
        "https://www.example.org/register stands in the text and is no link",
    ),
    sound("LNK009", body("See [www.example.org](https://www.example.org) or <https://example.org/x>.")),
    fault(
        "LNK010",
        block('<p><a href="https://example.org/a">the report</a>, ¦<a href="https://example.org/b">The report</a></p>'),
        "two links say “The report” and lead to different pages",
    ),
    fault(
        "LNK010",
        swap(
            NEWS, "with money", "see [the report](https://e.example/a?b=1) and [¦the **report**](https://e.example/b)"
        ),
        "two links say “the report” and lead to different pages",
    ),
    fault(
        "LNK010",
        {
            **add(NEWS, "image: {src: https://www.example.org/a.png, alt: Readers in a room}"),
            **add(MORE, "image: {src: https://www.example.org/b.png, alt: ¦Readers in a room}"),
            **swap(PLAN, "    take: news", "    take: news\n    layout: cards"),
        },
        "two links say “Readers in a room” and lead to different pages",
    ),
    fault(
        "LNK010",
        swap(MORE, "title: A forum seeks closer ties", "title: ¦Twelve projects begin in border areas"),
        "two links say “Twelve projects begin in border areas” and lead to different pages",
    ),
    fault(
        "LNK010",
        {
            **plan((SECTIONS, f"{SECTIONS}languages: [en, fr]\n")),
            **add(NEWS, "translations: {fr: {title: 'Douze projets : ici', summary: Un}}"),
            **add(MORE, "translations: {fr: {title: ¦'Douze projets : ici', summary: Deux}}"),
        },
        "two links say “Douze projets : ici” and lead to different pages",
    ),
    sound(
        "LNK010",
        block('<p><a href="https://example.org/a">the report</a>, <a href="http://example.org/a/">The report</a></p>'),
    ),
    fault(
        "LNK011",
        url("¦https://ana:secret@www.example.org/r"),
        "an address of www.example.org carries a user name or a password",
    ),
    sound("LNK011", body("[write to us](mailto:ana@example.org)")),
    fault("LNK012", url("¦https://93.184.216.34/news"), "https://93.184.216.34/news has a number for a host"),
    sound("LNK012"),
    fault(
        "LNK013",
        body("See [¦the report](https://www.example.org/report.PDF)."),
        "the link “the report” opens a PDF file without saying so",
    ),
    sound("LNK013", body("See [the report (PDF)](https://www.example.org/report.pdf).")),
    fault(
        "LNK014",
        body("Go to [¦www.example.org](https://pages.example.net/x)."),
        "the link says www.example.org and leads to pages.example.net",
    ),
    sound("LNK014", swap(NEWS, "Twelve projects begin in border areas", "partner.org\nlint: {LNK014: its name}")),
    sound("LNK014", body("Go to [example.org](https://www.example.org/x), or [e.g. this](https://a.example/).")),
    fault("LNK015", url("¦https://bit.ly/3abc"), "https://bit.ly/3abc hides where it leads"),
    sound("LNK015", url("https://www.example.org/bit.ly")),
    fault(
        "LNK016",
        body(
            "[one](¦https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=05),\n"
            "[two](¦https://www.google.com/url?q=https://example.org/b&sa=D), [three](¦https://urldefense.com/v3/__https:/example.org/c__;!!x)."
        ),
        "eur01.safelinks.protection.outlook.com stands before the address of the page",
        "www.google.com stands before the address of the page",
        "urldefense.com stands before the address of the page",
    ),
    sound("LNK016", body("[one](https://www.google.com/maps?q=Vienna), [two](https://www.facebook.com/example).")),
    fault(
        "LNK017",
        body(
            "[one](¦https://staging.example.org/a), [two](¦https://example.org/?p=7&preview=true),\n"
            "[three](¦https://example.org/wp-admin/post.php?post=7), [four](¦https://docs.google.com/document/d/1a/edit),\n"
            "[five](¦https://example.sharepoint.com/:w:/s/plan)."
        ),
        "https://staging.example.org/a is a page of a test site",
        "https://example.org/?p=7&preview=true is a page for those who edit the website",
        "https://example.org/wp-admin/post.php?post=7 is a page for those who edit the website",
        "https://docs.google.com/document/d/1a/edit opens a document for editing",
        "https://example.sharepoint.com/:w:/s/plan opens a file that may be shared with your own colleagues alone",
    ),
    sound(
        "LNK017",
        body(
            "[one](https://stagingpost.example.org/a), [two](https://example.org/preview), [three](https://stage.example.org/),\n"
            "[four](https://docs.google.com/forms/d/e/1a/viewform), [five](https://docs.google.com/document/d/1a/pub)."
        ),
    ),
    fault("LNK020", url(f"¦{HERE}"), f"{HERE} does not exist (status 404)", facts=visited(Outcome.GONE, 404)),
    sound("LNK020", facts=visited(Outcome.OK)),
    fault(
        "LNK021",
        url(f"¦{HERE}"),
        f"{HERE} answers, but not with the page (its title is “Page not found”)",
        facts=visited(Outcome.EMPTY, detail="its title is “Page not found”"),
    ),
    sound("LNK021", facts=visited(Outcome.OK)),
    fault(
        "LNK022",
        url(f"¦{HERE}"),
        f"{HERE} has moved for good to https://new.example.org/",
        facts=visited(Outcome.OK, final="https://new.example.org/", permanent=True),
    ),
    sound("LNK022", facts=visited(Outcome.OK, final="https://new.example.org/")),
    fault(
        "LNK023",
        url(f"¦{HERE}"),
        f"{HERE} has no valid certificate (it has expired)",
        facts=visited(Outcome.UNTRUSTED, 0, detail="it has expired"),
    ),
    sound("LNK023", facts=visited(Outcome.OK)),
    fault(
        "LNK024",
        url(f"¦{HERE}"),
        f"{HERE} answers with a fault of its server (status 502)",
        facts=visited(Outcome.FAILED, 502),
    ),
    sound("LNK024", facts=visited(Outcome.OK)),
    fault("LNK025", url(f"¦{HERE}"), f"{HERE} gives no answer", facts=visited(Outcome.UNREACHABLE, 0)),
    sound("LNK025", facts=visited(Outcome.OK)),
    fault(
        "LNK026", url(f"¦{HERE}"), f"{HERE} does not answer programs (status 403)", facts=visited(Outcome.REFUSED, 403)
    ),
    sound("LNK026", facts=visited(Outcome.OK)),
    fault("LNK027", url(f"¦{HERE}"), f"{HERE} leads into a private network", facts=visited(Outcome.PRIVATE, 0)),
    sound("LNK027", facts=visited(Outcome.OK)),
    fault(
        "LNK028",
        {**OURS, NEWS: OURS[NEWS].replace("url: https://www.harbour-museum.org", "url: ¦https://www.example.org")},
        "https://www.example.org/news/border leads to an example, where there is nothing",
    ),
    sound("LNK028", OURS),
    sound(
        "LNK028",
        {**OURS, NEWS: OURS[NEWS].replace("url: https://www.harbour-museum.org", "url: https://harbour-museum.test")},
    ),
    sound("LNK028"),
)
