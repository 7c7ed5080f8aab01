"""Whether everybody can read the letter: asked of the HTML that readers get."""

from newsletter.checks.accessibility import (
    colour_alone,
    contrast,
    direction,
    document_title,
    headings,
    language,
    link_name,
    other_language,
    repeated_id,
    small_text,
    table_role,
    target_size,
)
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    language.RULE,
    direction.RULE,
    table_role.RULE,
    headings.ONE_H1,
    headings.ORDER,
    headings.EMPTY,
    contrast.LIGHT,
    contrast.DARK,
    colour_alone.RULE,
    target_size.RULE,
    link_name.RULE,
    document_title.RULE,
    repeated_id.RULE,
    small_text.RULE,
    other_language.RULE,
)
