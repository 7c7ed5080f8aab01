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


def test_a_file_that_another_program_has_open_is_no_matter_of_rights() -> None:
    """Windows says so of a table that is open in Excel."""
    error = PermissionError(errno.EACCES, "The process cannot access the file", "C:\\Anna\\report.csv")
    setattr(error, "winerror", 32)  # noqa: B010  on other systems nothing knows of it
    assert (told(error).why, told(error).fix) == ("another program has it open", "close it there, then try again")
