"""The report is one file, and nothing that an entry says can act in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.model.finding import Finding, Place, Severity
from newsletter.preview import Preview, overview, report
from tests.preview import shown


class Elements(HTMLParser):
    """Every element of a page, with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.found.append((tag, dict(attrs)))

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        """Return the attributes of each element of some names."""
        return [attributes for tag, attributes in self.found if tag in tags]


def hostile(folder: Path) -> str:
    """Return a report about titles and findings that try to act."""
    chosen = shown.selection(title=shown.HOSTILE, summary=shown.HOSTILE)
    finding = Finding(
        shown.HOSTILE, Severity.ERROR, shown.HOSTILE, Place(shown.HOSTILE, 1, 1), why=shown.HOSTILE, fix=shown.HOSTILE
    )
    return report.html(shown.preview(folder, shown.selection(), chosen, findings=(finding,), newsletter=shown.HOSTILE))


def test_only_its_own_script_runs(tmp_path: Path) -> None:
    """Two script elements: the data, which is none, and the script that the policy names by its digest."""
    page = hostile(tmp_path)
    scripts = Elements(page).of("script")
    assert [script.get("type") for script in scripts] == ["application/json", None]
    assert [name for _, attributes in Elements(page).found for name in attributes if name.startswith("on")] == []
    policy = next(meta["content"] for meta in Elements(page).of("meta") if meta.get("http-equiv"))
    script = page[page.rindex("<script>") + 8 : page.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "frame-src 'self'; base-uri 'none'; form-action 'none'"
    )


def test_it_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    """No address outside the file is fetched, and the email's frame runs nothing and leads nobody away."""
    page = Elements(hostile(tmp_path))
    fetched = [attributes.get("src") or "" for attributes in page.of("img", "script", "iframe", "link", "source")]
    assert [address for address in fetched if address and not address.startswith("data:")] == []
    assert [link["href"] for link in page.of("link")] == ["data:,"]
    (frame,) = page.of("iframe")
    sandbox = set((frame["sandbox"] or "").split())
    assert sandbox == {"allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox"}
    inside = Elements(frame["srcdoc"] or "")
    assert inside.of("script") == []
    assert "default-src 'none'" in (inside.of("meta")[0]["content"] or "")


def test_the_data_is_whole(tmp_path: Path) -> None:
    """It is JSON in which no end of the element can stand, with a document for each mode."""
    page = hostile(tmp_path)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert not set("<>&") & set(data[1])
    known = json.loads(data[1])
    assert sorted(known["documents"]) == sorted(
        f"en/{mode}" for mode in ("desktop", "phone", "dark", "forced-dark", "images-off", "text", "inbox")
    )
    assert "&lt;/iframe&gt;" in known["documents"]["en/desktop"]


def test_the_mode_decides_about_dark_and_not_the_device(tmp_path: Path) -> None:
    """A frame cannot be told the reader's scheme, so its media queries are answered beforehand."""
    preview = shown.preview(tmp_path)
    known = json.loads(re.search(r'id="data">(.*?)</script>', report.html(preview), re.DOTALL)[1])  # type: ignore[index]
    light, dark = known["documents"]["en/desktop"], known["documents"]["en/dark"]
    assert "prefers-color-scheme" not in light + dark
    assert "@media (max-width:0px)" in light
    assert "@media (min-width:0px)" in dark
    assert "img-src 'none'" in known["documents"]["en/images-off"]


def test_an_issue_that_cannot_be_built_has_a_report() -> None:
    """With the findings, and without an email."""
    finding = Finding("ENT001", Severity.ERROR, "the title is missing", Place("issues/entries/news/a.md", 1, 1))
    trouble = NewsletterError("the issue is not built", fix="mend it")
    page = report.html(Preview("Our newsletter", "2024-07", "#1f4b6e", None, (finding,), trouble))
    assert "The issue cannot be built." in page
    assert "issues/entries/news/a.md:1:1" in page
    assert Elements(page).of("iframe") == []


def test_what_begins_with_an_address_or_a_file_keeps_its_letters() -> None:
    """The report begins messages with a capital; Images/logo.svg is another file."""
    messages = ("the title is missing", "images/logo.svg is an SVG drawing", "https://www.example.org is no page")
    findings = tuple(Finding("ENT001", Severity.ERROR, message, Place("a.md", 1, 1)) for message in messages)
    trouble = NewsletterError("the issue is not built", fix="mend it")
    page = report.html(Preview("Our newsletter", "2024-07", "#1f4b6e", None, findings, trouble))
    shown = [str(one.get("class")) for one in Elements(page).of("p") if "message" in str(one.get("class"))]
    assert shown == ["message words", "message", "message"]
    assert ".message.words::first-letter" in page


def test_the_site_lists_every_preview(tmp_path: Path) -> None:
    """Each with a link to its page, and no script at all."""
    first = shown.preview(tmp_path, shown.selection(), shown.selection(title=shown.HOSTILE))
    page = Elements(overview.index([first, shown.preview(tmp_path, theme="digest")]))
    assert [link["href"] for link in page.of("a")] == ["2024-07/index.html", "themes/digest/index.html"]
    assert page.of("script") == []
