"""Links followed from the studio, as `lint --online` does; what came of it stays a fact until it is closed."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from newsletter import pipeline
from newsletter.checks.links import visited
from newsletter.errors import ContentError, SourceError
from newsletter.model.wording import count
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.forms import Form, back

_CODES = frozenset(rule.code for rule in visited.RULES)


def follow(request: Request, desk: Desk, form: Form) -> Response:
    """Ask for each page that an issue leads to, once."""
    look = desk.look(request.path_params["issue"])
    if look.selection is None:
        raise look.failure or ContentError(f"issue {look.name} cannot be used")
    followed = pipeline.follow_links(look.workspace, [look.selection])
    desk.visited(followed.visits)
    if followed.missing:
        raise SourceError(followed.missing, fix=followed.remedy or "try again when there is one")
    troubled = sum(finding.code in _CODES for finding in desk.look(look.name).findings)
    what = "nothing is wrong with them" if not troubled else count(troubled, "finding", "findings") + " about them"
    desk.notice = (
        f"{count(followed.links, 'link', 'links')} followed: {what}."
        if followed.links
        else "There are no links to follow."
    )
    return back(form)
