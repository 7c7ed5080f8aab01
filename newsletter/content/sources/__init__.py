"""Where entries come from besides files: what web sites publish, by their feeds or page by page.

`look` and `page` say what there is to take; `drafts` says which files that becomes. What a web site says is a
stranger's word: it becomes plain text in a draft, and a person reads it before it goes out.
"""

from typing import TYPE_CHECKING

from newsletter import lazy

if TYPE_CHECKING:
    from newsletter.content.sources.drafting import Draft, drafts
    from newsletter.content.sources.looking import Looked, fresh, leading, look, offered, page, section
    from newsletter.content.sources.picturing import pictures
else:
    __getattr__ = lazy.names(__name__)

__all__ = ["Draft", "Looked", "drafts", "fresh", "leading", "look", "offered", "page", "pictures", "section"]
