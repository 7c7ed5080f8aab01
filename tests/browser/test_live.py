"""The live preview in a real browser: it follows every save, and keeps the last good email under what is wrong."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import httpx
import pytest

from newsletter.cli.app import run
from tests import forking
from tests.browser.studio import hurry

ROOT = Path(__file__).parents[2]
ENTRY = Path("issues/entries/news/2024-07-26-border-communities.md")
SHOWS = """title => {
    const frame = document.querySelector('#live'), inner = frame && frame.contentDocument;
    return inner && inner.body && inner.body.textContent.includes(title);
}"""
DARK = """() => {
    const frame = document.querySelector('#live'), inner = frame && frame.contentDocument;
    const ground = inner && inner.querySelector('.surface > table');
    const parts = ground && getComputedStyle(ground).backgroundColor.match(/\\d+/g);
    return parts && parts.map(Number).reduce((sum, part) => sum + part) < 200;
}"""
PATHS = ("/", "/email", "/email?mode=dark", "/changes")
pytestmark = pytest.mark.browser


def copied(folder: Path) -> Path:
    """Return a copy of this repository's newsletter."""
    for name in ("issues", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@contextmanager
def shown(folder: Path, missing: str = "", port: str = "0") -> Iterator[str]:
    """Show the July issue of a newsletter live, at the address that is given, as where a package is `missing`."""
    arguments = ("-C", str(folder), "preview", "2024-07", "--no-open", "--port", port)
    with forking.forked(without, missing, *arguments) as server:
        yield server.output.readline().strip()
        server.process.terminate()
        server.ended()


def without(missing: str, *arguments: str) -> None:
    """Run a command as where a package is missing, if one is named."""
    if missing:
        sys.modules[missing] = cast("ModuleType", None)
    sys.exit(run(arguments))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A newsletter that is shown live: its folder and address."""
    folder = copied(tmp_path_factory.mktemp("live") / "ours")
    with shown(folder) as address:
        yield folder, address


@pytest.fixture
def tab(browser: Any, served: tuple[Path, str]) -> Iterator[Any]:
    """The page, as soon as it shows the email and its findings."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{served[1]}&mode=phone&tab=entries")
    page.wait_for_function(SHOWS, arg="International Summer School")
    page.wait_for_selector("#panel-entries")
    yield page
    context.close()


def edit(path: Path, old: str, new: str) -> None:
    """Save a file with other words."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_save_is_shown_where_the_reader_was(tab: Any, served: tuple[Path, str]) -> None:
    """Mode, panel and place stay; the email and the list of entries are new."""
    assert "mode=phone" in tab.url
    assert tab.locator("#device").evaluate("e => e.style.width") == "375px"
    tab.locator("#desk").evaluate("e => { e.style.scrollBehavior = 'auto'; e.scrollTop = 700; }")
    edit(served[0] / ENTRY, "title: Twelve projects", "title: Thirteen projects")
    tab.wait_for_function(SHOWS, arg="Thirteen projects")
    tab.wait_for_selector("#panel-entries >> text=Thirteen projects")
    assert tab.locator("#desk").evaluate("e => e.scrollTop") == 700
    assert tab.locator("#panel-entries").is_visible()
    edit(served[0] / ENTRY, "title: Thirteen projects", "title: Twelve projects")
    tab.wait_for_function(SHOWS, arg="Twelve projects")


def test_tabs_that_nobody_sees_leave_the_connections_to_the_one_in_front(tab: Any, served: tuple[Path, str]) -> None:
    """However many there are; as soon as one of them is seen, it shows what has been saved meanwhile."""
    behind = [tab.context.new_page() for _ in range(7)]
    for page in behind:
        page.add_init_script("Object.defineProperty(Document.prototype, 'hidden', {get: () => !window.seen})")
        page.goto(tab.url, wait_until="commit")
    tab.bring_to_front()
    edit(served[0] / ENTRY, "title: Twelve projects", "title: Fifteen projects")
    tab.wait_for_function(SHOWS, arg="Fifteen projects")
    behind[6].evaluate("window.seen = true; document.dispatchEvent(new Event('visibilitychange'))")
    behind[6].wait_for_function(SHOWS, arg="Fifteen projects")
    edit(served[0] / ENTRY, "title: Fifteen projects", "title: Twelve projects")
    behind[6].wait_for_function(SHOWS, arg="Twelve projects")


def test_a_template_is_followed_too(tab: Any, served: tuple[Path, str]) -> None:
    """A designer sees what a change does."""
    path = served[0] / "templates/parts/masthead.mjml.j2"
    edit(path, "{{ issue.head }}</h1>", "{{ issue.head }}, redone</h1>")
    tab.wait_for_function(SHOWS, arg="July 2024, redone")
    edit(path, ", redone</h1>", "</h1>")
    tab.wait_for_function(SHOWS.replace("includes(title)", "includes(title) === false"), arg="redone")


def test_a_new_language_has_its_button(tab: Any, served: tuple[Path, str]) -> None:
    """Editions come and go with the issue's languages."""
    plan = served[0] / "issues/2024-07/issue.yaml"
    edit(plan, "lists: [monthly]", "lists: [monthly]\nlanguages: [en, ar]")
    tab.locator("input[name=page][value=ar]").check(force=True)
    tab.wait_for_function(SHOWS, arg="دراسة الشهر المختارة")
    edit(plan, "\nlanguages: [en, ar]", "")
    tab.wait_for_selector("input[name=page]", state="detached")
    tab.wait_for_function(SHOWS, arg="Featured study of the month")


def test_what_is_wrong_stands_above_the_last_good_email(tab: Any, served: tuple[Path, str]) -> None:
    """With file, line and column; once it is mended the banner is gone."""
    edit(served[0] / ENTRY, "date: 2024-07-26", "date: yesterday")
    tab.wait_for_selector("#trouble:not([hidden])")
    trouble = tab.locator("#trouble").inner_text()
    assert f"{ENTRY.as_posix()}:3:7" in trouble
    assert "'yesterday' is not a date" in trouble
    assert tab.evaluate(SHOWS, "Twelve projects")
    edit(served[0] / ENTRY, "date: yesterday", "date: 2024-07-26")
    tab.wait_for_selector("#trouble", state="hidden")
    edit(served[0] / "templates/parts/intro.mjml.j2", "{{", "{{ nothing.of_the_kind }}{{")
    tab.wait_for_selector("#trouble:not([hidden])")
    assert "templates/parts/intro.mjml.j2:" in tab.locator("#trouble").inner_text()
    edit(served[0] / "templates/parts/intro.mjml.j2", "{{ nothing.of_the_kind }}{{", "{{")
    tab.wait_for_selector("#trouble", state="hidden")


def test_settings_are_followed_however_they_are_saved(tab: Any, served: tuple[Path, str]) -> None:
    """Again and again, also by an editor that puts a new file in the place of the old one."""
    path = served[0] / "pyproject.toml"
    written = path.read_text(encoding="utf-8")
    for number in range(3):
        beside = path.with_name("saved by an editor")
        beside.write_text(f"{written}\n[oops {number}\n", encoding="utf-8")
        beside.replace(path)
        tab.wait_for_selector("#trouble:not([hidden])")
        assert "pyproject.toml" in tab.locator("#trouble").inner_text()
        beside.write_text(written, encoding="utf-8")
        beside.replace(path)
        tab.wait_for_selector("#trouble", state="hidden")


def test_before_anything_could_be_built_nothing_is_called_the_last_version(browser: Any, tmp_path: Path) -> None:
    """Whoever begins with a broken file is told so, and sees the email once the file is mended."""
    folder = copied(tmp_path / "ours")
    edit(folder / ENTRY, "date: 2024-07-26", "date: yesterday")
    with shown(folder) as address:
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("#trouble:not([hidden])")
        assert page.locator("#trouble").inner_text().startswith("The issue cannot be built. ")
        page.wait_for_function(SHOWS, arg="Nothing to show yet. The email appears here as soon as it can be built.")
        edit(folder / ENTRY, "date: yesterday", "date: 2024-07-26")
        page.wait_for_function(SHOWS, arg="Twelve projects")
        assert page.locator("#trouble").is_hidden()
        page.close()


def test_a_preview_that_has_ended_says_so_and_goes_on_when_it_is_started_again(browser: Any, tmp_path: Path) -> None:
    """What was saved meanwhile is shown, though the new one counts its versions from the beginning."""
    folder = copied(tmp_path / "ours")
    context = browser.new_context()
    page = context.new_page()
    with shown(folder) as address:
        page.goto(address)
        page.wait_for_function(SHOWS, arg="Twelve projects")
        page.wait_for_selector("#panel-findings")
        page.clock.install()
    hurry(page, page.get_by_text("The preview does not answer.").is_visible)
    edit(folder / ENTRY, "title: Twelve projects", "title: Thirteen projects")
    with shown(folder, port=str(httpx.URL(address).port)) as again:
        page.wait_for_selector("#trouble >> text=If it was started again, open the address that it shows there.")
        assert page.evaluate(SHOWS, "Twelve projects")
        context.new_page().goto(again)
        hurry(page, lambda: page.evaluate(SHOWS, "Thirteen projects"))
        page.wait_for_selector("#trouble", state="hidden")
        context.close()


def test_a_finding_appears_beside_the_email_and_leads_to_its_block(tab: Any, served: tuple[Path, str]) -> None:
    """As soon as it is saved."""
    edit(served[0] / ENTRY, '  alt: "Illustration: a dotted path joins', '  # "Illustration: a dotted path joins')
    tab.wait_for_selector("#panel-findings button.show", state="attached")
    tab.locator("#tab-findings").click()
    tab.locator('#panel-findings button.show[data-block="2024-07-26-border-communities"]').first.click()
    tab.wait_for_selector("#mark:not([hidden])")
    edit(served[0] / ENTRY, '  # "Illustration: a dotted path joins', '  alt: "Illustration: a dotted path joins')
    tab.wait_for_function("() => !document.querySelector('#panel-findings .error')")


def test_modes_are_shown_by_the_device_that_was_chosen(tab: Any) -> None:
    """Dark is dark though the browser is light, and the address says so."""
    tab.locator("input[name=mode][value=dark]").check(force=True)
    tab.wait_for_url("**mode=dark**")
    # Asked within the page: the email is another document by the time it is dark.
    tab.wait_for_function(DARK)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::1]", ""])
def test_it_answers_to_its_own_name_alone(served: tuple[Path, str], host: str) -> None:
    """A page elsewhere that has its name lead here gets nothing (DNS rebinding), not even with the key."""
    for path in PATHS:
        answer = httpx.get(httpx.URL(served[1]).join(path), headers={"Host": host}, params={"key": served[1][-32:]})
        assert (answer.status_code, "ICMPD" in answer.text) == (421, False)


@pytest.mark.parametrize("path", PATHS)
def test_without_the_key_nothing_is_shown(served: tuple[Path, str], path: str) -> None:
    """Other people and programs on this machine reach the port too; drafts are not for them."""
    address = httpx.URL(served[1])
    port = address.port
    for query, cookies in (({}, {}), ({"key": "another"}, {}), ({}, {f"newsletter-{port}": "another"})):
        with httpx.Client(base_url=address.copy_with(query=None), cookies=cookies, trust_env=False) as stranger:
            answer = stranger.get(path, params=query)
        assert (answer.status_code, "ICMPD" in answer.text) == (403, False)
        assert "The command <code>newsletter preview</code> has printed an address with a key in it." in answer.text


def test_the_opened_address_holds_a_key_that_becomes_a_cookie(served: tuple[Path, str]) -> None:
    """No script can read it, no other site sends it, and of the address it alone does not stay."""
    address = httpx.URL(served[1])
    answer = httpx.get(address.copy_merge_params({"mode": "dark"}), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?mode=dark")
    key = f"newsletter-{address.port}={address.params['key']}"
    assert answer.headers["set-cookie"] == f"{key}; HttpOnly; Path=/; SameSite=strict"


def test_what_it_sends_can_neither_act_nor_be_framed(served: tuple[Path, str]) -> None:
    """The page runs its own script, the email none; nobody else may frame or read them."""
    with httpx.Client(base_url=httpx.URL(served[1]).join("/"), follow_redirects=True) as inside:
        page, email = inside.get(served[1]), inside.get("/email?mode=dark&page=%3Cscript%3E")
        own = {"Origin": f"http://127.0.0.1:{httpx.URL(served[1]).port}"}
        assert inside.post("/", headers=own).status_code == 405
        assert inside.post("/").status_code == 403
        assert inside.get("/../pyproject.toml").status_code == 404
    assert "script-src 'sha256-" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert email.headers["Content-Security-Policy"] == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'"
    )
    for answer in (page, email):
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_unknown_issue_or_a_taken_port_is_told(served: tuple[Path, str]) -> None:
    """In one sentence, with exit code 2, before anything is served."""
    port = str(httpx.URL(served[1]).port)
    for arguments, said in (
        (["2031-01"], "there is no issue '2031-01'"),
        (["2024-07", "--port", port], "cannot be used"),
    ):
        with forking.command("-C", str(served[0]), "preview", *arguments, "--no-open") as refused:
            told = refused.errors.read()
            assert refused.ended() == 2
        assert said in told
        assert "Traceback" not in told


def test_without_the_extra_package_saves_are_followed_too(browser: Any, tmp_path: Path) -> None:
    """A plain installation keeps what the page promises, and ends in peace."""
    folder = copied(tmp_path / "ours")
    with shown(folder, "watchfiles") as address, closing(browser.new_page()) as page:
        page.goto(address)
        page.wait_for_function(SHOWS, arg="International Summer School")
        path = folder / ENTRY
        path.write_text(path.read_text("utf-8").replace("title: ", "title: Anew, ", 1), encoding="utf-8")
        page.wait_for_function(SHOWS, arg="Anew, ")
