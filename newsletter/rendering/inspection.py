"""What is wrong with the MJML that templates made, at the lines of the templates that made it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment

from newsletter.model.finding import Finding
from newsletter.rendering.provenance import trace
from newsletter.rendering.validation import findings, validate


def inspect(
    mjml: str, environment: Environment, name: str, context: Mapping[str, Any], file: Callable[[str], str] = str
) -> tuple[Finding, ...]:
    """Return the faults of `mjml`, which `environment` made of template `name` and `context`.

    Only where there are any are the templates rendered a second time, to learn the places; `file` tells the file of a
    template by its name.
    """
    if not validate(mjml):
        return ()
    return findings(mjml, trace(environment, name, context, mjml, file))
