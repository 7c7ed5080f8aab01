"""Changes at their very places: what keeps a file safe from those that would do more."""

from __future__ import annotations

import pytest

from newsletter.content import patch
from newsletter.errors import ContentError


@pytest.mark.parametrize(
    "after",
    [
        "title: A\nsubject: new\nlists: [weekly]\n",
        "title: A\nsubject: new\n",
        "title: A\nsubject: new\nlists: [monthly]\nnumber: 7\n",
        "title: A\nsubject: new: er\nlists: [monthly]\n",
        "title: A\nsubject: new\nsubject: newer\nlists: [monthly]\n",
        "",
    ],
    ids=["another value", "one less", "one more", "unreadable", "twice", "nothing"],
)
def test_a_change_that_does_more_than_it_should_is_refused(after: str) -> None:
    """Whatever has gone wrong, the file stays as it was, and people are told to change it as text."""
    before = "title: A\nsubject: old\nlists: [monthly]\n"
    with pytest.raises(ContentError, match=r"^issue\.yaml is not changed") as caught:
        patch.check_others(before, after, {"subject"}, "issue.yaml")
    assert caught.value.fix == "change it as text, in an editor"
    patch.check_others(before, before.replace("old", "new"), {"subject"}, "issue.yaml")
