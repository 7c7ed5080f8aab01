"""A folder of pages over everything that a piece of work touches, for a web server or a double click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from newsletter import __version__
from newsletter.model.wording import counted, kilobytes
from newsletter.preview import accent, report
from newsletter.preview.encoding import inline
from newsletter.preview.states import Preview

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def folder(preview: Preview) -> str:
    """Return where the pages of a preview stand, relative to the site."""
    return f"themes/{preview.theme}" if preview.theme else preview.issue


def index(previews: Sequence[Preview]) -> str:
    """Return the page over some previews."""
    first = previews[0]
    return report.rendered(
        "site.html.j2",
        {
            "newsletter": first.newsletter,
            "colors": accent.properties(first.color),
            "base": first.base,
            "templates": first.templates,
            "cards": [_card(preview) for preview in previews],
            "policy": _POLICY,
            "style": report.asset("report.css") + report.asset("site.css"),
            "version": __version__,
        },
    )


def _card(preview: Preview) -> dict[str, Any]:
    state = preview.state
    return {
        "title": preview.title,
        "issue": preview.issue,
        "theme": preview.theme,
        "link": f"{folder(preview)}/index.html",
        "failed": preview.failed,
        "verdict": preview.verdict,
        "facts": [
            counted(len(state.selection.entries), "entry"),
            kilobytes(max(page.size for page in state.pages)),
        ]
        if state
        else ["cannot be built"],
        "sentences": list(preview.difference.sentences) if preview.difference else [],
        "is_new": preview.base is not None and preview.base.is_new,
        "trouble": preview.base.problem.message if preview.base and preview.base.problem else "",
        "compared": preview.difference is not None,
        "pictures": list(_thumbnails(preview)),
    }


def _thumbnails(preview: Preview) -> Iterator[tuple[str, str]]:
    for shot in preview.shots:
        if shot.mode.key == "desktop":
            for name, picture in (("Before", shot.before if shot.changed else None), ("After", shot.after)):
                if picture:
                    image = picture.image.crop((0, 0, picture.image.width, min(picture.image.height, 1000)))
                    yield name, inline(image.resize((360, round(image.height * 360 / image.width))))
            return
