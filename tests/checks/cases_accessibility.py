"""Faults of accessibility in templates, and what is near to them and none."""

from tests.checks.cases_editorial import plan
from tests.checks.cases_languages import FRENCH, HEADINGS, translated
from tests.checks.workspace import MONTHLY, MORE, NEWS, Case, block, fault, sound, swap, template

ELEMENTS = "templates/parts/elements.mjml.j2"
HEAD = "templates/parts/head.mjml.j2"
MJML = '<mjml lang="{{ lang }}" dir="{{ dir }}">'
TONGUE = '{% macro tongue(entry, aligned=false) %} lang="{{ entry.lang }}" dir="{{ entry.dir }}"'
SPEAKS = '<a href="https://www.example.org/a"'


def night(rules: str) -> dict[str, str]:
    """Return the head with more rules for the dark."""
    return template(HEAD, '{{ pictures("") }}', '{{ pictures("") }}' + rules)


CASES: tuple[Case, ...] = (
    fault(
        "ACC001",
        template(MONTHLY, MJML, '¦<mjml dir="{{ dir }}">'),
        "the email does not say its language inside the body",
    ),
    sound("ACC001"),
    fault(
        "ACC002",
        template(MONTHLY, MJML, '¦<mjml lang="{{ lang }}">'),
        "the email says “auto”, but its language runs ltr inside the body",
    ),
    sound("ACC002"),
    fault(
        "ACC003", block("<p>Prices</p>¦<table><tr><td>one</td></tr></table>"), "a table without headings has no role"
    ),
    fault(
        "ACC003",
        template(
            MONTHLY,
            "{% for section in sections %}",
            "<mj-section><mj-column><mj-table><tr>¦<td>x</td></tr></mj-table></mj-column></mj-section>"
            "\n{% for section in sections %}",
        ),
        "a table without headings has no role",
    ),
    sound("ACC003", block("<p>Prices</p><table><tr><th>for</th></tr><tr><td>one</td></tr></table>")),
    fault("ACC004", block("<p>Then</p>¦<h1>Again</h1>"), "“Again” is another h1"),
    sound("ACC004", block("<p>Then</p><h2>Again</h2>")),
    fault("ACC005", block("<p>Then</p>¦<h4>Deep</h4>"), "“Deep” is an h4 after an h1"),
    sound("ACC005", block('<h2>Then</h2><h4 style="display:none">Deep</h4>')),
    fault("ACC006", block("<p>Then</p>¦<h2> </h2>"), "an h2 is empty"),
    sound("ACC006", block('<h2><img src="https://example.org/a.png" alt="Then" width="90"></h2>')),
    fault(
        "ACC007",
        block('<p>Read ¦<span style="color:#999999">this faint note</span></p>'),
        "“this faint note” has a contrast of 2.85 in light: #999999 on #ffffff",
    ),
    fault(
        "ACC007",
        block('<div style="background:#ffd500"><p>So ¦<b style="color:#ffffff">white on yellow</b></p></div>'),
        "“white on yellow” has a contrast of 1.42 in light: #ffffff on #ffd500",
    ),
    sound("ACC007", block('<p style="font-size:24px;color:#949494">Large</p><p style="color:#767676">Small</p>')),
    sound(
        "ACC007",
        block(
            '<div style="background:#000 url(https://example.org/a.png)"><p style="color:#111">On a picture</p></div>'
        ),
    ),
    fault(
        "ACC008",
        {
            **block('<p>So ¦<span class="sign" style="color:#000000">black by day</span></p>'),
            **night(".sign{color:#dddddd!important}"),
        },
        "“black by day” has a contrast of 1.36 in dark: #dddddd on #ffffff",
    ),
    sound(
        "ACC008",
        {
            **block('<p>So <span class="sign" style="color:#000000">black by day</span></p>'),
            **night(".sign{color:#333333!important}"),
        },
    ),
    fault(
        "ACC009",
        block(f'<p style="color:#222222">So ¦{SPEAKS} style="color:#004b87;text-decoration:none">a link</a>.</p>'),
        "only its colour tells that “a link” is a link",
    ),
    sound("ACC009", block(f'<p>In a sentence {SPEAKS} style="color:#004b87">a link</a> stands.</p>')),
    sound(
        "ACC009",
        block(f'<p>In a sentence {SPEAKS} style="font-weight:700;text-decoration:none">a link</a> stands.</p>'),
    ),
    sound(
        "ACC009",
        block(f'<p>{SPEAKS} style="text-decoration:none">a link</a> · {SPEAKS} style="text-decoration:none">b</a></p>'),
    ),
    fault(
        "ACC010",
        block(f'<p style="line-height:16px">¦{SPEAKS} style="font-size:13px;line-height:16px">Small print</a></p>'),
        "the link “Small print” is 16 pixels high",
    ),
    sound(
        "ACC010",
        block(f'<p>{SPEAKS} style="display:inline-block;padding:4px;font-size:13px;line-height:16px">Small</a></p>'),
    ),
    sound(
        "ACC010", block(f'<p style="line-height:16px">A sentence with {SPEAKS} style="font-size:13px">a link</a>.</p>')
    ),
    fault(
        "ACC011",
        block(f'<p>¦{SPEAKS}><img src="https://e.example/a.png" alt="" width="90"></a></p>'),
        "a link has no words",
    ),
    fault(
        "ACC011",
        swap(NEWS, "from Brussels.", "from Brussels [](¦https://www.example.org/a?b=1&c=2)."),
        "a link has no words",
    ),
    sound("ACC011", block(f'<p>{SPEAKS}><img src="https://e.example/a.png" alt="Our site" width="90"></a></p>')),
    fault(
        "ACC013",
        template(HEAD, "<mj-title>{{ issue.title }}</mj-title>", "¦<mj-title> </mj-title>"),
        "the document has no title",
    ),
    sound("ACC013"),
    fault("ACC014", block('<p id="a">One</p>¦<p id="a">Two</p>'), "the id “a” is there twice"),
    sound("ACC014", block('<p id="a">One</p><p id="b">Two</p>')),
    fault(
        "ACC015",
        block('<p>Read ¦<span style="font-size:10px">the small print</span></p>'),
        "“the small print” is 10 pixels large",
    ),
    # What is no height and no weight counts as none, in mail clients too.
    sound("ACC015", block('<p style="font-size:12px;line-height:.;font-weight:²">Small</p>')),
    sound("ACC015", block('<p style="font-size:12px">Small</p><td style="font-size:0">&nbsp;</td>')),
    fault(
        "ACC016",
        {
            **plan(FRENCH, *HEADINGS),
            **translated(MORE),
            ELEMENTS: template(ELEMENTS, TONGUE, "{% macro tongue(entry, aligned=false) %}")[ELEMENTS].replace(
                '<h3 class="{{ class }}"', '¦<h3 class="{{ class }}"'
            ),
        },
        "“A forum seeks closer ties” is in another language (en) and not marked so",
    ),
    sound("ACC016", {**plan(FRENCH, *HEADINGS), **translated(MORE)}),
    sound(
        "ACC016",
        {
            **plan(FRENCH, *HEADINGS),
            **translated(MORE),
            MORE: "---\ntitle: A forum seeks closer ties\ndate: 2024-07-25\nlint: {EDT001: no more to say}\n---\n",
        },
    ),
)
