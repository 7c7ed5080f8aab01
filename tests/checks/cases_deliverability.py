"""Faults that keep a message from arriving, or break a law, and what is near to them and none."""

from newsletter.checks.facts import Facts
from newsletter.checks.spamassassin import Score
from tests.checks.cases_editorial import SUBJECT, plan
from tests.checks.workspace import FILES, MONTHLY, NEWS, SETTINGS, TEXT, Case, block, fault, sound, swap, template

FOOTER = "templates/parts/footer.mjml.j2"
PREHEADER = '{% include "parts/preheader.mjml.j2" %}'
ADDRESS = 'postal_address = "Our organisation, Street 1, 1000 City"'
LARGEST = "“head, masthead and intro” with № KB"
LONG = "words that nobody is meant to see and that only a filter reads " * 4


def big(size: int) -> dict[str, str]:
    """Return an intro of about as many bytes."""
    return block(f"<p>{'twelve words ' * (size // 13)}</p>")


CASES: tuple[Case, ...] = (
    fault("DLV001", {TEXT: "¦{# nothing yet #}\n"}, "the email (en) has no text part"),
    sound("DLV001"),
    fault(
        "DLV002",
        {
            TEXT: '¦Ours\n{% for section in sections %}{% for entry in section.entries if entry.id != "forum" %}'
            '{{ entry.title }}\n{% endfor %}{% endfor %}{{ settings.postal_address }} {{ slot("unsubscribe_url") }}\n'
        },
        "“A forum seeks closer ties” is missing from the text part (en)",
    ),
    sound("DLV002"),
    sound("DLV002", swap(NEWS, "title: Twelve projects begin", f"title: {'水' * 50}")),
    fault(
        "DLV003",
        {
            **template(FOOTER, '{{- way(slot("unsubscribe_url"), say("unsubscribe")) -}}', ""),
            **template(MONTHLY, "<mj-body", "¦<mj-body"),
        },
        "the HTML (en) has no link to unsubscribe",
    ),
    sound("DLV003"),
    fault(
        "DLV004",
        {TEXT: "¦" + template(TEXT, '{{ slot("unsubscribe_url") }}', "by mail")[TEXT]},
        "the text part (en) has no address to unsubscribe",
    ),
    sound("DLV004"),
    fault(
        "DLV005",
        swap(SETTINGS, 'public_url = "https://news.example.org"', '¦public_url = "http://news.example.org"'),
        "`public_url` is http://news.example.org, so no message can offer to unsubscribe with one click",
    ),
    sound("DLV005"),
    fault(
        "DLV006",
        {**template(FOOTER, "{{ settings.postal_address }}", "Vienna"), **template(MONTHLY, "<mj-body", "¦<mj-body")},
        "the HTML (en) does not show the postal address",
    ),
    sound("DLV006"),
    sound("DLV006", {SETTINGS: f'{FILES[SETTINGS]}\n[translations.en]\npostal_address = "Quay 1, Harbour"\n'}),
    sound("DLV006", swap(SETTINGS, ADDRESS, f'postal_address = "{"東" * 50}"')),
    fault(
        "DLV006",
        {
            SETTINGS: FILES[SETTINGS]
            .replace("<news@example.org>", "<news@harbour-museum.org>")
            .replace("postal_address =", "¦postal_address =")
        },
        "the postal address is still that of the sample",
    ),
    sound("DLV006", {SETTINGS: FILES[SETTINGS].replace("<news@example.org>", "<news@letters.example>")}),
    fault(
        "DLV017",
        {
            SETTINGS: FILES[SETTINGS]
            .replace("<news@example.org>", "<news@harbour-museum.org>")
            .replace("reply_to =", "¦reply_to =")
            .replace('site = "https://www.example.org"', '¦site = "https://www.letters.example/"')
            .replace("public_url =", "¦public_url =")
        },
        "`reply_to` is still an example (example.org), so that answers reach nobody",
        "`site` is still an example (www.letters.example), so that its link leads to no page of yours",
        "`public_url` is still an example (news.example.org), so that nobody could unsubscribe",
    ),
    sound("DLV017"),
    sound(
        "DLV017",
        {
            SETTINGS: FILES[SETTINGS]
            .replace("<news@example.org>", "<news@harbour-museum.org>")
            .replace("news.example.org", "news.harbour-museum.org")
            .replace("press@example.org", "press@harbour-museum.org")
            .replace("www.example.org", "www.harbour-museum.org")
        },
    ),
    fault(
        "DLV007",
        swap(SETTINGS, 'from = "Our newsletter <news@example.org>"', '¦from = "Our newsletter <ournews@gmail.com>"'),
        "the sender's address is one of gmail.com",
    ),
    sound("DLV007"),
    fault(
        "DLV008",
        swap(SETTINGS, 'reply_to = "press@example.org"', '¦reply_to = "no-reply@example.org"'),
        "answers go to no-reply@example.org, where nobody reads them",
    ),
    sound("DLV008"),
    fault("DLV009", plan((SUBJECT, "subject: ¦LAST CHANCE TO APPLY NOW")), "the subject is all in capitals"),
    fault("DLV009", plan((SUBJECT, "subject: The call closes¦!! Apply")), "the subject shouts: “!!”"),
    fault(
        "DLV009",
        plan((SUBJECT, 'subject: "¦Re: our call for papers"')),
        "the subject begins with “Re:” and is no answer",
    ),
    sound("DLV009", plan((SUBJECT, "subject: ICMPD, IOM and UN – what next? A call!"))),
    fault(
        "DLV010",
        block(f'<p>Seen</p>¦<div style="display:none">{LONG}</div>'),
        f"251 characters are hidden: “{LONG[:40]}…”",
    ),
    sound("DLV010", block('<p>Seen</p><div style="display:none">A few words</div>')),
    fault(
        "DLV011",
        {
            **plan(("title:", "¦title:")),
            **block(" ".join(f'<a href="https://e{number}.example/">x{number}</a>' for number in range(60))),
        },
        "the HTML (en) has № links in № words",
    ),
    sound("DLV011"),
    fault(
        "DLV012",
        {
            **plan(("title:", "¦title:")),
            SETTINGS: FILES[SETTINGS] + "[lint.parameters.DLV012]\nbytes = 12_000\n",
        },
        "the message (en) weighs № MB with its № pictures",
    ),
    sound("DLV012"),
    fault(
        "DLV013",
        {
            **plan(("title:", "¦title:")),
            **block("".join(f'<img src="https://e.example/{n}.png" alt="It" width="40">' for n in range(40))),
        },
        "the HTML (en) has № words to № pictures",
    ),
    sound(
        "DLV013",
        block(
            "移民政策" * 100 + "".join(f'<img src="https://e.example/{n}.png" alt="" width="40">' for n in range(20))
        ),
    ),
    sound("DLV013", block('<img src="https://e.example/1.png" alt="It" width="40">')),
    fault(
        "DLV014",
        {MONTHLY: template(MONTHLY, f"    {PREHEADER}\n", "")[MONTHLY].replace("<mj-body", "¦<mj-body")},
        "the email (en) begins with “Our newsletter July 2024”, not with its preheader",
    ),
    sound("DLV014"),
    fault(
        "DLV015",
        block("<p>Say ¦<input type='text' /> and ¦<b onclick=\"x()\">press</b></p>"),
        "<input> works in no inbox",
        "`onclick` on <b> runs in no inbox",
    ),
    sound("DLV015", block("<p>Say <b>it</b></p>")),
    fault(
        "DLV016",
        plan(("title:", "¦title:")),
        "SpamAssassin gives the message (en) 3.4 of 5 points: MPART_ALT_DIFF 2.2, LOTS_OF_MONEY 1.2",
        facts=Facts(spam=lambda _: Score(3.4, 5.0, (("MPART_ALT_DIFF", 2.2), ("LOTS_OF_MONEY", 1.2)))),
    ),
    sound("DLV016", facts=Facts(spam=lambda _: Score(-1.0, 5.0, ()))),
    fault(
        "SIZ001",
        {**plan(("title:", "¦title:")), **big(60_000)},
        f"the HTML (en) has № KB, near the № KB at which Gmail cuts it off; its largest part is {LARGEST}",
    ),
    sound("SIZ001", big(20_000)),
    fault(
        "SIZ002",
        {**plan(("title:", "¦title:")), **big(90_000)},
        f"the HTML (en) has № KB; Gmail cuts it off at about № KB; its largest part is {LARGEST}",
    ),
    sound("SIZ002", big(60_000)),
)
