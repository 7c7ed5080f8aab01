"""Write the golden files of the July 2024 issue anew: python -m tests.golden.regenerate.

Look at the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path

from newsletter import config, pipeline
from newsletter.model.edition import Edition
from newsletter.model.slot import Slotted

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ISSUE = "2024-07"


def edition() -> Edition:
    """Return the English edition of this repository's July 2024 issue."""
    workspace = config.load(ROOT, environment={})
    return pipeline.build(workspace, ISSUE, languages=["en"]).editions[0]


def shown(part: Slotted) -> str:
    """Return a text with its slots as the team would write them."""
    markers = [f"{{{slot.name}|{slot.fallback}}}" if slot.fallback else f"{{{slot.name}}}" for slot in part.slots]
    return "".join(chunk.decode() + marker for chunk, marker in zip(part.chunks, [*markers, ""], strict=True))


def main() -> None:
    """Write HTML with a line for each element, and text as it is."""
    july = edition()
    html = shown(july.html).replace("><", ">\n<")
    text = f"{shown(july.subject)}\n{shown(july.preheader)}\n\n{shown(july.text)}"
    for name, content in (("html", html), ("txt", text)):
        path = HERE / f"{ISSUE}.{name}"
        path.write_bytes(content.encode())
        print(f"wrote {path.relative_to(ROOT)}: {len(content.encode()):,} bytes")


if __name__ == "__main__":
    main()
