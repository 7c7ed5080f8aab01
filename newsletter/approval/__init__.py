"""Approval: somebody answers for an issue by its digest, and any change of what readers get makes that void.

It is a procedure, not cryptography: it keeps a team from sending what nobody has looked at. Who can write into the
repository can write an approval; the history shows who did.
"""

from typing import TYPE_CHECKING

from newsletter import lazy

if TYPE_CHECKING:
    from newsletter.approval.history import has_history, last_authors, user, whoami
    from newsletter.approval.judging import judge
    from newsletter.approval.outlining import outline
    from newsletter.approval.record import files, paths, person, read, read_outline
else:
    __getattr__ = lazy.names(__name__)

__all__ = [
    "files",
    "has_history",
    "judge",
    "last_authors",
    "outline",
    "paths",
    "person",
    "read",
    "read_outline",
    "user",
    "whoami",
]
