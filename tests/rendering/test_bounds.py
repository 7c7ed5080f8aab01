"""No template ends the process for want of memory: what would be too large is told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import StrictUndefined

from newsletter.errors import RenderingError
from newsletter.rendering import render
from newsletter.rendering.environment import Sandbox
from tests import factories as make


@pytest.mark.parametrize(
    "expression",
    [
        "'x' * 1000000000",
        "1000000000 * 'x'",
        "[0] * 1000000000",
        "9 ** (9 ** 9)",
        "'%1000000000d' % 1",
        "'%*d' % (1000000000, 1)",
        "'%1000000000d'|format(1)",
        "'{:1000000000}'.format(1)",
        "'{:{}}'.format(1, 1000000000)",
        "'{x:1000000000}'.format_map({'x': 1})",
        "'x'|center(1000000000)",
        "'x'.center(1000000000)",
        "'x'.ljust(1000000000)",
        "'x'.zfill(1000000000)",
        "'a\\tb'.expandtabs(1000000000)",
        "'x\\ny'|indent(1000000000)",
        "range(9)|batch(1000000000, 'x')|list",
        "range(99999)|join('x' * 99999)",
        "('x' * 99999).join(range(99999)|map('string')|list)",
        "range(99999)|map('string')|join('x' * 99999)",
        "('x' * 99999)|replace('x', 'y' * 99999)",
        "('x' * 99999).replace('x', 'y' * 99999)",
    ],
)
def test_one_step_makes_no_more_than_any_email_needs(expression: str) -> None:
    """Refused before it is done."""
    for text in (f"{{{{ {expression} }}}}", f"{{% set x = {expression} %}}{{{{ x }}}}"):
        with pytest.raises(OverflowError, match="larger than any email"):
            sandbox().from_string(text).render()


@pytest.mark.parametrize(
    "text",
    [
        "{% set ns = namespace(x='xx') %}{% for _ in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x='xx') %}{% for _ in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=['x']) %}{% for _ in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set n = namespace(x='x') %}{% for _ in range(99) %}{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
    ],
)
def test_many_steps_make_no_more_either(text: str) -> None:
    """Doubling again and again ends soon."""
    with pytest.raises(OverflowError, match="larger than any email"):
        sandbox().from_string(text).render()


def test_what_templates_really_do_is_allowed() -> None:
    """And gives what Jinja2 gives."""
    text = (
        "{{ '=' * 72 }}{{ '%05.1f' % 3 }}{{ '%s of %s'|format(18500000, 2) }}{{ '{:>9,}'.format(18500000) }}"
        "{{ [1, 2]|join(', ') }}{{ ', '.join(['a', 'b']) }}{{ 'a-b'|replace('-', '–') }}{{ 'x'|center(5) }}"
        "{{ 'a' ~ '<' ~ 3 }}{{ [1] + [2] }}{{ [1, 2, 3]|batch(2)|list }}{{ 1000000 * 1000000 }}{{ 1 + 2 }}{{ 2 ** 10 }}"
    )
    assert sandbox().from_string(text).render() == (
        "=" * 72 + "003.018500000 of 218,500,0001, 2a, ba–b  x  a&lt;3[1, 2][[1, 2], [3]]100000000000031024"
    )


def test_the_line_is_told(tmp_path: Path) -> None:
    """As of any other mistake in a template."""
    workspace = make.workspace(tmp_path)
    file = workspace.templates / "entries" / "news.mjml.j2"
    file.parent.mkdir(parents=True)
    file.write_text("<tr><td>\n{{ 'x' * 1000000000 }}</td></tr>")
    with pytest.raises(RenderingError) as caught:
        render(make.selection((make.section("News", "news"), [make.news()])), workspace, "en")
    (finding,) = caught.value.findings
    assert (finding.place.file, finding.place.line) == ("templates/entries/news.mjml.j2", 2)
    assert "larger than any email" in finding.message


def sandbox() -> Sandbox:
    """Return an environment as templates have it."""
    return Sandbox(undefined=StrictUndefined, autoescape=True)
