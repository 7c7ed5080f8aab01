"""Whether an element may stand where it stands."""

from __future__ import annotations

from newsletter.model.meant import suggestion
from newsletter.model.wording import listed
from newsletter.rendering.validation import differences, rules, vocabulary
from newsletter.rendering.validation.markup import Markup
from newsletter.rendering.validation.opened import Open
from newsletter.rendering.validation.rules import Fault
from newsletter.rendering.validation.vocabulary import Content


def component(tag: Markup, inside: Open | None) -> Fault | None:
    """Return what is wrong with the place of a component."""
    name = tag.name
    if inside is not None and inside.name in differences.REFUSED_ELEMENTS:
        return None
    if name in differences.REFUSED_ELEMENTS:
        return _refused(tag)
    if inside is None:
        return None if name == "mjml" else _misplaced(tag, "outside of <mjml>")
    if inside.name.lower().startswith("mj") and inside.name not in vocabulary.KNOWN:
        # Told itself, as misspelt: what stands in it may well be right.
        return None
    if inside.default:
        message = f"<{name}> cannot stand in <{inside.name}> of mj-attributes"
        rule = rules.OTHERWISE if inside.name == "mj-class" else rules.WRONG_PARENT
        return rule.broken(tag.start, tag.end, message, f"define it beside <{inside.name}>, not inside")
    if inside.holds_html or name not in vocabulary.children(inside.name):
        return _misplaced(tag, f"in <{inside.name}>")
    if name == "mj-raw" and (inside.name == "mjml" or inside.name in vocabulary.WITHOUT_BLANKS):
        message = f"this MJML engine takes no <mj-raw> in <{inside.name}>"
        return rules.OTHERWISE.broken(tag.start, tag.end, message, "put it into mj-head, mj-body or mj-column")
    if name == "mj-raw" and inside.name == "mj-wrapper":
        message = "this MJML engine shows an <mj-raw> in <mj-wrapper> to nobody but Outlook"
        return rules.OTHERWISE.broken(tag.start, tag.end, message, "put it between the wrappers, or into mj-column")
    return None


def other(tag: Markup, inside: Open | None) -> Fault | None:
    """Return what is wrong with an element that is not one of MJML's, or with its place."""
    name = tag.name
    if name in differences.REFUSED_ELEMENTS:
        return _refused(tag)
    if name.lower().startswith("mj"):
        better = vocabulary.element_meant(name)
        message = f"MJML has no <{name}>{suggestion(better, '<>')}"
        fix = f"write <{better}>" if better else "use one of the components of MJML"
        return rules.UNKNOWN_ELEMENT.broken(tag.start, tag.end, message, fix)
    if inside is not None and inside.holds_html:
        return None
    if inside is not None and inside.content is not Content.PARTS:
        message = f"<{name}> cannot stand in <{inside.name}>, which holds {inside.content.value}"
        return rules.UNKNOWN_ELEMENT.broken(tag.start, tag.end, message, "delete it, or write &lt; for the <")
    # <text> and <button> are slips; <p> and <b> are not.
    better = f"mj-{name}" if f"mj-{name}" in vocabulary.KNOWN else ""
    where = f"directly in <{inside.name}>" if inside else "outside of <mjml>"
    message = f"<{name}> stands {where}{suggestion(better, '<>')}"
    fix = f"write <{better}>" if better else "put HTML into mj-text, mj-table or mj-raw"
    return rules.UNKNOWN_ELEMENT.broken(tag.start, tag.end, message, fix)


def _refused(tag: Markup) -> Fault:
    why, fix = differences.REFUSED_ELEMENTS[tag.name]
    return rules.OTHERWISE.broken(tag.start, tag.end, f"<{tag.name}> {why}", fix)


def _misplaced(tag: Markup, where: str) -> Fault:
    parents = [f"<{parent}>" for parent in vocabulary.parents(tag.name)]
    fix = (
        f"put it into {listed(parents, 'or')}" if parents else "delete it; the document's first tag is its only <mjml>"
    )
    return rules.WRONG_PARENT.broken(tag.start, tag.end, f"<{tag.name}> cannot stand {where}", fix)
