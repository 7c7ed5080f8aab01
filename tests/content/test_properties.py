from __future__ import annotations

import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsletter.content import document
from newsletter.content.marks import Source
from newsletter.content.scalars import scalar
from newsletter.content.writing import entry_text
from newsletter.errors import ConfigurationError
from newsletter.model.entry import SHIPPED_TYPES, Entry
from tests.content import tree

quick = settings(deadline=None, suppress_health_check=list(HealthCheck))
words = st.text(st.characters(codec="utf-8"), max_size=30)
# Characters that mean something to YAML, often enough to meet one another.
written = st.text(st.sampled_from(list("abc:-#[]{},&*!|>'\"%@`?\n\t ~.0=<\\\u2028é")), max_size=80)
front_matter = written.map(lambda text: f"---\n{text}\n---\n\nBody\n")
anything = st.one_of(st.binary(max_size=200), words, written, front_matter)


@given(anything, st.sampled_from(["entries/news/a.md", "entries/figures.yaml", "entries/a.md", "2024-07/issue.yaml"]))
@quick
@example(b"\xff\xfe", "entries/news/a.md")
@example("---\na: &x [*x]\n---\n", "entries/news/a.md")
def test_any_file_is_an_entry_or_a_finding(text: str | bytes, name: str) -> None:
    """Whatever a file holds, loading returns, and what is not usable is told."""
    with tempfile.TemporaryDirectory() as folder:
        read = tree.load(Path(folder), {name: text})
    used = len(read.entries) + len(read.issues)
    assert used or read.errors
    assert bool(read.unreadable) <= bool(read.errors)
    for finding in read.findings:
        assert finding.message and finding.fix and finding.place.file
        assert str(finding.place).encode()


@given(words, st.sampled_from(SHIPPED_TYPES), st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
@quick
@example("Khartoum Process: a “call” for 'you' # 12", SHIPPED_TYPES[0], dt.date(2024, 7, 26))
@example("true", SHIPPED_TYPES[0], dt.date(2024, 7, 26))
@example('a\u2028b\\n"', SHIPPED_TYPES[0], dt.date(2024, 7, 26))
def test_any_title_comes_back_from_a_new_entry(title: str, model: type[Entry], day: dt.date) -> None:
    """What `new` writes is read back with the same title, and asks at most for its own required fields."""
    try:
        name, text = entry_text(model, title, day)
    except ConfigurationError:
        assert not title.strip() or not title.isprintable()
        return
    with tempfile.TemporaryDirectory() as folder:
        read = tree.load(Path(folder), {f"entries/{name}": text})
    needed = {"call": {"deadline"}, "event": {"start"}, "project": {"countries"}, "figure": {""}}
    type_ = str(model.model_fields["type"].default)
    assert {finding.field for finding in read.findings} == needed.get(type_, set())
    assert (
        document.read(text.split("---\n")[1]).value["label" if type_ == "figure" else "title"].split() == title.split()
    )
    for entry in read.entries:
        assert (entry.title.split(), entry.day, entry.status) == (title.split(), day, "draft")


@given(words)
@quick
@example("NO")
@example("0_")
def test_any_text_can_be_written_as_a_value(text: str) -> None:
    """A value that the program writes means what was meant, and is the same text to PyYAML."""
    line = f"a: {scalar(text)}\n"
    assert document.read(line) == document.Document({"a": text})
    # Without its kinds of value, which are those of YAML 1.1: `yes`, `NO` and `0_` are no texts there.
    assert yaml.load(line, yaml.BaseLoader) == {"a": text}


# YAML takes no control characters and knows no pairs of surrogates; all else of JSON is YAML 1.2.
printable = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Cf"]), max_size=30)
values = st.recursive(
    st.one_of(
        printable,
        st.none(),
        st.booleans(),
        st.integers(-(10**15), 10**15),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(printable, inner, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(printable, values, min_size=1, max_size=4), st.sampled_from([None, 2]))
@quick
def test_json_is_read_as_what_it_says(value: dict[str, Any], indent: int | None) -> None:
    """YAML 1.2 contains JSON, and every value in it knows its place."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    assert document.read(text) == document.Document(value)
    names, places = Source("a", text).positions
    assert set(names) == set(places) == set(_paths(value, ()))


def _paths(value: Any, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for key, item in pairs for inner in _paths(item, (*path, key)))]
