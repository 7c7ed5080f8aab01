"""Whether mail clients support what templates use."""

from newsletter.checks.clients import (
    body_class,
    css_property,
    css_selector,
    css_value,
    font_fallback,
    html_attribute,
    html_element,
    image_format,
    nested_media,
    sheet_size,
)
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    css_property.RULE,
    css_value.RULE,
    css_selector.RULE,
    html_element.RULE,
    html_attribute.RULE,
    image_format.RULE,
    sheet_size.RULE,
    nested_media.RULE,
    body_class.RULE,
    font_fallback.RULE,
)
