"""What goes wrong in a template is told in plain words, at its line and column, with what was meant."""

from __future__ import annotations

import gc
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import TemplateNotFound

from newsletter.errors import RenderingError
from newsletter.model.finding import Finding, Place, Severity
from newsletter.rendering.failures import RULES, explain
from tests import factories as make
from tests.rendering.composing import environment, unmarked

ENTRY = SimpleNamespace(id="2024-07-25-hub", title="Hub", summary="A hub")


def told(templates: dict[str, str], **context: Any) -> Finding:
    """Return what is told of the failure of template `page`, which happens at the mark."""
    clean, (file, line, column) = unmarked(templates)
    known = environment(clean)
    given = {"entry": ENTRY, "entries": [ENTRY], "sections": (), "counts": {"projects": 3}} | context
    with pytest.raises(Exception) as caught:
        known.get_template("page").render(given)
    (finding,) = explain(caught.value, known, "page", given, lambda name: f"templates/{name}")
    assert finding.place == (Place(f"templates/{file}", line, column) if file else Place())
    return finding


def message(templates: dict[str, str], **context: Any) -> tuple[str, str]:
    """Return `CODE message` and fix."""
    finding = told(templates, **context)
    return f"{finding.code} {finding.message}", finding.fix


ONE_OF = "use one of counts, entries, entry, sections"


@pytest.mark.parametrize(
    ("templates", "expected", "fix"),
    [
        (
            {"page": "a\n{{ ¦entri.title }}"},
            "TPL002 there is nothing called `entri`; did you mean `entries`?",
            "write `entries`",
        ),
        ({"page": "{% for x in ¦zzz %}{% endfor %}"}, "TPL002 there is nothing called `zzz`", ONE_OF),
        ({"page": "x {% include 'part' %}", "part": "\n\n {{ ¦zzz }}"}, "TPL002 there is nothing called `zzz`", ONE_OF),
        (
            {"page": "{% for entry in entries %}\n <b>{{ entry.title }} {{ entry.¦titel|upper }}</b>{% endfor %}"},
            "TPL002 `entry` has no `titel` for the entry 2024-07-25-hub; did you mean `title`?",
            "write `title`",
        ),
        (
            {"page": "{% set logo = none %}{{ logo.¦src }}"},
            "TPL002 `logo` is nothing here, so that it has no `src`",
            "ask for it only inside {% if logo %} … {% endif %}",
        ),
        (
            {"page": "{% set row = {'deadline': none} %}{{ row.deadline.¦left }}"},
            "TPL002 `row.deadline` is nothing here, so that it has no `left`",
            "ask for it only inside {% if row.deadline %} … {% endif %}",
        ),
        (
            {"page": "{{ entry.title ~ entry.¦foo }}"},
            "TPL002 `entry` has no `foo` for the entry 2024-07-25-hub",
            "use one of id, summary, title",
        ),
        (
            {"page": "{% set a = entry.¦foo %}\n{{ a }}"},
            "TPL002 `entry` has no `foo` for the entry 2024-07-25-hub",
            "use one of id, summary, title",
        ),
        (
            {"page": "{{ counts[¦'project'] }}"},
            "TPL002 `counts` has no `project`; did you mean `projects`?",
            "write `projects`",
        ),
        (
            {"page": "{% import 'm' as the %}\n {{ the.¦tittle(entry) }}", "m": "{% macro title(e) %}{% endmacro %}"},
            "TPL002 `the` has no `tittle` for the entry 2024-07-25-hub; did you mean `title`?",
            "write `title`",
        ),
        (
            {"page": "{% from 'm' import ¦tittle %}{{ tittle() }}", "m": "{% macro title(e) %}{% endmacro %}"},
            "TPL002 the template m has no `tittle`; did you mean `title`?",
            "write `title`",
        ),
        (
            {"page": "{% import 'm' as the %}{{ the.a() }}", "m": "{% macro a() %}{{ ¦entry.title }}{% endmacro %}"},
            "TPL002 `entry` is not known inside an imported macro",
            "hand it to the macro, or write {% import … with context %}",
        ),
        (
            {"page": "{% macro a(e) %}{{ e }}{% endmacro %}\n ¦{{ a() }}"},
            "TPL002 {{ a() }} does not give the macro its `e`",
            "write e=… between the brackets",
        ),
        (
            {
                "page": "{% import 'm' as the %}\n {{ the.a(entry.¦titel) }}",
                "m": "{% macro a(e) %}<b>{{ e }}</b>{% endmacro %}",
            },
            "TPL002 `entry` has no `titel` for the entry 2024-07-25-hub; did you mean `title`?",
            "write `title`",
        ),
        (
            {"page": "{% import 'm' as the %}{{ the.a(¦entri) }}", "m": "{% macro a(e) %}{{ e }}{% endmacro %}"},
            "TPL002 there is nothing called `entri`; did you mean `entries`?",
            "write `entries`",
        ),
        (
            {"page": "{% with words = entry.¦foo %}{% include 'part' %}{% endwith %}", "part": "\n{{ words }}"},
            "TPL002 `entry` has no `foo` for the entry 2024-07-25-hub",
            "use one of id, summary, title",
        ),
    ],
)
def test_a_name_that_is_not_there(templates: dict[str, str], expected: str, fix: str) -> None:
    """The name is pointed at, with those that there are."""
    assert message(templates) == (expected, fix)


@pytest.mark.parametrize(
    ("templates", "expected", "fix"),
    [
        (
            {"page": "{{ ¦unsubscribe_url }}"},
            'TPL002 there is nothing called `unsubscribe_url`; did you mean `slot("unsubscribe_url")`?',
            'write `slot("unsubscribe_url")`',
        ),
        (
            {"page": "{{ ¦len(rows) }}"},
            "TPL002 there is nothing called `len`; did you mean `…|length`?",
            "write `…|length`",
        ),
        (
            {"page": "{{ ¦super() }}"},
            "TPL002 super() stands outside of a block",
            "write it inside of {% block … %}, in a template that extends another one",
        ),
        (
            {"page": "{{ issue.¦sections }}"},
            "TPL002 `issue` has no `sections`; `sections` stands on its own",
            "write `sections` alone",
        ),
        (
            {"page": "{{ ¦preheader }}"},
            "TPL002 there is nothing called `preheader`; did you mean `issue.preheader`?",
            "write `issue.preheader`",
        ),
        (
            {"page": "{% for entry in rows %}{{ entry.¦summary }}{% endfor %}"},
            "TPL002 `entry` has no `summary` for the entry 2024-07-25-hub; did you mean `text`?",
            "write `text`",
        ),
    ],
)
def test_a_name_of_other_tools_leads_to_ours(templates: dict[str, str], expected: str, fix: str) -> None:
    """Who brings a template along writes slots, the issue's words and the fields of a file by their bare names."""
    row = SimpleNamespace(id="2024-07-25-hub", fields=ENTRY, text="A hub")
    assert message(templates, issue=SimpleNamespace(preheader="x"), rows=[row]) == (expected, fix)


@pytest.mark.parametrize(
    ("templates", "expected", "fix"),
    [
        ({"page": "a\n  ¦{% if entry %}b"}, "{% if %} is never closed", "write {% endif %} where it ends"),
        (
            {"page": "{% for x in entries %}b{% ¦endif %}"},
            "{% endif %} does not belong here: {% for %} is open",
            "write {% endfor %} before it",
        ),
        (
            {"page": "{% ¦endif %}"},
            "{% endif %} does not belong here: nothing is open that it could close",
            "delete it",
        ),
        ({"page": "{% ¦inclde 'a' %}"}, "there is no tag `inclde`; did you mean `include`?", "write {% include … %}"),
        ({"page": "{{ entry.title | ¦uper }}"}, "there is no filter `uper`; did you mean `upper`?", "write `upper`"),
        ({"page": "{{ entry is ¦defind }}"}, "there is no test `defind`; did you mean `defined`?", "write `defined`"),
        (
            {"page": "{% block a %}b\n{% if entry %}{{ entry.title | ¦uper }}{% endif %}{% endblock %}"},
            "there is no filter `uper`; did you mean `upper`?",
            "write `upper`",
        ),
        (
            {"page": "x {% include 'part' %}", "part": "\n{% if entry is ¦defind %}{% endif %}"},
            "there is no test `defind`; did you mean `defined`?",
            "write `defined`",
        ),
        ({"page": "{{ entry ¦title }}"}, "title stands where }} belongs", "write }} before it, or delete it"),
        ({"page": "a\n{{ entry ¦? }}"}, "`?` cannot stand here", "delete it, or put it into quotes"),
        ({"page": "{{ ¦'entry }}"}, "a text in quotes is never closed", "write the second quote"),
        ({"page": "a\n b ¦{# never"}, "{# is never closed", "write #} where it ends"),
        ({"page": "a\n ¦{{ entry"}, "{{ is never closed", "write }} where it ends"),
        ({"page": "a\n ¦{% if entry %"}, "{% is never closed", "write %} where it ends"),
        ({"page": "<b>{{ entry.title ¦}</b>"}, "`}` stands where `}}` belongs", "write }}"),
        ({"page": "{% if entry ¦}<b></b>{% endif %}"}, "`}` stands where `%}` belongs", "write %}"),
        (
            {"page": "{% if entry.id ¦= 'hub' %}{% endif %}"},
            "= gives a name its value, and compares nothing",
            "write == there",
        ),
        ({"page": "{% if a %}{% else ¦if b %}{% endif %}"}, "there is no tag `else if`", "write {% elif … %}"),
        (
            {"page": "{% if a %}{% ¦elseif b %}{% endif %}"},
            "there is no tag `elseif`; did you mean `elif`?",
            "write {% elif … %}",
        ),
        ({"page": "{{ ')' ~ ¦) }}"}, "`)` closes nothing", "delete it"),
        ({"page": "{{ (')' ¦] }}"}, "`]` stands where `)` belongs", "write `)` before it"),
        (
            {"page": "{% block a %}{% endblock %}{% ¦block a %}{% endblock %}"},
            "block 'a' defined twice",
            "rename one of the two",
        ),
        ({"page": "x{% include 'part' %}", "part": "a\r\nb ¦{{ 1 "}, "{{ is never closed", "write }} where it ends"),
    ],
)
def test_grammar(templates: dict[str, str], expected: str, fix: str) -> None:
    """The mistake is pointed at, not the place where Jinja2 noticed it."""
    assert message(templates) == (f"TPL001 {expected}", fix)


@pytest.mark.parametrize(
    ("templates", "expected"),
    [
        (
            {"page": "a\n{% include ¦'parts/footr' %}", "parts/footer": ""},
            "there is no template parts/footr; did you mean parts/footer?",
        ),
        ({"page": "{% extends ¦'nothing' %}"}, "there is no template nothing"),
        ({"page": "{% include ['one', ¦'two'] %}"}, "there is no template one and no template two"),
    ],
)
def test_a_template_that_is_not_there(templates: dict[str, str], expected: str) -> None:
    """The name in the template that asks for it is pointed at."""
    fix = "correct the name, or write the file in the workspace's folder templates/"
    assert message(templates) == (f"TPL004 {expected}", fix)


def test_the_template_that_is_asked_for_first() -> None:
    """Nobody's line asks for it."""
    known = environment({"themes/monthly": ""})
    (finding,) = explain(TemplateNotFound("themes/montly"), known, "themes/montly", {})
    assert (finding.message, finding.place) == (
        "there is no template themes/montly; did you mean themes/monthly?",
        Place(),
    )


@pytest.mark.parametrize(
    "templates",
    [
        {"page": "{{ entry.¦__class__ }}"},
        {"page": "{{ entries.¦append(1) }}"},
    ],
)
def test_what_templates_may_not_do(templates: dict[str, str]) -> None:
    """What the sandbox keeps from them is pointed at."""
    finding = told(templates)
    assert finding.code == "TPL003"
    assert finding.message.startswith("templates may not use `")


def test_what_cannot_be_worked_out() -> None:
    """The expression is shown, with what Python says of it."""
    assert message({"page": "a\n\n ¦{{ counts.projects + 'x' }}"}) == (
        "TPL005 {{ counts.projects + 'x' }} cannot be worked out: unsupported operand type(s) for +: 'int' and 'str'",
        "correct it, or look at the value that it is given",
    )


def test_a_field_of_a_teams_own_type_leads_to_where_it_is() -> None:
    """Templates see an entry as readers do; what its type adds stands below `fields`."""
    call = make.call()
    row = SimpleNamespace(id="2024-07-25-hub", fields=call, title="A hub")
    assert message({"page": "{{ row.¦embargo }}"}, row=row) == (
        "TPL002 `row` has no `embargo`; did you mean `fields.embargo`?",
        "write `fields.embargo`",
    )


def test_a_loop_over_nothing() -> None:
    """Where an entry has no picture, for one: the value is pointed at, with the ways around it."""
    assert message({"page": "a\n {% for x in ¦row.credits if x %}{% endfor %}"}, row={"credits": None}) == (
        "TPL005 `row.credits` is nothing here, so that there is nothing to go through",
        "write row.credits or [] there, or {% if row.credits %} around the loop",
    )


def test_a_call_that_lacks_a_value() -> None:
    """No name of our code is told."""

    def picture(image: str, width: int) -> str:
        return f"{image} {width}"

    assert message({"page": "a\n\n ¦{{ picture(1) }}"}, picture=picture) == (
        "TPL005 {{ picture(1) }} lacks `width` between the brackets",
        "add it, as `newsletter docs templates` shows it",
    )
    assert message({"page": "¦{{ picture(1, 2, 3) }}"}, picture=picture) == (
        "TPL005 {{ picture(1, 2, 3) }} cannot be worked out: it takes 2 positional arguments but 3 were given",
        "correct it, or look at the value that it is given",
    )


def test_a_template_that_contains_itself() -> None:
    """The include that closes the circle is pointed at."""
    assert message({"page": "x ¦{% include 'part' %}", "part": "{% include 'page' %}"}) == (
        "TPL006 page comes back to this line without end",
        "take the include or call away",
    )


def test_a_large_template_that_contains_itself(capfd: pytest.CaptureFixture[str]) -> None:
    """It is no text that is too large, which it would be long before it had no end; and nothing is told beside it."""
    large = "x" * 8_000
    found = message({"page": f"{large} {{% include 'part' %}}", "part": f"{large} ¦{{% include 'part' %}}"})
    gc.collect()
    assert found == ("TPL006 part comes back to this line without end", "take the include or call away")
    assert capfd.readouterr().err == ""


def test_our_own_errors_keep_their_words_and_get_a_place() -> None:
    """Such as that of a slot which does not exist."""

    def slot(_: str) -> str:
        raise RenderingError("there is no slot 'nme'", why="did you mean {first_name}?", fix="correct the slot's name")

    assert told({"page": "a ¦{{ slot('nme') }}"}, slot=slot) == Finding(
        "TPL005",
        Severity.ERROR,
        "there is no slot 'nme'",
        Place("templates/page", 1, 3),
        why="did you mean {first_name}?",
        fix="correct the slot's name",
    )


def test_an_error_that_does_not_come_again() -> None:
    """What cannot be repeated is told without line."""
    (finding,) = explain(ValueError("odd"), environment({"page": "a"}), "page", {}, lambda name: f"templates/{name}")
    assert (finding.message, finding.place) == ("page cannot be used: odd", Place("templates/page"))


def test_each_rule_has_a_code_of_its_own() -> None:
    """All of them stop a build."""
    assert [rule.code for rule in RULES] == [f"TPL{number:03}" for number in range(1, 7)]
    assert {rule.severity for rule in RULES} == {Severity.ERROR}
