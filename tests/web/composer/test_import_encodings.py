"""A file of readers that is not in UTF-8, in the studio."""

from __future__ import annotations

import re

from newsletter import config, store
from tests.audience.people import people
from tests.web.composer.studio import Studio
from tests.web.composer.test_importing import columns, fields, plan, planned


def test_a_file_that_is_not_in_utf8_asks_which_words_are_right(studio: Studio) -> None:
    """Whoever knows the people in it knows; names of columns are read by that as well."""
    path = planned(studio, "email;prénom\nanna@example.org;Gergő\n".encode("windows-1250"))
    page = studio.show(path)
    assert "people.csv is not written in UTF-8: row 1 has letters in another encoding." in page
    assert "Say below which words are right." in page
    assert re.findall(r'name="encoding" value="([^"]+)" required> <span>([^<]+) <', page)[:3] == [
        ("windows-1252", "Gergõ, prénom"),
        ("windows-1250", "Gergő, prénom"),
        ("windows-1258", "Gergơ, prénom"),
    ]
    assert ("--encoding" in page, 'value="import"' in page) == (False, False)
    studio.press(path, digest="", encoding="windows-1520")
    assert studio.told(path).startswith("'windows-1520' is no encoding that is known here.")
    studio.press(path, digest="", encoding="windows-1250")
    page = studio.show(path)
    assert (columns(page), plan(page)) == ({"email": "address", "prénom": "first_name"}, {"Added": "1"})
    studio.press(path, do="import", **fields(page))
    with store.open_database(config.load(studio.root)) as database:
        assert people(database) == [("anna@example.org", "Gergő", "")]
