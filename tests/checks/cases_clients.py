"""What mail clients do not support, and what is near to it and harmless."""

from tests.checks.workspace import FILES, SETTINGS, Case, block, fault, sound, template

HEAD = "templates/parts/head.mjml.j2"
THEME = "templates/themes/monthly.mjml.j2"
FIRST = ":root{color-scheme:light dark;supported-color-schemes:light dark}"


def sheet(rules: str) -> dict[str, str]:
    """Return the head with more rules in its style sheet."""
    return template(HEAD, FIRST, f"{FIRST}\n{rules}")


def setting(lines: str) -> dict[str, str]:
    """Return the settings with some more."""
    return {SETTINGS: FILES[SETTINGS] + lines + "\n"}


CASES: tuple[Case, ...] = (
    fault(
        "CLT001",
        block('<p>One</p><div style="color:#222222;¦display:flex">two</div>'),
        "display:flex is not supported by Outlook (Windows)",
    ),
    sound("CLT001", sheet("@media (max-width:480px){.a{gap:4px}}")),
    sound("CLT001", {**block('<div style="gap:4px">two</div>'), **setting('[lint]\nclients = ["apple-mail.*"]')}),
    sound("CLT001", block('<div style="border-radius:4px">two</div>')),
    fault(
        "CLT002",
        block('<p>One</p><div style="¦width:calc(100% - 8px)">two</div>'),
        "calc() is not supported by Outlook and Yahoo Mail",
    ),
    sound("CLT002", block('<div style="width:50%">a(calc)</div>')),
    fault("CLT003", sheet("¦p + p{margin:0}"), "p + p is not supported by Outlook (Windows)"),
    sound("CLT003", sheet("p>a{margin:0}")),
    fault(
        "CLT004",
        block('<p>See ¦<video src="https://e.example/a.mp4"></video></p>'),
        "<video> is not supported by Gmail, Outlook (Android, iOS, Outlook.com, Windows) and Yahoo Mail",
    ),
    sound("CLT004", block("<p>See <b>it</b></p>")),
    fault(
        "CLT005",
        block('<p>See <b ¦popover="auto">it</b></p>'),
        "popover is not supported by Gmail, Outlook, Thunderbird (macOS) and Yahoo Mail",
    ),
    sound("CLT005", block('<p>See <b class="x">it</b></p>')),
    fault(
        "CLT006",
        block('<p>See <img src="¦https://www.example.org/a.svg" alt="It" width="40"></p>'),
        "a picture of type .svg is not supported by Gmail (web)",
    ),
    sound("CLT006", block('<p>See <img src="https://www.example.org/a.png?x=a.svg" alt="It" width="40"></p>')),
    fault(
        "CLT007",
        template(HEAD, "<mj-style>", "¦<mj-style>\n" + ".a{margin:0}\n" * 1200),
        "the style sheet has № bytes; Gmail takes №",
    ),
    sound("CLT007", sheet(".a{margin:0}\n" * 100)),
    fault(
        "CLT008",
        sheet("@media (max-width:480px){.a{margin:0}\n  ¦@media (min-width:300px){.b{margin:0}}}"),
        "a media query stands inside another",
    ),
    sound("CLT008", sheet("@media (max-width:480px){.a{margin:0}}\n@media (min-width:300px){.b{margin:0}}")),
    fault(
        "CLT009",
        template(THEME, "<mj-body ", '¦<mj-body css-class="page" '),
        "the body of the email has a class, “page”",
    ),
    sound("CLT009", template(THEME, "<mj-body ", '<mj-body id="page" ')),
    fault(
        "CLT010",
        block("<p>One</p>¦<p style=\"font-family:'Brandon Grotesque'\">two</p>"),
        "the font Brandon Grotesque has no common one behind it",
    ),
    sound("CLT010", block("<p style=\"font-family:'Brandon Grotesque', Arial\">two</p>")),
    sound("CLT010", block('<p style="font-family:inherit">two</p>')),
    fault(
        "CLT010",
        template(HEAD, "<mj-style>", "¦<mj-style>\n.a{font-family:Lato, Inter}"),
        "the fonts Lato, Inter have no common one behind them",
    ),
)
