"""`docs`: the pages that say how things are done."""

from __future__ import annotations

import click

from newsletter.cli import output


@click.command()
@click.argument("page", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def docs(page: str | None, as_json: bool) -> int:
    """Show a PAGE of the manual, or list all pages."""
    from newsletter import manual

    if page:
        found = manual.page(page)
        if as_json:
            output.data({"schema": 1, "name": found.name, "title": found.title, "text": found.text})
        else:
            output.markdown(found.without_anchors)
        return 0
    known = manual.pages().values()
    if as_json:
        output.data({"schema": 1, "pages": [{"name": one.name, "title": one.title, "lead": one.lead} for one in known]})
        return 0
    output.table(["page", "about"], [(one.name, one.lead) for one in known])
    output.say(f"{len(known)} pages; newsletter docs PAGE shows one")
    return 0
