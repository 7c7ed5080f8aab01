"""A file of readers: what an import of it would do is shown first, and exactly that is done, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter import audience, store
from newsletter.config import Settings, Workspace
from newsletter.errors import AudienceError, NewsletterError, Refused, UnclearColumns, UnclearLetters, UnclearWords
from newsletter.web.composer import columns, pages, topics, uploads
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.errands import Errand, Progress, told_once
from newsletter.web.composer.forms import Form, by_the_system, desk_of, trouble_of
from newsletter.web.composer.multipart import Parts
from newsletter.web.composer.uploads import Upload

PAGE = "/readers"
_MEANT = {
    "added": "come onto the list",
    "updated": "are on it, and the file says something new of them",
    "unchanged": "are on it, or have left, just as the file has it",
    "resubscribed by newer consent": "had left, and have agreed again since",
    "unsubscribed by the file": "have left, says the file; no later file brings them back",
    "blocked": "must not be written to, were erased, have not confirmed yet, or said no",
    "would resubscribe, refused": "have left, and the file does not prove that they agreed again",
    "duplicate": "have the same address as another row, which counts",
    "invalid": "cannot be used",
}
_COLORS = {"blocked": "suppressed", "would resubscribe, refused": "suppressed", "invalid": "rejected"}


async def take(request: Request) -> Response:
    """Keep a file from the team's computer and lead to its plan, or say why not."""
    desk = desk_of(request)
    try:
        return await _take(request, desk)
    except NewsletterError as error:
        desk.notice, desk.trouble = "", error
    except OSError as error:
        desk.notice, desk.trouble = "", by_the_system(error)
    return RedirectResponse(PAGE, 303)


async def _take(request: Request, desk: Desk) -> Response:
    path, file = await run_in_threadpool(desk.uploads.begin)
    kept, size = False, 0

    def write(data: bytes) -> None:
        nonlocal size
        size += len(data)
        # The rest is read all the same: a browser that is still sending takes no answer.
        if size <= uploads.MOST_BYTES:
            file.write(data)

    try:
        with file:
            parts = Parts(request.headers.get("content-type", ""), write)
            async for chunk in request.stream():
                await run_in_threadpool(parts.feed, chunk)
        _refuse_unfit(parts, size)
        upload = Upload(path, uploads.plain_name(parts.file_name), parts.fields.get("list", ""))
        await run_in_threadpool(_begin, desk, upload)
        kept = True
    finally:
        if not kept:
            desk.uploads.remove(path)
    return RedirectResponse(_page_of(upload), 303)


def _refuse_unfit(parts: Parts, size: int) -> None:
    if not parts.ended:
        raise AudienceError("the file did not arrive as a whole", fix="choose it once more")
    if not parts.file_name and not size:
        raise AudienceError("no file is chosen", fix="choose a CSV file, one person a row")
    if size > uploads.MOST_BYTES:
        raise AudienceError(
            f"{uploads.plain_name(parts.file_name)} has {size / 1e6:,.0f} MB",
            why=f"a file may have {uploads.MOST_BYTES / 1e6:.0f} MB here, which is some millions of readers",
            fix="cut it into several files, each with the first row",
        )


def _begin(desk: Desk, upload: Upload) -> None:
    space = desk.workspace()
    upload.list = space.settings.known_list(upload.list)
    _set_out(upload, lambda progress: _plan(desk, space, upload, progress))
    desk.uploads.keep(upload)


def _set_out(upload: Upload, do: Callable[[Progress], None], *, importing: bool = False) -> bool:
    """Begin what may take its time, and wait a moment for it; return whether it is done.

    Raises what stood in its way, if that is known by then. Later the page tells it.
    """

    def whole(progress: Progress) -> bool:
        do(progress)
        return True

    upload.importing, upload.errand = importing, Errand(whole)
    if not upload.errand.wait():
        return False
    errand, upload.errand = upload.errand, None
    return errand.answer()


def show(request: Request) -> Response:
    """Show what an import would do, or what it did."""
    desk = desk_of(request)
    upload = desk.uploads.find(request.path_params["upload"])
    # One look: it may be over a moment later, and a page says one thing.
    errand = upload.errand
    if errand and not errand.is_over:
        here, title = _page_of(upload), desk.workspace().settings.list_title(upload.list)
        return pages.show(request, "readers-reading", here=here, upload=upload, errand=errand, title=title)
    with told_once(lambda: setattr(upload, "errand", None)):
        late = trouble_of(errand)
    context = _context(desk.workspace().settings, upload)
    return pages.show(request, "readers-import", late=late, **context)


def decide(request: Request, desk: Desk, form: Form) -> Response:
    """Do exactly the plan that stands on the page, or make it again with what is said of the columns."""
    upload = desk.uploads.find(request.path_params["upload"])
    with upload.lock:
        if not upload.is_done and not upload.is_busy:
            space, importing = desk.workspace(), form.text("do") == "import"
            act = _apply if importing else _plan_again
            if _set_out(upload, lambda progress: act(desk, space, upload, form, progress), importing=importing):
                desk.notice = _told(upload)
    return RedirectResponse(_page_of(upload), 303)


def _apply(desk: Desk, space: Workspace, upload: Upload, form: Form, progress: Progress) -> None:
    """Do the plan; where that cannot be, make it anew and say why."""
    planned = upload.report
    said = _evidence(form), _means(form), _encoding(upload, form)
    before = upload.evidence, upload.means, upload.encoding
    if columns.changed(upload, form, space.settings) or said != before:
        _plan_again(desk, space, upload, form, progress)
        why = "you have changed what the columns are since the plan was made"
    elif planned is None or planned.doubts or form.text("digest") != planned.digest:
        why = "the plan was made again since the page was shown"
    else:
        try:
            upload.report = _import(space, upload, progress, expect=planned.digest)
        except Refused:
            _plan(desk, space, upload, progress)
            why = "the lists have changed since the plan was made"
        else:
            desk.uploads.remove(upload.path)
            return
    raise Refused("nothing is imported", why=why, fix="look at what the file would do now, then import")


def _plan_again(desk: Desk, space: Workspace, upload: Upload, form: Form, progress: Progress) -> None:
    before = upload.mapping, upload.ignore, upload.evidence, upload.means, upload.encoding
    upload.mapping, upload.ignore = columns.said(upload, form, space.settings)
    upload.evidence, upload.means, upload.encoding = _evidence(form), _means(form), _encoding(upload, form)
    try:
        _plan(desk, space, upload, progress)
    except NewsletterError:
        upload.mapping, upload.ignore, upload.evidence, upload.means, upload.encoding = before
        raise


def _evidence(form: Form) -> tuple[str, str]:
    return form.line("agreed_on"), form.line("agreed_how")


def _means(form: Form) -> str:
    return form.text("means").strip()


def _encoding(upload: Upload, form: Form) -> str:
    return audience.known_encoding(form.text("encoding")) or upload.encoding


def _told(upload: Upload) -> str:
    """Return what became of the file, or would, in a line that names nobody."""
    if upload.report is None:
        return ""
    counts = ", ".join(f"{number:,} {word}" for word, number in upload.report.counts if number)
    return f"{'Imported' if upload.is_done else 'Planned again'}: {counts or 'nothing to do'}."


def drop(request: Request, desk: Desk, form: Form) -> Response:
    """Remove a file without importing it; one that is still being read, for its plan, is read no further."""
    upload = desk.uploads.find(request.path_params["upload"])
    with upload.lock:
        if upload.is_done or (upload.is_busy and upload.importing):
            # By another press.
            return RedirectResponse(_page_of(upload), 303)
        if upload.errand:
            upload.errand.stop()
        desk.uploads.drop(upload)
    desk.notice = "Nothing is imported, and the file is removed from here."
    return RedirectResponse(PAGE, 303)


def _plan(desk: Desk, space: Workspace, upload: Upload, progress: Progress) -> None:
    """Find what an import would do; what a person must say first is kept as the upload's trouble."""
    settings = space.settings
    try:
        upload.headers = audience.read_headers(upload.path, name=upload.name, encoding=upload.encoding)
        upload.columns = audience.read_columns(
            upload.headers,
            attributes=settings.attributes,
            mapping=upload.mapping,
            ignore=upload.ignore,
            file_name=upload.name,
        )
        report = _import(space, upload, progress)
    except UnclearColumns as error:
        upload.report, upload.trouble, upload.topics = None, error, ()
        return
    upload.report, upload.trouble = report, None
    upload.topics = topics.unknown(desk, settings, report.topics)


def _import(space: Workspace, upload: Upload, progress: Progress, expect: str = "") -> audience.ImportReport:
    now = dt.datetime.now(dt.UTC)
    settings = space.settings
    evidence = audience.read_evidence(*upload.evidence, zone=settings.zone, now=now) if any(upload.evidence) else None
    with store.open_database(space) as database:
        return audience.import_file(
            database,
            upload.path,
            upload.list,
            settings=settings,
            now=now,
            called=upload.name,
            plan=not expect,
            expect=expect,
            mapping=upload.mapping,
            ignore=upload.ignore,
            evidence=evidence,
            words=audience.read_words(filter(str.strip, upload.means.splitlines())),
            encoding=upload.encoding,
            progress=progress,
        )


def _page_of(upload: Upload) -> str:
    return f"{PAGE}/import/{upload.token}"


def _context(settings: Settings, upload: Upload) -> dict[str, Any]:
    report = upload.report
    left_out: dict[str, list[audience.RowProblem]] = {}
    for problem in report.problems if report else ():
        left_out.setdefault(str(problem.kind), []).append(problem)
    counts = report.counts if report else ()
    return {
        "upload": upload,
        "report": report,
        "here": _page_of(upload),
        "title": settings.list_title(upload.list),
        "parts": [(word, number, _MEANT[word], _COLORS.get(word, "")) for word, number in counts if number],
        "left_out": left_out,
        "shown": audience.SHOWN,
        "totals": dict(counts) | ({"blocked": report.blocked - report.would_resubscribe} if report else {}),
        "choices": columns.choices(upload, settings),
        "asks_words": isinstance(upload.trouble, UnclearWords) or bool(report and report.unknown),
        "readings": upload.trouble.readings if isinstance(upload.trouble, UnclearLetters) else (),
        "states": audience.STATES,
        "labels": columns.labels(settings),
    }
