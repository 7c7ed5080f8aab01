"""What the system says of files and disks comes with its reason, and with what to do."""

from __future__ import annotations

import errno
import os

import pytest

from newsletter.model.file_failures import told


@pytest.mark.parametrize(
    ("number", "why", "fix"),
    [
        (
            errno.EACCES,
            "newsletter may not read or write there",
            "give yourself the right to it, or choose another place",
        ),
        (errno.ENOSPC, "the disk has no more room", "free some space, then try again"),
        (errno.EROFS, "the disk can only be read", "choose another place"),
        (errno.ETXTBSY, "", "see whether the disk is there, has room, and is yours to use"),
    ],
)
def test_a_file_that_fails_is_told_with_the_reason_of_that_failure(number: int, why: str, fix: str) -> None:
    """A full disk is not a matter of rights."""
    error = told(OSError(number, os.strerror(number), "/home/anna/build"))
    assert error.message == f"/home/anna/build: {os.strerror(number).lower()}"
    assert (error.why, error.fix) == (why, fix)
