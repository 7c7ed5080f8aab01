"""Entry files and issue files become entries and issues, with every problem of every file."""

from typing import TYPE_CHECKING

from newsletter import lazy

if TYPE_CHECKING:
    from newsletter.content.known import Known
    from newsletter.content.loading import load
else:
    __getattr__ = lazy.names(__name__)

__all__ = ["Known", "load"]
