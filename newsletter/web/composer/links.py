"""Links followed from the studio, as `lint --online` does; what came of it stays a fact until it is closed."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from newsletter import pipeline
from newsletter.checks import online
from newsletter.checks.links import visited
from newsletter.errors import ContentError, SourceError
from newsletter.model.wording import count
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.forms import Form, back

_CODES = frozenset(rule.code for rule in visited.RULES)


def followed(look: Look) -> tuple[str, str]:
    """Return how it stands with the links of an issue, as a checklist has it: its kind, and words."""
    links = online.addresses([look.selection]) if look.selection else []
    known = sum(link in look.visits for link in links)
    if known < len(links):
        return "open", f"{known or 'none'} of {len(links)} followed"
    troubled = _troubled(look)
    what = f"{len(links)} followed" if links else "there are none"
    return ("warn", f"{what}; {count(troubled, 'finding', 'findings')}") if troubled else ("good", what)


def follow(request: Request, desk: Desk, form: Form) -> Response:
    """Ask for each page that an issue leads to, once."""
    look = desk.look(request.path_params["issue"])
    if look.selection is None:
        raise look.failure or ContentError(f"issue {look.name} cannot be used")
    done = pipeline.follow_links(look.workspace, [look.selection])
    desk.visited(done.visits)
    if done.missing:
        raise SourceError(done.missing, fix=done.remedy or "try again when there is one")
    troubled = _troubled(desk.look(look.name))
    what = "nothing is wrong with them" if not troubled else count(troubled, "finding", "findings") + " about them"
    desk.notice = (
        f"{count(done.links, 'link', 'links')} followed: {what}." if done.links else "There are no links to follow."
    )
    return back(form)


def _troubled(look: Look) -> int:
    return sum(finding.code in _CODES for finding in look.findings)
