"""Postmark's bulk calls: what their answers mean, as https://postmarkapp.com/developer/api/bulk-email has them."""

from __future__ import annotations

from typing import Any

import pytest

from newsletter.sending.providers.contract import Accepted, Rejected, Unsure, Verdict, WireResponse
from tests.sending.calls import answer
from tests.sending.test_postmark import BATCH, BULK, SINGLE, error


def test_a_bulk_job_is_taken_whole() -> None:
    """What becomes of each message is told by events."""
    response = answer(200, {"ID": "f24af63c", "Status": "Accepted", "SubmittedAt": "2024-03-17T07:25:01Z"})
    assert BULK.decode(BATCH, response) == Verdict((Accepted("tokenOne", "f24af63c"), Accepted("tokenTwo", "f24af63c")))


@pytest.mark.parametrize("name", ["ID", "Id"])
def test_a_bulk_job_is_known_by_either_name_of_its_id(name: str) -> None:
    """Postmark's documents have written both: https://postmarkapp.com/developer/api/bulk-email."""
    told = {
        name: "f24af63c",
        "Status": "Processing",
        "SubmittedAt": "2024-03-17T07:25:01Z",
        "TotalMessages": 2,
        "PercentageCompleted": 0.0,
        "ReleasedCount": 0,
        "FailedCount": 0,
    }
    assert BULK.decode(BATCH, answer(200, told)).outcomes == (
        Accepted("tokenOne", "f24af63c"),
        Accepted("tokenTwo", "f24af63c"),
    )


@pytest.mark.parametrize("status", ["Failed", "Cancelled"])
def test_a_bulk_job_that_failed_at_once_is_not_called_accepted(status: str) -> None:
    """A search tells whether anybody got it."""
    told = {"Id": "f24af63c", "Status": status, "SubmittedAt": "2024-03-17T07:25:01Z"}
    assert BULK.decode(SINGLE, answer(200, told)).outcomes == (
        Unsure("tokenOne", f"Postmark says that the call is {status}"),
    )


def test_a_bulk_call_refused_because_of_one_is_divided() -> None:
    """Until the one is found."""
    assert BULK.decode(BATCH, error(300, "Invalid 'To' address")).divide
    assert BULK.decode(SINGLE, error(300, "Invalid 'To' address")) == Verdict(
        (Rejected("tokenOne", "Invalid 'To' address", certain=True),)
    )


def several_faults(*faults: tuple[str, int, str]) -> WireResponse:
    """Return the refusal of a bulk call with more than one fault: field, number and words of each."""
    errors: dict[str, list[dict[str, Any]]] = {}
    for place, code, text in faults:
        errors.setdefault(place, []).append({"ErrorCode": code, "Message": text})
    message = "Multiple errors occurred. Inspect the Errors property for more information."
    return answer(422, {"ErrorCode": 11, "Message": message, "Errors": errors})


BAD = [("To", 300, f"Invalid 'To' address: '{name}@'.") for name in ("anna", "bea")]


def test_a_bulk_call_refused_because_of_several_is_divided() -> None:
    """Two addresses that are none do not keep everybody else waiting."""
    verdict = BULK.decode(BATCH, several_faults(*BAD))
    assert (verdict.divide, verdict.stop) == (True, None)
    assert BULK.decode(SINGLE, several_faults(*BAD)) == Verdict(
        (Rejected("tokenOne", "Invalid 'To' address: 'anna@'.", certain=True),)
    )


def test_a_fault_that_all_share_is_told_among_several() -> None:
    """Dividing would not help, and its own words say what to mend."""
    verdict = BULK.decode(BATCH, several_faults(*BAD, ("From", 300, "Invalid 'From' address: 'x'.")))
    assert not verdict.divide
    assert str(verdict.stop) == "Postmark refused the message: Invalid 'From' address: 'x'."
