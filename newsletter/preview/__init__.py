"""An issue before it leaves: pictures, a report, and what has changed since an earlier state.

Editions come in, files that people look at go out; nothing here decides, sends or fetches.
"""

from __future__ import annotations

from newsletter.preview.blocks import mark
from newsletter.preview.page import page
from newsletter.preview.states import Base, Preview, Shot, State

__all__ = ["Base", "Preview", "Shot", "State", "mark", "page"]
