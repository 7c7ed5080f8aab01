"""What a pull request is told: a summary of the run, and a comment that is written anew instead of repeated.

Both are Markdown that GitHub and GitLab show; no word from an entry becomes markup, a mention or a link in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from newsletter.model import wording
from newsletter.model.edition import CLIP_BYTES
from newsletter.model.finding import Severity
from newsletter.preview.states import Preview

MOST_BYTES = 60_000
"""GitHub refuses a comment of more than 65,536 characters."""
_MARKER = "<!-- newsletter-preview:{issue} -->"
_SIGNS = {Severity.ERROR: "🔴", Severity.WARNING: "🟡", Severity.NOTE: "⚪"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~$])")
_END = (
    "The whole report is `report.html` in the artefact of this run: every mode, before and after, why each entry is in "
    "or out. `issue.eml` opens in a mail program."
)
# A word joiner, which nobody sees, keeps @name from calling somebody and addresses from becoming links.
_JOINER = "\u2060"


def summary(preview: Preview, others: Sequence[Preview] = ()) -> str:
    """Return everything for the page of the run."""
    return _written(preview, others, findings=200, changes=200)


def comment(preview: Preview, others: Sequence[Preview] = ()) -> str:
    """Return what is said below the pull request, at most 60,000 bytes, with the mark by which it is found again."""
    marker = _MARKER.format(issue=re.sub(r"[^A-Za-z0-9._-]", "-", preview.issue))
    for most in (40, 20, 10, 5, 1):
        text = f"{marker}\n{_written(preview, others, findings=most, changes=most)}"
        if len(text.encode()) < MOST_BYTES:
            break
    return text


def plain(text: str) -> str:
    """Return text as Markdown shows it letter by letter, in one line of at most 400 characters."""
    line = wording.cut(" ".join(text.split()), 400)
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _SPECIAL.sub(r"\\\1", line).replace("@", f"@{_JOINER}")
    return re.sub(r"(?i)(https?:|ftp:|mailto:|www\.)", rf"\1{_JOINER}", line)


def _code(text: str) -> str:
    """Return text as code, in which nothing has a meaning; a bar would still end a cell."""
    # A backslash before a bar is what ends a cell all the same, and what follows would be no code any more.
    line = " ".join(text.split()).replace("`", "'").replace("\\|", f"\\{_JOINER}|").replace("|", "\\|")
    return f"`{line}`" if line else ""


def _written(preview: Preview, others: Sequence[Preview], *, findings: int, changes: int) -> str:
    parts = [
        f"## {plain(preview.newsletter)}: {plain(preview.title)}",
        "\n".join(_table(preview, others)),
        *_unbuilt(preview),
        *_about(preview),
        *_changed(preview, changes),
        *_found(preview, findings),
        *_pictured(preview),
        _END,
    ]
    return "\n\n".join(parts) + "\n"


def _table(preview: Preview, others: Sequence[Preview]) -> Iterable[str]:
    yield "| Issue | Entries | Size | Findings | What changed |"
    yield "|---|---:|---:|---|---|"
    for one in (preview, *others):
        name = _code(one.issue) + (f" in the theme {_code(one.theme)}" if one.theme else "")
        if one.state is None:
            yield f"| {name} | – | – | 🔴 **cannot be built**, {one.verdict} | – |"
            continue
        heaviest = max(page.size for page in one.state.pages)
        sign = "🔴" if one.failed else "🟡" if one.findings else "🟢"
        yield (
            f"| {name} | {len(one.state.selection.entries)} | {wording.kilobytes(heaviest)} of "
            f"{wording.kilobytes(CLIP_BYTES)} | {sign} {one.verdict} | {_gist(one)} |"
        )
    for name in preview.base.gone if preview.base else ():
        yield f"| {_code(name)} | – | – | – | **deleted** |"


def _gist(preview: Preview) -> str:
    if preview.base is None:
        return "–"
    if preview.difference is None:
        return "new issue" if preview.base.is_new else "not compared"
    changed = [shot for shot in preview.shots if shot.changed]
    pictures = f", {wording.counted(len(changed), 'picture')}" if preview.shots else ""
    number = len(preview.difference.changes)
    return f"{wording.counted(number, 'change')}{pictures}" if number or changed else "nothing"


def _unbuilt(preview: Preview) -> Iterable[str]:
    if preview.failure:
        yield f"**The issue cannot be built.** {wording.sentence(plain(preview.failure.message))}" + _fix(
            preview.failure.fix
        )


def _about(preview: Preview) -> Iterable[str]:
    if preview.state:
        for page in preview.state.pages:
            tongue = f" ({plain(page.name)})" if len(preview.state.pages) > 1 else ""
            yield f"**Subject{tongue}** {plain(page.subject)}  \n**Preheader{tongue}** {plain(page.preheader)}"
    if preview.no_pictures:
        yield f"> **No pictures were taken:** {plain(preview.no_pictures.message)}." + _fix(preview.no_pictures.fix)
    if preview.base and preview.base.problem:
        yield (
            f"> **Nothing to compare with:** {plain(preview.base.problem.message)}." + _fix(preview.base.problem.fix)
        )
    if preview.base and preview.base.unfit:
        yield (
            f"> **Words and entries are compared, and not the looks:** the templates of {_code(preview.base.name)} do "
            f"not fit this version of newsletter, so both states are shown in today's. {plain(preview.base.unfit.why)}"
        )


def _fix(fix: str) -> str:
    return f" {wording.sentence(plain(fix))}" if fix else ""


def _changed(preview: Preview, most: int) -> Iterable[str]:
    if preview.difference is None or preview.base is None:
        return
    sentences = [f"- {plain(sentence)}" for sentence in preview.difference.sentences]
    against = f"compared with {_code(preview.base.name)}"
    if not sentences:
        yield f"### What changed\n\nNothing that readers get, {against}."
        return
    rest = [f"- … and {len(sentences) - most} more in the report"] if len(sentences) > most else []
    yield "\n".join([f"### What changed\n\n{against[0].upper()}{against[1:]}:\n", *sentences[:most], *rest])


def _found(preview: Preview, most: int) -> Iterable[str]:
    if not preview.findings:
        return
    order = list(Severity)
    findings = sorted(preview.findings, key=lambda finding: (order.index(finding.severity), finding.sort_key))
    rows = [
        f"| {_SIGNS[finding.severity]} {finding.severity} | {_code(finding.code)} | {plain(finding.message)} | "
        f"{_code(str(finding.place)) if finding.place.file else ''} | {plain(finding.fix)} |"
        for finding in findings[:most]
    ]
    more = [f"\n… and {len(findings) - most} more in the report"] if len(findings) > most else []
    head = ["### Findings\n", "| | Rule | What | Where | What to do |", "|---|---|---|---|---|"]
    yield "\n".join([*head, *rows, *more])


def _pictured(preview: Preview) -> Iterable[str]:
    if preview.difference is None or not preview.shots:
        return
    several = len({shot.page for shot in preview.shots}) > 1
    rows = []
    for shot in preview.shots:
        share = shot.difference.share * 100 if shot.difference else 0
        said = "new" if shot.difference is None else f"{share:.1f} %" if shot.changed else "nothing"
        rows.append(f"| {shot.mode.name}{f' ({plain(shot.page)})' if several else ''} | {said} |")
    yield "\n".join(["### Pictures\n", "| Mode | Changed |", "|---|---:|", *rows])
