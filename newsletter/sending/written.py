"""Messages that lie on this machine as files: those of the outbox, with letters and proofs, and samples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from newsletter.errors import StorageError


def beside_the_ledger(state: Path) -> Iterator[Path]:
    """Yield letters, proofs and samples: no ledger knows whose they are."""
    outbox = state / "outbox"
    for files in (outbox.glob("letter-*/*.eml"), outbox.glob("*-proof/*.eml"), _samples(state)):
        yield from files


def before(state: Path, moment: datetime) -> tuple[Path, ...]:
    """Return the messages that were written before a moment, with what a process that was killed has left of one."""
    outbox = state / "outbox"
    return tuple(
        file
        for files in (outbox.glob("*/*.eml"), outbox.glob("*/.*.eml.part"), _samples(state))
        for file in files
        if file.is_file() and file.stat().st_mtime < moment.timestamp()
    )


def remove(files: tuple[Path, ...]) -> None:
    """Remove some of them; raise StorageError where the system does not let us."""
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"{file} cannot be removed: {error.strerror}",
                why="it is a message, with a reader's name and address, and is kept no longer",
                fix="give yourself the right to remove it, or close what has it open; then tidy again",
            ) from error


def _samples(state: Path) -> Iterator[Path]:
    # As `send --dry-run --sample` writes them.
    return (state / "samples").glob("*/*.eml")
