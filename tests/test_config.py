"""A workspace's settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import config
from newsletter.config import shell
from newsletter.errors import ConfigurationError, NotFound

SETTINGS = """\
title = "Our newsletter"
from = "Us <us@example.org>"
zone = "Europe/Vienna"
postal_address = "Main Street 1"
"""


def write(folder: Path, text: str, name: str = "newsletter.toml") -> Path:
    """Write a settings file and return its folder."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, environment: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    """Return code, place and message of every problem of the settings in `folder`."""
    with pytest.raises(ConfigurationError) as caught:
        config.load(folder, environment or {})
    assert caught.value.exit_code == 2
    assert all(finding.why and finding.fix for finding in caught.value.findings)
    return [(finding.code, str(finding.place), finding.message) for finding in caught.value.findings]


def test_the_workspace_is_found_from_a_folder_inside_it(tmp_path: Path) -> None:
    """The nearest settings file upwards marks the workspace."""
    inside = write(tmp_path, SETTINGS) / "issues" / "2024-07"
    inside.mkdir(parents=True)
    space = config.load(inside, {})
    assert (space.root, space.settings.title) == (tmp_path, "Our newsletter")
    assert (space.issues, space.entries) == (tmp_path / "issues", tmp_path / "issues/entries")


def test_a_pyproject_without_our_table_is_not_a_workspace(tmp_path: Path) -> None:
    """Somebody else's project is passed over on the way up."""
    write(tmp_path, SETTINGS)
    inner = tmp_path / "tool"
    inner.mkdir()
    write(inner, "[project]\nname = 'x'\n", "pyproject.toml")
    assert config.load(inner, {}).root == tmp_path


def test_settings_may_stand_in_pyproject(tmp_path: Path) -> None:
    """The same settings under [tool.newsletter]."""
    write(tmp_path, "[tool.newsletter]\n" + SETTINGS, "pyproject.toml")
    assert config.load(tmp_path, {}).settings.sender == "Us <us@example.org>"


def test_the_environment_overrules_single_settings(tmp_path: Path) -> None:
    """NEWSLETTER_DATABASE and the like win over the file, and are checked like it."""
    write(tmp_path, SETTINGS)
    space = config.load(tmp_path, {"NEWSLETTER_DATABASE": "sqlite:///other.db", "NEWSLETTER_ZONE": "UTC"})
    assert (space.settings.database, space.settings.zone.key) == ("sqlite:///other.db", "UTC")


def test_a_slip_in_the_name_of_a_variable_is_noticed(tmp_path: Path) -> None:
    """What was meant to overrule a setting and does not is no silence; secrets and strange names are left alone."""
    secret = '[providers.main]\nkind = "resend"\napi_key_env = "NEWSLETTER_PROVIDERS1"\n'
    (tmp_path / "newsletter.toml").write_text(SETTINGS + secret, encoding="utf-8")
    names = ("DATABSE", "DATABASE_URL", "ZONE", "PROVIDERS1", "CHROMIUM", "RESEND_KEY")
    given = {f"NEWSLETTER_{name}": "UTC" for name in names} | {"DATABSE": "x"}
    assert config.misspelt_variables(config.load(tmp_path, {}), given) == {
        "NEWSLETTER_DATABASE_URL": "NEWSLETTER_DATABASE",
        "NEWSLETTER_DATABSE": "NEWSLETTER_DATABASE",
    }


def test_all_problems_are_told_at_once_with_line_and_column(tmp_path: Path) -> None:
    """A typo, a bad value and a missing setting in one go."""
    text = """\
titel = "Our newsletter"
from = "nobody"
zone = "Europe/Wien"

[brand]
color = "blue"
"""
    found = problems(write(tmp_path, text))
    assert [(code, place) for code, place, _ in found] == [
        ("CFG006", "newsletter.toml:2:1"),
        ("CFG006", "newsletter.toml:3:1"),
        ("CFG005", "newsletter.toml"),
        ("CFG006", "newsletter.toml:6:1"),
        ("CFG004", "newsletter.toml:1:1"),
    ]
    assert "did you mean `title`?" in found[-1][2]
    assert "'Europe/Wien' is not a time zone" in found[1][2]


def test_names_with_dots_are_told_with_their_line(tmp_path: Path) -> None:
    """TOML lets a line name a table and a setting in it; so does a line of brackets that is no table."""
    text = f"""\
{SETTINGS}translations.fr.titel = "Notre lettre"
brand.color = "blue"

[readers]
topics = [
    ["work", "health"],
]
languages = ["klingon"]
"""
    first = SETTINGS.count("\n") + 1
    found = {place for _, place, _ in problems(write(tmp_path, text))}
    assert found == {f"newsletter.toml:{first + below}:1" for below in (0, 1, 4, 7)}


def test_in_a_file_that_others_share_our_own_lines_are_named(tmp_path: Path) -> None:
    """`pyproject.toml` has sections of other tools, whose keys may be called as ours are."""
    ours = SETTINGS.replace("Europe/Vienna", "Europe/Wien")
    text = f"""\
[project]
zone = "elsewhere"

[tool.other.brand]
color = "red"

[tool.newsletter]
{ours}
[tool.newsletter.brand]
  color = "blue"

[tool.zone]
zone = "last"
"""
    found = problems(write(tmp_path, text, "pyproject.toml"))
    assert [(code, place) for code, place, _ in found] == [
        ("CFG006", "pyproject.toml:10:1"),
        ("CFG006", "pyproject.toml:14:3"),
    ]


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("news@e!tag.org", "'news@e!tag.org' is not an address: "),
        ("news@-example.org", "'news@-example.org' is not an address: "),
        ("ne..ws@example.org", "'ne..ws@example.org' is not an address: "),
        ("news@münchen.example", ""),
        ("press.office+letters@news.example-site.org", ""),
    ],
)
def test_an_address_that_no_message_could_bear_is_told_with_its_line(
    address: str, refused: str, tmp_path: Path
) -> None:
    """Otherwise `build`, `lint` and `doctor` would end with a sentence that names no file."""
    write(tmp_path, SETTINGS + f'reply_to = "{address}"\n')
    if not refused:
        assert config.load(tmp_path, {}).settings.reply_to == address
        return
    ((code, place, message),) = problems(tmp_path)
    assert (code, place) == ("CFG006", f"newsletter.toml:{SETTINGS.count(chr(10)) + 1}:1")
    assert message.startswith(f"`reply_to`: {refused}")


def test_lines_of_settings_end_where_toml_ends_them(tmp_path: Path) -> None:
    """A separator that came along with copied text moves no finding."""
    text = f"# One\u2028two\x85three\n{SETTINGS}color = 'blue'\n"
    found = problems(write(tmp_path, text))
    assert [(code, place) for code, place, _ in found] == [("CFG004", f"newsletter.toml:{text.count(chr(10))}:1")]


def test_a_file_that_is_no_toml_names_the_place(tmp_path: Path) -> None:
    """A text without quotes is the likeliest mistake."""
    found = problems(write(tmp_path, "title = Our newsletter\n"))
    assert [(code, place) for code, place, _ in found] == [("CFG001", "newsletter.toml:1:9")]


def test_brackets_within_brackets_without_end_are_no_toml(tmp_path: Path) -> None:
    """They would run over the stack."""
    found = problems(write(tmp_path, f"{SETTINGS}x = {'[' * 50_000}\n"))
    assert [(code, message) for code, _, message in found] == [
        ("CFG001", "not valid TOML: Brackets stand within brackets without end")
    ]


def test_an_unknown_provider_is_answered_with_the_right_one(tmp_path: Path) -> None:
    """`provider` names one of [providers], or one that needs no settings."""
    text = 'provider = "mian"\n' + SETTINGS + '[providers.main]\nkind = "resend"\n'
    assert problems(write(tmp_path, text))[0][:2] == ("CFG006", "newsletter.toml:1:1")
    assert "no provider is called 'mian'; did you mean 'main'?" in problems(write(tmp_path, text))[0][2]


def test_a_provider_that_nothing_resembles_is_answered_with_those_there_are(tmp_path: Path) -> None:
    """Whoever names one before describing it is told what there is and what to add, at the line that names it."""
    with pytest.raises(ConfigurationError) as caught:
        config.load(write(tmp_path, 'provider = "letters"\n' + SETTINGS), {})
    (finding,) = caught.value.findings
    assert str(finding.place) == "newsletter.toml:1:1"
    assert finding.message == "no provider is called 'letters'; there are null, outbox"
    assert "add a section [providers.letters]" in finding.fix


def test_what_is_missing_is_named_as_people_name_it(tmp_path: Path) -> None:
    """A newsletter and a list lack something; `settings` is our own word for both."""
    with pytest.raises(ConfigurationError) as caught:
        config.load(write(tmp_path, "[lists.monthly]\n"), {})
    reasons = {finding.why for finding in caught.value.findings}
    assert {"a newsletter cannot be used without its title", "a list cannot be used without its title"} <= reasons


def test_a_sender_with_a_line_break_is_refused(tmp_path: Path) -> None:
    """A header must not begin in a setting."""
    text = SETTINGS.replace("Us <us@example.org>", r"Us\nBcc: all@example.org <us@example.org>")
    assert "has a line break" in problems(write(tmp_path, text))[0][2]


@pytest.mark.parametrize("sign", [",", ":", ";", " @"])
def test_a_sender_is_told_where_quotes_belong(tmp_path: Path, sign: str) -> None:
    """Without them it would be two senders, or lose half of its name."""
    text = SETTINGS.replace("Us <us@example.org>", f"Us{sign} others <us@example.org>")
    said = f"""write '"Name{sign.strip()} more" <name@example.org>'"""
    assert said in problems(write(tmp_path, text))[0][2]
    quoted = SETTINGS.replace('"Us <us@example.org>"', f"""'"Us{sign} others" <us@example.org>'""")
    write(tmp_path, quoted)
    assert config.load(tmp_path, {}).settings.sender == f'"Us{sign} others" <us@example.org>'


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("us@example.org <us@example.org>", "us@example.org"),
        ("Us  (press) <us@example.org>", "Us  (press) <us@example.org>"),
    ],
)
def test_a_sender_whose_name_mail_can_carry_is_taken(tmp_path: Path, written: str, sender: str) -> None:
    """Also one that repeats the address, as mail programs show it where there is no name."""
    write(tmp_path, SETTINGS.replace("Us <us@example.org>", written))
    assert config.load(tmp_path, {}).settings.sender == sender


def test_a_file_of_a_windows_editor_is_read_or_named(tmp_path: Path) -> None:
    """A byte order mark does no harm; another encoding than UTF-8 is told with its line."""
    (tmp_path / "newsletter.toml").write_bytes(b"\xef\xbb\xbf" + SETTINGS.encode())
    assert config.load(tmp_path, {}).settings.title == "Our newsletter"
    (tmp_path / "newsletter.toml").write_bytes(SETTINGS.replace("Street", "Straße").encode("cp1252"))
    assert problems(tmp_path) == [("CFG001", "newsletter.toml:4", "the file is not saved as UTF-8")]


def test_a_value_from_the_environment_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    """The variable is named."""
    write(tmp_path, SETTINGS)
    ((_, place, message),) = problems(tmp_path, {"NEWSLETTER_ZONE": "Foo"})
    assert place == "the environment variable NEWSLETTER_ZONE"
    assert "'Foo' is not a time zone" in message


def test_a_fix_is_written_as_toml_has_it(tmp_path: Path) -> None:
    """What is to be typed can be typed as it stands."""
    write(tmp_path, SETTINGS.replace("title =", "titel ="))
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path, {})
    assert "write `title = …`" in [finding.fix for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ('images = "inlin"', 'write `images = "inline"`'),
        ('[brand]\nlogo = "a.png"', 'write `logo = {src = "a.png", alt = "…"}`'),
        ("title = 5", 'put it in quotes: `title = "5"`'),
    ],
)
def test_a_fix_quotes_texts_as_toml_wants_it(tmp_path: Path, line: str, fix: str) -> None:
    """Typed as it stands, it is read."""
    write(tmp_path, SETTINGS.replace('title = "Our newsletter"\n', "" if "title" in line else "title = 'T'\n") + line)
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path, {})
    assert [finding.fix for finding in caught.value.findings] == [fix]


def test_a_table_that_does_not_exist_is_told_at_its_line(tmp_path: Path) -> None:
    """Also where only a table below it is written."""
    found = problems(write(tmp_path, SETTINGS + '[segments.french]\ntitle = "Readers"\n'))
    assert found == [("CFG004", "newsletter.toml:5:1", "`segments` is not a setting here")]


def test_an_unknown_list_is_answered_once_and_for_all(tmp_path: Path) -> None:
    """Import, export, consent and sending say the same of a list that is not in the settings."""
    settings = config.load(write(tmp_path, SETTINGS + '[lists.monthly]\ntitle = "Monthly"\n'), {}).settings
    assert settings.known_list("monthly") == "monthly"
    with pytest.raises(NotFound) as caught:
        settings.known_list("montly")
    add = "add a section [lists.montly] with a title (in pyproject.toml: [tool.newsletter.lists.montly])"
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "there is no list called 'montly'; did you mean 'monthly'?",
        "the lists in the settings are monthly",
        f"write 'monthly', or {add}",
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('webhok_secret_env = "SECRET"', "did you mean `webhook_secret_env`?"),
        ('webhook_secret_env = "whsec_secret"', "write the name, never the secret itself"),
        ('webhook_previous_env = "a b"', "write the name, never the secret itself"),
        ('topics = ["arn:aws:sqs:eu-west-1:123456789012:news"]', "is not an SNS topic"),
        ('topics = "arn:aws:sns:eu-west-1:123456789012:news"', "where a list, such as [one, two], belongs"),
    ],
)
def test_mistakes_about_webhooks_are_told(tmp_path: Path, line: str, words: str) -> None:
    """A misspelt name would leave the door closed or open in silence; a secret is never repeated."""
    text = f'{SETTINGS}\n[providers.main]\nkind = "ses"\n{line}\n'
    (found,) = problems(write(tmp_path, text))
    assert words in found[2]
    assert "whsec_secret" not in found[2]


def test_what_is_done_with_what_providers_tell(tmp_path: Path) -> None:
    """Readers are not watched unless a team says so."""
    tracking = config.load(write(tmp_path, SETTINGS), {}).settings.tracking
    assert (tracking.opens, tracking.clicks, tracking.soft_bounces) == (False, False, 3)
    found = problems(write(tmp_path, SETTINGS + "\n[tracking]\nopen = true\nsoft_bounces = 0\n"))
    assert ["did you mean `opens`" in found[0][2] or "did you mean `opens`" in found[1][2], len(found)] == [True, 2]


@pytest.mark.parametrize(
    ("written", "required", "not_author"),
    [
        ("true", True, False),
        ("false", False, False),
        ("{not_author = true}", True, True),
        ("{required = false, not_author = true}", False, True),
    ],
)
def test_approval_is_yes_or_no_or_says_by_whom(tmp_path: Path, written: str, required: bool, not_author: bool) -> None:
    """A table means yes unless it says otherwise; the environment overrules a mere yes or no."""
    (tmp_path / "newsletter.toml").write_text(f"approval = {written}\n{SETTINGS}", encoding="utf-8")
    approval = config.load(tmp_path, {}).settings.approval
    assert (approval.required, approval.not_author) == (required, not_author)
    if not written.startswith("{"):
        other = config.load(tmp_path, {"NEWSLETTER_APPROVAL": "false" if required else "true"})
        assert other.settings.approval.required is not required


def test_a_list_that_is_called_by_its_title_is_found_out(tmp_path: Path) -> None:
    """People know the title; the name in the settings is what a command wants."""
    text = SETTINGS + '[lists.monthly]\ntitle = "Our letter"\n'
    settings = config.load(write(tmp_path, text), {}).settings
    with pytest.raises(NotFound) as caught:
        settings.known_list("our letter")
    assert caught.value.message == "there is no list called 'our letter'; did you mean 'monthly'?"
    assert caught.value.fix == "write 'monthly', which has that title"


@pytest.mark.parametrize(
    ("system", "variable", "word"),
    [("posix", "export KEY=…", "'our news'"), ("nt", '$env:KEY = "…"', '"our news"')],
)
def test_what_to_type_is_said_in_the_words_of_the_shell(system: str, variable: str, word: str) -> None:
    """PowerShell knows no `export`, and cmd no single quotes."""
    assert (shell.variable("KEY", system), shell.word("our news", system)) == (variable, word)
    assert shell.word("news", system) == "news"
