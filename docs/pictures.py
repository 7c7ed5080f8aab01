"""Take the pictures in docs/images anew: python docs/pictures.py, or make pictures.

Needs a Chromium on this machine. All of them show the July 2024 issue of this repository: as a reader gets it, in each
theme, one part of the email at a time, and in the composer.
"""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, sync_playwright

from newsletter import config, pipeline
from newsletter.config import Logo, Workspace
from newsletter.model.content import Content
from newsletter.model.edition import Edition
from newsletter.model.issue import Correction
from newsletter.model.selection import Chosen, In, Selection
from newsletter.rendering import render

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ISSUE = "2024-07"
READER = {
    "first_name": "",
    "unsubscribe_url": "https://news.example.org/unsubscribe",
    "view_url": "https://news.example.org/view",
}
GROUND = "#e4e2de"
"""Around the three views of a part."""
GAP = 20


@dataclass(frozen=True)
class View:
    """How an edition is looked at: `width` and `height` in CSS pixels; what is below `height` is cut off."""

    name: str
    width: int
    height: int | None = None
    scale: float = 2
    dark: bool = False
    pictures: bool = True
    language: str = "en"


JULY = (
    View("july-desktop", 700, 1965),
    View("july-phone", 375, 2470),
)
THEMES = {
    theme: (
        View("light", 700, height, 1.5),
        View("dark", 700, height, 1.5, dark=True),
        View("phone", 375, 1600),
        View("images-off", 700, height, 1.5, pictures=False),
        View("arabic", 700, height, 1.5, language="ar"),
    )
    for theme, height in {"monthly": 2300, "digest": 1700, "bulletin": 1700}.items()
}
STUDIO = (
    ("composer", f"/issues/{ISSUE}", View("", 1280, 860, 1.25)),
    ("composer-words", f"/issues/{ISSUE}?panel=words", View("", 375, 800, 1.5)),
    ("composer-send", f"/issues/{ISSUE}?panel=send", View("", 1280, 860, 1.25)),
    (
        "composer-entry",
        f"/entries/2024-07-25-diaspora-innovation-hub?issue={ISSUE}",
        View("", 1280, 860, 1.25, dark=True),
    ),
    ("composer-readers", "/readers", View("", 1280, 760, 1.25)),
)
PARTS = (View("light", 600, scale=1), View("dark", 600, scale=1, dark=True), View("phone", 375, scale=1))

# A theme that shows one part alone: {name of the picture: (number of its section, or all of them; MJML)}.
LAYOUT = '{%% set section = sections[0] %%}{%% include "layouts/%s.mjml.j2" %%}'
WORDS = '<mj-section css-class="surface" padding="32px"><mj-column><mj-text>%s</mj-text></mj-column></mj-section>'
CORRECTED = Correction(date=date(2024, 8, 2), note="The call closes on 12 August. An earlier version said 31 July.")
PIECES: dict[str, tuple[int | None, str]] = {
    "logo": (None, '{% include "parts/logo.mjml.j2" %}'),
    "masthead": (None, '{% include "parts/masthead.mjml.j2" %}'),
    "slim": (None, '{% include "parts/slim.mjml.j2" %}'),
    "corrections": (None, '{% include "parts/corrections.mjml.j2" %}'),
    "intro": (None, '{% include "parts/intro.mjml.j2" %}'),
    "hero": (0, LAYOUT % "hero"),
    "story": (0, LAYOUT % "story"),
    "cards": (1, LAYOUT % "cards"),
    "list": (2, LAYOUT % "list"),
    "call": (3, LAYOUT % "list"),
    "event": (4, LAYOUT % "list"),
    "map": (5, LAYOUT % "map"),
    "figures": (6, LAYOUT % "figures"),
    "quote": (2, WORDS % '{{ the.text("> " ~ sections[0].entries[2].body|replace("\\n", " "), 17, 28) }}'),
    "button": (0, WORDS % "{{ the.button(sections[0].entries[0]) }}"),
    "divider": (0, WORDS % "{{ the.divider() }}"),
    "footer": (None, '{% include "parts/footer.mjml.j2" %}'),
}
ALONE = """{%% import "parts/elements.mjml.j2" as the %%}
<mjml lang="{{ lang }}" dir="{{ dir }}">
  <mj-head>{%% include "parts/head.mjml.j2" %%}</mj-head>
  <mj-body width="{{ tokens.width }}px" background-color="{{ tokens.light.page }}" css-class="page">
    %s%s
  </mj-body>
</mjml>
"""
# Parts that come with no air of their own below them.
BELOW = '<mj-section css-class="surface" padding="0px 0px 32px"><mj-column></mj-column></mj-section>'
BARE = ("logo", "masthead", "quote", "button", "divider", "footer", "hero", "figures")


def page(edition: Edition, *, pictures: bool = True) -> str:
    """Return the HTML with its pictures inside it, or with none that can be fetched."""
    html = edition.html.fill(READER).decode()
    for image in edition.images:
        data = f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}"
        html = html.replace(f"cid:{image.content_id}", data)
    return html if pictures else re.sub(r'src="[^"]*"', 'src="data:,"', html)


def take(browser: Browser, html: str, view: View) -> Image.Image:
    """Return what a reader sees of some HTML."""
    tab = browser.new_page(
        viewport={"width": view.width, "height": view.height or 10},
        device_scale_factor=view.scale,
        color_scheme="dark" if view.dark else "light",
    )
    tab.set_content(html)
    taken = Image.open(io.BytesIO(tab.screenshot(full_page=view.height is None))).convert("RGB")
    tab.close()
    return taken


def save(image: Image.Image, name: str, limit: int) -> None:
    """Write a picture with as many colours as `limit` kilobytes allow, and say how large it is."""
    target = IMAGES / f"{name}.png"
    target.parent.mkdir(exist_ok=True)
    for colors in (128, 64, 32, 24, 16):
        image.quantize(colors, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= limit * 1000:
            break
    print(f"wrote {target.relative_to(ROOT)}: {target.stat().st_size // 1000} KB, {colors} colours")


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Return pictures in a row, their upper edges aligned."""
    width = sum(picture.width + GAP for picture in pictures) + GAP
    row = Image.new("RGB", (width, max(picture.height for picture in pictures) + 2 * GAP), GROUND)
    left = GAP
    for picture in pictures:
        row.paste(picture, (left, GAP))
        left += picture.width + GAP
    return row


def july(browser: Browser, workspace: Workspace, chosen: Selection) -> None:
    """Take the issue as it is."""
    edition = render(chosen.edition("en"), workspace, "en")
    for view in JULY:
        save(take(browser, page(edition, pictures=view.pictures), view), view.name, 200)


def themes(browser: Browser, workspace: Workspace, chosen: Selection) -> None:
    """Take the issue in each theme: light, dark, on a phone, without pictures, in Arabic."""
    for theme, views in THEMES.items():
        themed = replace(chosen, issue=chosen.issue.model_copy(update={"theme": theme}))
        editions = {tag: render(themed.edition(tag), workspace, tag) for tag in ("en", "ar")}
        for view in views:
            html = page(editions[view.language], pictures=view.pictures)
            save(take(browser, html, view), f"themes/{theme}-{view.name}", 195)


def parts(browser: Browser, workspace: Workspace, chosen: Selection, content: Content) -> None:
    """Take one part at a time, in light, dark and on a phone side by side."""
    # An event to come offers a calendar file; the one of July is over.
    coming = next(entry for entry in content.entries if entry.id == "khartoum-thematic-meeting")
    for name, (number, shown) in PIECES.items():
        section = chosen.sections[number or 0]
        if name == "event":
            section = replace(section, chosen=(*section.chosen, Chosen(coming, In.PINNED)))
        theme = workspace.templates / "themes" / name
        theme.parent.mkdir(parents=True, exist_ok=True)
        theme.with_suffix(".mjml.j2").write_text(ALONE % (shown, "" if name in BARE else BELOW), encoding="utf-8")
        theme.with_suffix(".txt.j2").write_text("{{ issue.title }}\n", encoding="utf-8")
        sections = chosen.sections if number is None else (section,)
        issue = chosen.issue.model_copy(
            update={"theme": name, "corrections": (CORRECTED,) if name == "corrections" else ()}
        )
        alone = replace(chosen, issue=issue, sections=sections)
        html = page(render(alone.edition("en"), with_logo(workspace) if name == "logo" else workspace, "en"))
        save(side_by_side([take(browser, html, view) for view in PARTS]), f"partials/{name}", 120)


def composer(browser: Browser, workspace: Workspace) -> None:
    """Take the studio: an issue, its words on a phone, its last step, an entry beside the email, its readers."""
    command = [sys.executable, "-m", "newsletter", "-C", str(workspace.root)]
    compose = [*command, "compose", "--no-open"]
    readers = ["subscribers", "import", str(workspace.issues / "subscribers.csv"), "--list", "monthly"]
    subprocess.run([*command, *readers], check=True, capture_output=True)  # noqa: S603
    with subprocess.Popen(compose, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:  # noqa: S603
        address = server.stdout.readline().strip() if server.stdout else ""
        base = address.partition("/?")[0]
        for name, path, view in STUDIO:
            tab = browser.new_page(
                viewport={"width": view.width, "height": view.height or 900},
                device_scale_factor=view.scale,
                color_scheme="dark" if view.dark else "light",
            )
            tab.goto(address)
            tab.goto(f"{base}{path}")
            if tab.locator("#live").count():
                tab.frame_locator("#live").locator("h1").wait_for()
            tab.wait_for_timeout(500)
            save(Image.open(io.BytesIO(tab.screenshot())).convert("RGB"), name, 200)
            tab.close()
        server.terminate()


def with_logo(workspace: Workspace) -> Workspace:
    """Return the workspace with a sign of its own, one for light and one for dark."""
    for name, color in (("light", "#004b87"), ("dark", "#ffffff")):
        sign = Image.new("RGBA", (720, 160), "#ffffff00")
        pen = ImageDraw.Draw(sign)
        for radius, open_at in ((70, 300), (46, 60), (22, 180)):
            box = (80 - radius, 80 - radius, 80 + radius, 80 + radius)
            pen.arc(box, open_at + 50, open_at + 360, fill=color, width=14)
        pen.text((184, 80), "Your organisation", fill=color, font=ImageFont.load_default(62), anchor="lm")
        sign.save(workspace.issues / f"logo-{name}.png")
    logo = Logo(src="logo-light.png", dark="logo-dark.png", alt="Your organisation", width=180)
    brand = workspace.settings.brand.model_copy(update={"logo": logo})
    return replace(workspace, settings=workspace.settings.model_copy(update={"brand": brand}))


@contextmanager
def own_workspace() -> Iterator[Workspace]:
    """Yield a copy of this repository's workspace, to which templates may be added."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(ROOT / "pyproject.toml", root)
        shutil.copytree(ROOT / "issues", root / "issues")
        yield config.load(root, environment={"NEWSLETTER_IMAGES": "inline"})


def main() -> int:
    """Take every picture and say how large it is."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        print("no Chromium was found; install one and try again", file=sys.stderr)
        return 2
    with own_workspace() as workspace, sync_playwright() as playwright:
        content = pipeline.read(workspace)
        chosen = pipeline.choose(workspace, ISSUE, content)
        with playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"]) as browser:
            july(browser, workspace, chosen)
            themes(browser, workspace, chosen)
            composer(browser, workspace)
            parts(browser, workspace, chosen, content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
