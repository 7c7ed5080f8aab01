"""The preview's report in a real browser: offline, by keyboard, in light and dark, on a desk and on a phone."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from newsletter.cli.app import run
from newsletter.model.finding import Finding, Place, Severity
from newsletter.preview import report
from newsletter.preview.modes import DESKTOP
from newsletter.preview.pictures import Camera, Exposure
from newsletter.preview.shooting import shoot
from tests.browser import axe
from tests.preview import shown
from tests.waiting import settles

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.browser
UNROLLED = "body{display:block;height:auto}.about{overflow:visible}.tabs{position:static;flex-wrap:wrap}"
MODES = ["desktop", "phone", "dark", "forced-dark", "images-off", "text", "inbox"]


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Path:
    """The preview of July 2024 after a change in a template alone."""
    folder = tmp_path_factory.mktemp("work") / "ours"
    for name in ("issues", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shown.committed(folder)
    head = folder / "templates/parts/elements.mjml.j2"
    head.write_text(head.read_text(encoding="utf-8").replace("font-size:27px", "font-size:31px"), encoding="utf-8")
    previewed(folder, "one")
    return folder


def previewed(folder: Path, out: str) -> None:
    """Write the preview of July 2024 into a folder."""
    assert run(["-C", str(folder), "preview", "2024-07", "--ci", "--base", "HEAD", "--out", str(folder / out)]) == 0


@pytest.fixture(scope="module")
def about(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Path:
    """The report of an issue with a hostile title and findings about its last entry and its subject."""
    folder = tmp_path_factory.mktemp("report")
    chosen = shown.selection(title=shown.HOSTILE)
    findings = (
        Finding(
            "IMG001", Severity.ERROR, "no alternative text", Place("issues/entries/news/w.md", 5, 3), entry="wells"
        ),
        Finding("LNK001", Severity.WARNING, shown.HOSTILE, Place("templates/parts/head.mjml.j2", 1, 1)),
    )
    preview = shown.preview(folder, shown.selection(), chosen, findings=findings)
    with Camera() as camera:
        (preview,) = shoot(camera, [preview])
    file = folder / "report.html"
    file.write_text(report.html(preview), encoding="utf-8")
    return file


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """A function that opens a file; whatever asks for anything else, or complains, fails the test."""
    contexts = []

    def at(file: Path, address: str = "", *, width: int = 1280, scheme: str = "light") -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
        contexts.append(context)
        tab = context.new_page()
        tab.complaints = []
        tab.on("request", lambda r: tab.complaints.append(r.url) if r.url.startswith("http") else None)
        tab.on("console", lambda message: tab.complaints.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.on("dialog", lambda dialog: tab.complaints.append(dialog.message))
        tab.goto(file.as_uri() + address)
        return tab

    yield at
    for context in contexts:
        complaints = [complaint for tab in context.pages for complaint in tab.complaints]
        context.close()
        assert complaints == []


def test_a_changed_template_shows_in_pictures_and_in_no_entry(changed: Path) -> None:
    """Headings differ in every mode that shows the email, the text and the inbox do not, and no entry has changed."""
    manifest = json.loads((changed / "one/manifest.json").read_text(encoding="utf-8"))
    told = {picture["mode"]: picture["changed"] > 0 for picture in manifest["pictures"]}
    assert told == {mode: mode not in {"text", "inbox"} for mode in MODES}
    assert all(picture["changed"] < 0.25 for picture in manifest["pictures"])
    difference = json.loads((changed / "one/diff/diff.json").read_text(encoding="utf-8"))
    assert [change["kind"] for change in difference["semantic"]["changes"]] == ["design_changed"]
    assert {path.name for path in (changed / "one/diff").glob("*.png")} == {
        f"{mode}.png" for mode in MODES if mode not in {"text", "inbox"}
    }
    assert manifest["browser"]["version"]
    assert all(font["version"] for font in manifest["fonts"])
    assert {font["family"] for font in manifest["fonts"]} >= {"Liberation Sans", "Liberation Mono"}


def test_pictures_are_the_same_each_time(changed: Path) -> None:
    """Bit by bit, taken twice by two browsers."""
    previewed(changed, "two")
    first = {path.relative_to(changed / "one"): path.read_bytes() for path in (changed / "one").rglob("*.png")}
    again = {path.relative_to(changed / "two"): path.read_bytes() for path in (changed / "two").rglob("*.png")}
    assert len([path for path in first if path.parts[0] == "shots"]) == len(MODES) + 1
    assert first == again


def test_keys_change_modes_views_and_tabs(changed: Path, opened: Any) -> None:
    """Digits and arrows choose the mode, arrows move the slider, and the address says what is shown."""
    tab = opened(changed / "one/report.html")
    tab.keyboard.press("2")
    assert tab.locator("#device").evaluate("e => e.style.width") == "375px"
    tab.locator("input[name=mode][value=phone]").focus()
    tab.keyboard.press("ArrowRight")
    assert "mode=dark" in tab.url
    tab.locator("input[name=view][value=after]").focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    assert "view=slider" in tab.url
    tab.locator("#slider").focus()
    for _ in range(5):
        tab.keyboard.press("ArrowLeft")
    assert tab.locator("#device").evaluate("e => e.style.getPropertyValue('--at')") == "45%"
    tab.locator("#tab-findings").focus()
    tab.keyboard.press("End")
    assert tab.locator("#panel-headers").is_visible()
    assert "tab=headers" in tab.url
    again = opened(changed / "one/report.html", tab.url[tab.url.index("#") :])
    assert again.locator("#panel-headers").is_visible()
    assert again.locator("#seam").is_visible()


def test_the_slider_follows_the_pointer(changed: Path, opened: Any) -> None:
    """The earlier picture is cut where the pointer is."""
    tab = opened(changed / "one/report.html", "#mode=desktop&view=slider")
    edge = tab.locator("#device").bounding_box()
    tab.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + 200)
    tab.mouse.down()
    tab.mouse.move(edge["x"] + edge["width"] / 4, edge["y"] + 220)
    tab.mouse.up()
    assert tab.locator("#slider").input_value() == "25"


def in_sight(tab: Any) -> bool:
    """Return whether the whole mark stands within the desk."""
    mark, desk = tab.locator("#mark").bounding_box(), tab.locator("#desk").bounding_box()
    below = mark["y"] + mark["height"] <= desk["y"] + desk["height"] + 1
    return bool(mark["height"] > 40 and desk["y"] <= mark["y"] + 1 and below)


@pytest.mark.parametrize("view", ["after", "live"])
def test_a_finding_leads_to_its_block(about: Path, opened: Any, view: str) -> None:
    """In the picture and in the frame alike, the mark stands around the entry that it is about, in sight."""
    tab = opened(about, f"#mode=desktop&view={view}")
    if view == "live":
        tab.wait_for_function("() => document.querySelector('#live').clientHeight > 1000")
    tab.keyboard.press("]")
    tab.wait_for_function("() => !document.querySelector('#mark').hidden")
    settles(lambda: in_sight(tab), True)
    assert tab.locator("#status").text_content() == "What the finding is about is marked in the email"
    if view == "live":
        text = tab.frame_locator("#live").locator('[data-newsletter-block~="wells"]').text_content()
        assert "New wells" in text


def test_modes_are_what_they_say(about: Path, opened: Any) -> None:
    """In the frame dark is dark, images off has no image, and the text has no elements."""
    tab = opened(about, "#mode=dark&view=live")
    frame = tab.frame_locator("#live")
    ground = frame.locator(".surface > table").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert sum(map(int, ground.strip("rgb()").split(","))) < 200
    tab.keyboard.press("6")
    assert "Dear reader" in frame.locator("pre").text_content()
    tab.keyboard.press("7")
    assert "Border communities" in frame.locator(".row").first.text_content()


def test_a_hostile_title_does_nothing(about: Path, opened: Any) -> None:
    """Not in the report, and not in the frame of any mode."""
    tab = opened(about, "#view=live")
    for digit in "1234567":
        tab.keyboard.press(digit)
        tab.wait_for_timeout(50)
    for name in ("findings", "changes", "entries", "size", "text", "headers"):
        tab.locator(f"#tab-{name}").click()
    assert tab.title() == "ICMPD Newsletter – July 2024 · preview"
    assert tab.locator("script").count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 768, 1440])
def test_nothing_scrolls_sideways(about: Path, changed: Path, opened: Any, width: int, scheme: str) -> None:
    """The report fits phones and desks, whatever is in it."""
    for file in (about, changed / "one/report.html", changed / "one/site/index.html"):
        tab = opened(file, width=width, scheme=scheme)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_axe_has_nothing_to_object_to(about: Path, changed: Path, opened: Any, width: int, scheme: str) -> None:
    """In each panel of the report and on the site, contrast that axe could not judge included."""
    script = axe.source()
    for file in (about, changed / "one/report.html"):
        tab = opened(file, width=width, scheme=scheme)
        # What is scrolled out of sight, or below what sticks, axe cannot judge.
        tab.add_style_tag(content=UNROLLED)
        for number in range(tab.locator("[role=tab]").count()):
            tab.locator("[role=tab]").nth(number).click()
            assert axe.violations(tab, script) == []
    assert axe.violations(opened(changed / "one/site/index.html", width=width, scheme=scheme), script) == []


def test_paper_has_the_headings_of_all_parts(about: Path, opened: Any) -> None:
    """On a screen tabs name the parts, and screen readers jump to their headings; on paper each heads its part."""
    tab = opened(about)
    headings = tab.locator("h1, h2").all_text_contents()
    assert headings == [
        "ICMPD Newsletter – July 2024",
        "The email",
        "Findings",
        "Changes",
        "Entries: which are in, which are out, and why",
        "Size",
        "Plain text",
        "Headers",
    ]
    assert {box["height"] for box in boxes(tab)} == {1}
    tab.emulate_media(media="print")
    printed = boxes(tab)
    assert [box["height"] for box in printed] == [26] * 7
    assert [box["y"] for box in printed] == sorted(box["y"] for box in printed)
    assert tab.locator(".tabs").is_hidden()


def test_without_scripts_everything_is_there(about: Path, browser: Any) -> None:
    """Build servers show reports with none: nothing waits behind a tab, and nothing is offered that does not work."""
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(about.as_uri())
    panels = tab.locator("[role=tabpanel]")
    assert [panel.is_visible() for panel in panels.all()] == [True] * panels.count()
    assert [heading.bounding_box()["height"] for heading in tab.locator("[role=tabpanel]>h2").all()] == [26] * 6
    offered = tab.locator(".tools, [role=tablist], button.show")
    assert [each.is_visible() for each in offered.all()] == [False] * offered.count()
    context.close()


def test_tabs_stand_in_one_line_and_show_where_the_focus_is(changed: Path, opened: Any) -> None:
    """None hangs alone in a second line; the ring around the one that has the focus is not cut off."""
    tab = opened(changed / "one/report.html")
    assert len({box.bounding_box()["y"] for box in tab.locator(".tabs button").all()}) == 1
    tab.locator("#tab-findings").focus()
    tab.keyboard.press("ArrowRight")
    ring = "e => [getComputedStyle(e).outlineStyle, parseFloat(getComputedStyle(e).outlineOffset) <= -2]"
    assert tab.locator(".tabs :focus").evaluate(ring) == ["solid", True]


def boxes(tab: Any) -> list[dict[str, float]]:
    """Return where the headings of the parts that are shown stand."""
    return [box for heading in tab.locator("h2").all() if (box := heading.bounding_box())]


def test_a_page_is_photographed_without_scripts_and_without_a_network(browser: Any) -> None:
    """Nothing that a hostile email asks for leaves the browser, and no file of this machine comes in."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}"
        html = (
            f'<html><head><link rel="stylesheet" href="{here}/css">'
            f'<meta http-equiv="refresh" content="0;url={here}/away"></head>'
            f'<body style="margin:0;background:#fff url({here}/ground)"><img src="{here}/pixel">'
            f'<iframe src="file:///etc/passwd"></iframe><script>document.body.style.background="red"</script>'
            f'<img src="x" onerror="document.body.style.background=`red`"><p>Text</p></body></html>'
        )
        with Camera() as camera:
            (picture,) = camera.take([Exposure(html, replace(DESKTOP, width=200))])
        server.shutdown()
    assert asked == []
    assert picture.image.getpixel((199, picture.image.height - 1)) == (255, 255, 255)


def test_an_email_longer_than_chromium_draws_at_once_is_whole() -> None:
    """Above 16,384 pixels the browser would show the beginning again; here each band has its own colour."""
    bands = "".join(f'<div style="height:500px;background:rgb({n * 4},0,{255 - n * 4})"></div>' for n in range(44))
    html = f'<html><body style="margin:0">{bands}</body></html>'
    with Camera() as camera:
        (picture,) = camera.take([Exposure(html, replace(DESKTOP, width=100))])
    assert picture.image.size == (100, 22_000)
    colors = [picture.image.getpixel((50, n * 500 + 250)) for n in range(44)]
    assert colors == [(n * 4, 0, 255 - n * 4) for n in range(44)]
