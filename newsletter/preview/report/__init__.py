"""The report: one file with everything in it, for whoever has to say yes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from newsletter import __version__
from newsletter.model.difference import Kind
from newsletter.model.edition import CLIP_BYTES, NEAR_CLIP_BYTES
from newsletter.model.finding import Severity
from newsletter.model.wording import counted, kilobytes, sentence
from newsletter.preview import accent, reasons
from newsletter.preview.coded import coded
from newsletter.preview.encoding import inline
from newsletter.preview.modes import MODES, live_document, modes_of
from newsletter.preview.page import held
from newsletter.preview.states import Preview, Shot, State, block_of

_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
SYMBOLS: Mapping[Severity, str] = {Severity.ERROR: "●", Severity.WARNING: "▲", Severity.NOTE: "○"}


def html(preview: Preview, others: Sequence[Preview] = ()) -> str:
    """Return the report as one page that needs no network, and lets nothing in it run but its own script.

    It names the `others` that are touched too.
    """
    script = asset("report.js")
    with ThreadPoolExecutor() as pool:
        keys = [f"{shot.page}/{shot.mode.key}" for shot in preview.shots]
        pictures = dict(zip(keys, pool.map(_pictures, preview.shots), strict=True))
    documents = _documents(preview.state) if preview.state else {}
    policy = _POLICY.format(script=fingerprint(script))
    around = {"policy": policy, "script": script, "style": asset("report.css"), "live": False}
    data = _json({"pictures": pictures, **documents})
    return rendered("report.html.j2", {**context(preview, others), **around, "data": data})


def context(preview: Preview, others: Sequence[Preview] = ()) -> dict[str, Any]:
    """Return what the report's templates show of a preview."""
    state = preview.state
    pages = state.pages if state else ()
    return {
        "preview": preview,
        "colors": accent.properties(preview.color),
        "others": others,
        "state": state,
        "pages": pages,
        "modes": modes_of(pages[0], first=True) if pages else (),
        "findings": [(finding, block_of(finding, state.selection) if state else "") for finding in preview.findings],
        "verdict": preview.verdict,
        "symbols": SYMBOLS,
        "changes": _changes(preview),
        "out": reasons.out,
        "reasons": reasons.IN,
        "kilobytes": kilobytes,
        "sentence": lambda text: coded(sentence(text)),
        "counted": counted,
        "clip": CLIP_BYTES,
        "near_clip": NEAR_CLIP_BYTES,
        "version": __version__,
        "sent": f"{state.selection.send_at.day} {state.selection.send_at:%B %Y, %H:%M}" if state else "",
        "frame": live_document(pages[0], MODES[0], sender=state.sender) if state and pages else "",
    }


def rendered(template: str, values: Mapping[str, Any]) -> str:
    """Return what one of the report's templates makes of values; everything from entries is escaped."""
    return _environment().get_template(template).render(values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["coded"] = coded
    return made


def asset(name: str) -> str:
    """Return a file that pages have inside them."""
    return (_HERE / name).read_text(encoding="utf-8")


def fingerprint(script: str) -> str:
    """Return how a policy names a script: https://www.w3.org/TR/CSP3/#framework-directive-source-list."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _changes(preview: Preview) -> list[tuple[str, str, str]]:
    """Return each change as its sign, its sentence and the block that it is about."""
    if preview.difference is None:
        return []
    signs = {"added": "+", "removed": "−", "moved": "↕"}
    kept = {entry.id for entry in preview.state.selection.entries} if preview.state else set()
    return [
        (
            signs.get(str(change.kind).rpartition("_")[2], "~"),
            change.sentence,
            change.entry if change.entry in kept and change.kind is not Kind.ENTRY_REMOVED else "",
        )
        for change in preview.difference.changes
    ]


def _pictures(shot: Shot) -> dict[str, Any]:
    width, height = shot.after.image.width / shot.mode.scale, shot.after.image.height / shot.mode.scale
    shown: dict[str, Any] = {
        "after": inline(shot.after.image),
        "width": width,
        "height": height,
        "boxes": {key: [round(number, 1) for number in box] for key, box in shot.after.boxes.items()},
    }
    if shot.before and shot.changed and shot.difference:
        shown["before"] = inline(shot.before.image)
        shown["areas"] = "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in shot.difference.areas)
        shown["pixels"] = [shot.after.image.width, shot.after.image.height]
    return shown


def _documents(state: State) -> dict[str, Any]:
    """Return the HTML of each mode for frames, with the pictures that they share apart."""
    images: dict[str, str] = {}
    documents: dict[str, str] = {}
    for number, page in enumerate(state.pages):
        for image in (*page.edition.images, *page.edition.hosted):
            images[f"picture:{image.name}"] = held(image)
        for mode in modes_of(page, first=number == 0):
            document = live_document(page, mode, sender=state.sender)
            for name, data in images.items():
                document = document.replace(data, name)
            documents[f"{page.name}/{mode.key}"] = document
    return {"documents": documents, "images": images}


def _json(value: Any) -> str:
    """Return JSON that may stand in a script element: no end of it can be written inside."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
