"""Validating the composed MJML, and telling the template line of a fault, beside compiling it.

Run with `python tests/benchmarks/bench_validation.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from newsletter.rendering.mjml import compile_mjml
from newsletter.rendering.provenance import trace
from newsletter.rendering.validation import attributes, validate
from tests.benchmarks.side_by_side import compare
from tests.rendering.composing import environment

ENTRIES = 48
PAGE = """<mjml lang="en" dir="ltr"><mj-head><mj-title>News</mj-title></mj-head><mj-body>
{% for entry in entries %}{% include "card" %}{% endfor %}
</mj-body></mjml>"""
CARD = """<mj-section background-color="#ffffff" padding="24px 0px 8px">
  <mj-column width="40%" padding="0px">
    <mj-image src="https://example.org/{{ entry }}.jpg" alt="Picture {{ entry }}" width="200px" padding="0px 24px" />
  </mj-column>
  <mj-column width="60%" padding="0px">
    <mj-text css-class="gutter" padding="0px 24px" font-size="16px" line-height="26px" color="#1b1b1b">
      <h3 style="margin:0 0 6px"><a href="https://example.org/{{ entry }}" style="color:#111111">{{ entry }}</a></h3>
      <p style="margin:0">A summary of about two hundred characters that says what this entry is about, in plain words,
      and why a reader may want to open it. It has <b>bold</b> and <a href="https://example.org">a link</a>.</p>
    </mj-text>
    <mj-button href="https://example.org/{{ entry }}" background-color="#004b87" inner-padding="12px">Read</mj-button>
  </mj-column>
</mj-section>
"""


def forget() -> None:
    """Forget the tags that were read before."""
    attributes.read_component.cache_clear()
    attributes.read_html.cache_clear()


def main() -> None:
    """Print the medians."""
    known = environment({"page": PAGE, "card": CARD})
    context = {"entries": range(ENTRIES)}
    mjml = known.get_template("page").render(context)
    print(f"{ENTRIES} entries, {len(mjml):,} characters of MJML")
    compare(
        {
            "compile to HTML": lambda: compile_mjml(mjml, name="page"),
            "validate": lambda: validate(mjml),
            "validate for the first time": lambda: (forget(), validate(mjml)),
            "render": lambda: known.get_template("page").render(context),
            "render again with marks, to tell places": lambda: trace(known, "page", context, mjml),
        }
    )


if __name__ == "__main__":
    main()
