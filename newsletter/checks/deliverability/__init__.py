"""What mailbox providers and the law ask of a message."""

from newsletter.checks.deliverability import (
    active_content,
    all_pictures,
    hidden_text,
    link_ratio,
    postal_address,
    preheader_shown,
    sample_address,
    sender,
    shouting_subject,
    size,
    spam_score,
    text_part,
    unsubscribe,
    weight,
)
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    text_part.MISSING,
    text_part.DIFFERS,
    unsubscribe.IN_HTML,
    unsubscribe.IN_TEXT,
    unsubscribe.IN_HEADERS,
    postal_address.RULE,
    sender.FREE,
    sender.DEAF,
    shouting_subject.RULE,
    hidden_text.RULE,
    link_ratio.RULE,
    weight.RULE,
    all_pictures.RULE,
    preheader_shown.RULE,
    active_content.RULE,
    spam_score.RULE,
    sample_address.RULE,
    size.CLIPPING_NEAR,
    size.CLIPPED,
)
