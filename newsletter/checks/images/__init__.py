"""What an editor asks of the pictures."""

from newsletter.checks.images import (
    alt_repeats_title,
    blank_first_frame,
    borrowed,
    decorative_link,
    file_name_as_alt,
    heavy,
    long_alt,
    missing_alt,
    not_https,
    odd_shape,
    repeated_picture,
    stilled,
    text_in_picture,
    too_small,
    unshown_format,
    without_width,
)
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_alt.RULE,
    file_name_as_alt.RULE,
    long_alt.RULE,
    alt_repeats_title.RULE,
    decorative_link.RULE,
    too_small.RULE,
    odd_shape.RULE,
    heavy.RULE,
    unshown_format.RULE,
    blank_first_frame.RULE,
    text_in_picture.RULE,
    not_https.RULE,
    borrowed.RULE,
    repeated_picture.RULE,
    without_width.RULE,
    stilled.RULE,
)
