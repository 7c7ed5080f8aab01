"""The pages of `docs/`, which come along: whoever writes a newsletter need not have the program's repository."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from newsletter.errors import NotFound

# In the wheel they lie inside the package, in the repository beside it.
_INSTALLED = Path(__file__).resolve().parent / "docs"
_FOLDER = _INSTALLED if _INSTALLED.is_dir() else _INSTALLED.parents[1] / "docs"
_TITLE = re.compile(r"# (.+)")
_PICTURES = re.compile(
    r"""^<p>\n(?:.*\n)*?</p>\n\n?          # several, as HTML
    |^<img\ src="images/[^\n]*\n\n?         # one
    |^!\[[^\]\n]*\]\([^)\n]*\)\n\n?          # one, as Markdown
    |^<!--\ of\ pictures\ -->\n(?:.+\n)+\n?  # a paragraph about them
    |^\|.*\n\|[-| ]+\n\|\ !\[\](?:.*\n)\n?     # a table of them
    """,
    re.MULTILINE | re.VERBOSE,
)
_HERE = re.compile(r"\[([^\]]+)\]\(#[^)]*\)")
_THERE = re.compile(r"\]\(([a-z-]+)\.md(?:#[^)]*)?\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_PAGES = (
    *("composer", "issues", "entry-types", "sources", "templates", "preview", "approval", "sending", "providers"),
    *("audience", "readers", "tracking", "settings", "operating", "rules", "ci", "security"),
)
"""As a team comes to them; the others in the folder are for whoever works on the program itself."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the manual: its file's name without the ending, its title, and its Markdown without pictures."""

    name: str
    title: str
    text: str

    @property
    def lead(self) -> str:
        """The first sentence below the title, without marks."""
        paragraph = self.text.partition("\n\n")[2].partition("\n\n")[0]
        plain = _LINK.sub(r"\1", " ".join(paragraph.split())).replace("*", "").replace("`", "")
        return re.split(r"(?<=[.!?])\s", plain, maxsplit=1)[0].removesuffix(":")

    @property
    def without_anchors(self) -> str:
        """The text as it is read where nothing can be pressed: links name the pages that they lead to."""
        return _THERE.sub(r"](\1)", _HERE.sub(r"\1", self.text))


@lru_cache(maxsize=1)
def pages() -> Mapping[str, Page]:
    """Return the pages by their names."""
    return {name: _read(_FOLDER / f"{name}.md") for name in _PAGES}


def page(name: str) -> Page:
    """Return a page; raise NotFound with the name that may be meant."""
    from newsletter.model import meant

    bare = name.rpartition("/")[2].removesuffix(".md").lower()
    if bare not in pages():
        better = meant.did_you_mean(bare, pages())
        raise NotFound(
            f"there is no page '{name}'{meant.suggestion(better)}",
            why=f"the pages are {', '.join(pages())}",
            fix=f"newsletter docs {better}" if better else "newsletter docs lists them",
        )
    return pages()[bare]


def _read(path: Path) -> Page:
    text = _PICTURES.sub("", path.read_text(encoding="utf-8"))
    title = _TITLE.match(text)
    return Page(path.stem, title[1] if title else path.stem, text)
