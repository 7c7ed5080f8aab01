"""No template ends the process for want of memory or goes on for ever: what would be too much is told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, StrictUndefined, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from newsletter.errors import RenderingError
from newsletter.rendering import bounds, render
from newsletter.rendering.localisation import Words
from newsletter.rendering.sandbox import Sandbox
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
        "'%(a)1000000000d' % {'a': 1}",
        "'%(a)1000000000d'|format(a=1)",
        "'{0[}]:1000000000}'.format({'}': 1})",
        "('%s' * 9999) % (('x' * 9999,) * 9999)",
        "('{0}' * 9999).format('x' * 9999)",
        "('{a}' * 9999).format_map({'a': 'x' * 9999})",
        "('\\t' * 9999).expandtabs(9999)",
        "('a' * 9999).translate({97: 'b' * 9999})",
        "('x' * 99999).join((['a'] * 9999)|map('string'))",
        "[['x' * 99999]] * 9999",
        "['x' * 999999, 'x' * 999999, 'x' * 999999]",
        "{'a': 'x' * 999999, 'b': 'x' * 999999, 'c': 'x' * 999999}",
        "dict.fromkeys(range(9999), 'x' * 9999)",
        "range(1)|batch(9999, 'x' * 9999)|list",
        "[[[1] * 9999]]|tojson(indent=9999)",
        "('a ' * 9999)|wordwrap(1, True, 'x' * 9999)",
        "('a\\n' * 9999)|indent('x' * 9999)",
        "1.5|round(1000000000, 'ceil')",
        "('%(a)999999d' * 9999) % {'a': 1}",
        "('%999999d' * 9 % ((1,) * 9))|length",
        "('{0:.999999f}' * 9).format(1.5)|length",
        "words.say('boom', a='x' * 999999)",
        "words.number(1, 1000000000)",
    ],
)
def test_one_step_makes_no_more_than_any_email_needs(expression: str) -> None:
    """Refused before it is done."""
    for text in (f"{{{{ {expression} }}}}", f"{{% set x = {expression} %}}{{{{ x }}}}"):
        with pytest.raises(OverflowError, match="larger than any email"):
            sandbox().from_string(text).render(words=Words("en", lambda _: {"boom": "{a}" * 9999}))


@pytest.mark.parametrize(
    "text",
    [
        "{% set ns = namespace(x='xx') %}{% for _ in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x='xx') %}{% for _ in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=['x']) %}{% for _ in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set n = namespace(x='x') %}{% for _ in range(99) %}{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
        "{% set ns = namespace(x=['x']) %}{% for _ in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}",
        "{% set ns = namespace(x='x') %}{% for _ in range(99) %}{% set ns.x = [namespace(v=ns.x), ns.x] %}{% endfor %}",
        "{% set ns = namespace(x=9) %}{% for _ in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
        "{% set x = '<' * 999999 %}{% set y %}{% for _ in range(999) %}{{ x }}{% endfor %}{% endset %}",
        "{% set x = '<' * 999999 %}{% macro m() %}{% for _ in range(999) %}{{ x }}{% endfor %}{% endmacro %}{{ m() }}",
        "{% set x = '<' * 999999 %}{% for _ in range(999) %}{{ x }}{% endfor %}",
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
        "{{ '%(a)s: 1234567' % {'a': 1} }}{{ '{0[b]:>3}'.format({'b': 1}) }}{{ ['a\nb']|first|indent('> ') }}"
        "{{ [[1], [2]]|sum(start=[]) }}{{ 2.345|round(1) }}{{ {'a': [1]}|tojson(indent=1) }}{{ 'a b'|wordwrap(1) }}"
        "{{ 'a' ~ '<' ~ 3 }}{{ [1] + [2] }}{{ [1, 2, 3]|batch(2)|list }}{{ 1000000 * 1000000 }}{{ 1 + 2 }}{{ 2 ** 10 }}"
    )
    assert sandbox().from_string(text).render() == (
        "=" * 72 + "003.018500000 of 218,500,0001, 2a, ba–b  x  "
        '1: 1234567  1a\n&gt; b[1, 2]2.3{\n "a": [\n  1\n ]\n}a\nb'
        "a&lt;3[1, 2][[1, 2], [3]]100000000000031024"
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


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) if loop %}{{ loop.index }}{% endfor %}{% endfor %}",
        "{% for i in 'x' * 99999 %}{% for j in ('x' * 99999)|list %}{% endfor %}{% endfor %}",
        "{% for i in range(99999)|map('string') %}{% for j in range(99)|select %}{% endfor %}{% endfor %}",
        "{% for i in range(99999) %}{{ range(99999)|sum }}{% endfor %}",
        "{% for i in range(99999) %}{% set x = 'x' * 1000000 %}{% endfor %}",
        "{% for i in range(9) recursive %}{{ loop(range(9)) if loop.depth < 99 }}{% endfor %}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% for a in [1, 2] %}" * 18 + "{% for b in {1: 1, 2: 2} %}{% endfor %}" + "{% endfor %}" * 18,
    ],
)
def test_a_rendering_that_would_go_on_for_minutes_is_refused_soon(text: str) -> None:
    """Whatever goes round in it: loops within loops, ranges, large texts, macros that call themselves."""
    with bounds.bounded(), pytest.raises(OverflowError, match="more than 500,000 turns"):
        sandbox().from_string(text).render()


def test_includes_that_double_are_refused_soon() -> None:
    """A template can include itself."""
    doubling = (
        "{% if n %}{% with n = n - 1 %}{% include 'a' ignore missing %}{% include 'a' ignore missing %}{% endwith %}"
    )
    environment = Sandbox(loader=DictLoader({"a": doubling + "{% endif %}"}), undefined=StrictUndefined)
    with bounds.bounded(), pytest.raises(OverflowError, match="more than 500,000 turns"):
        environment.get_template("a").render(n=40)


def test_loops_give_what_jinja2_gives() -> None:
    """Also where they filter, go through themselves, know their length, or go through nothing."""
    text = (
        "{% for x in [3, 4, 5] if x != 4 %}{{ loop.index }}/{{ loop.length }}:{{ x }} {% endfor %}"
        "{% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}"
        "{% for x in range(3)|reject('odd') %}{{ x }}{% endfor %}"
        "{% for x in [[1, [2]]] recursive %}<{{ x if x is number else loop(x) }}>{% endfor %}"
        "{% for x in '' %}{% else %}none{% endfor %}"
    )
    plain = SandboxedEnvironment(undefined=StrictUndefined)
    with bounds.bounded():
        assert Sandbox(undefined=StrictUndefined).from_string(text).render() == plain.from_string(text).render()


@pytest.mark.parametrize("text", ["{% for x in 5 %}{% endfor %}", "{% for x in missing %}{% endfor %}"])
def test_what_no_loop_can_go_through_is_refused_as_by_jinja2(text: str) -> None:
    """In the same words."""
    said = []
    for environment in (SandboxedEnvironment(undefined=StrictUndefined), Sandbox(undefined=StrictUndefined)):
        with pytest.raises((TypeError, UndefinedError)) as caught:
            environment.from_string(text).render()
        said.append((type(caught.value), str(caught.value)))
    assert said[0] == said[1]


def test_each_rendering_has_its_own_turns(tmp_path: Path) -> None:
    """However many there are in one process; and one too many is told at the line of its loop."""
    workspace = make.workspace(tmp_path)
    file = workspace.templates / "entries" / "news.mjml.j2"
    file.parent.mkdir(parents=True)
    links = dict.fromkeys(("view_url", "unsubscribe_url"), "https://news.example.org/")
    loop = "{% for i in range(99999) %}{% endfor %}"
    file.write_text(f"<tr><td>\n{loop}{{{{ entry.title }}}}</td></tr>")
    for number in range(4):
        selection = make.selection((make.section("News", "news"), [make.news(title=f"Number {number}")]))
        assert f"Number {number}" in render(selection, workspace, "en").html.fill(links).decode()
    file.write_text(f"<tr><td>\n{{% for i in range(9) %}}\n{loop}{{% endfor %}}</td></tr>")
    with pytest.raises(RenderingError) as caught:
        render(make.selection((make.section("News", "news"), [make.news()])), workspace, "en")
    (finding,) = caught.value.findings
    assert (finding.place.file, finding.place.line) == ("templates/entries/news.mjml.j2", 3)
    assert finding.message == (
        "{% for i in range(99999) %} cannot be worked out for the entry 2024-07-26-border-communities: "
        "all in all it would take more than 500,000 turns, more work than any email can be"
    )


def sandbox() -> Sandbox:
    """Return an environment as templates have it."""
    return Sandbox(undefined=StrictUndefined, autoescape=True)
