"""What an editor asks of the links."""

from newsletter.checks.links import (
    bare_address,
    behind_login,
    empty_link,
    foreign_name,
    link_not_https,
    link_syntax,
    missing_utm,
    numeric_host,
    password,
    private_address,
    repeated_parameter,
    rewritten,
    same_text,
    shortened,
    tracking_parameters,
    undeclared_file,
    vague_text,
    visited,
)
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    link_not_https.RULE,
    empty_link.RULE,
    link_syntax.RULE,
    private_address.RULE,
    tracking_parameters.RULE,
    repeated_parameter.RULE,
    missing_utm.RULE,
    vague_text.RULE,
    bare_address.RULE,
    same_text.RULE,
    password.RULE,
    numeric_host.RULE,
    undeclared_file.RULE,
    foreign_name.RULE,
    shortened.RULE,
    rewritten.RULE,
    behind_login.RULE,
    *visited.RULES,
)
