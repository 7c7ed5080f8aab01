from __future__ import annotations

import re

from tests.web.composer.studio import PLAN, WELLS, Studio
from tests.web.composer.test_entries import form

WORDS = "/issues/2024-07/words"
FILE = "issues/entries/news/wells.md"


def test_a_colleagues_word_waits_for_a_decision(studio: Studio) -> None:
    """Words are saved while somebody types; the letters after a refusal must not slip through."""
    studio.write("issues/2024-07/issue.yaml", PLAN.replace("What July brought", "Theirs"))
    typed = {"field": "subject", "value": "Mine", "was": "What July brought"}
    page = studio.press(WORDS, **typed).text
    kept = re.search(r'id="word-subject".*?<textarea name="was"[^>]*>\n([^<]*)', page, re.DOTALL)
    assert kept is not None
    assert kept[1] == "What July brought"
    assert studio.press(WORDS, **typed | {"value": "Mine, longer"}).status_code == 409
    assert "subject: Theirs\n" in studio.plan


def test_keeping_mine_writes_over_what_was_seen_alone(studio: Studio) -> None:
    """A third person's word in between is asked about again."""
    studio.write("issues/2024-07/issue.yaml", PLAN.replace("What July brought", "Third"))
    typed = {"field": "subject", "value": "Mine", "was": "What July brought"}
    assert studio.press(WORDS, **typed, mine="Theirs").status_code == 409
    assert studio.press(WORDS, **typed, mine="Third").status_code == 303
    assert "subject: Mine\n" in studio.plan


def test_a_colleague_who_emptied_a_word_is_told_of_too(studio: Studio) -> None:
    """Nothing is a word as well."""
    studio.write("issues/2024-07/issue.yaml", PLAN.replace("preheader: Wells, a study and a call", "preheader:"))
    answer = studio.press(WORDS, field="preheader", value="Mine", was="Wells, a study and a call")
    assert (answer.status_code, "There it is empty now." in answer.text) == (409, True)
    assert studio.press(WORDS, field="preheader", value="Mine", was="Wells, a study and a call", mine="").is_redirect


def test_saving_once_more_writes_only_what_was_typed(studio: Studio) -> None:
    """A field that only the colleague has changed keeps their words."""
    fields = form(studio.show("/entries/wells"))
    theirs = WELLS.replace("Border communities", "Their villages").replace("Twelve", "Ten")
    studio.write(FILE, theirs)
    answer = studio.press("/entries/wells", **fields | {"f.title": "My title"})
    assert (answer.status_code, studio.read(FILE)) == (409, theirs)
    assert studio.press("/entries/wells", **form(answer.text)).status_code == 303
    assert "title: My title\n" in studio.read(FILE)
    assert "Ten villages" in studio.read(FILE)


def test_days_that_a_colleague_has_changed_are_not_written_over(studio: Studio) -> None:
    """The page says what stands there now, and what was wanted."""
    was = "2024-07-01 – 2024-07-31"
    assert f'name="was" value="{was}"' in studio.show("/issues/2024-07?panel=words")
    theirs = PLAN.replace("period: 2024-07", "period: {from: 2024-06-28, to: 2024-07-26}")
    studio.write("issues/2024-07/issue.yaml", theirs)
    answer = studio.press(WORDS, field="period", first="2024-07-02", last="2024-07-31", was=was)
    assert (answer.status_code, studio.plan) == (409, theirs)
    assert "There it says: <q>2024-06-28 – 2024-07-26</q>. You wanted: <q>2024-07-02 – 2024-07-31</q>" in answer.text


def test_days_and_lists_as_they_are_change_no_byte(studio: Studio) -> None:
    """`2024-07` stays `2024-07`."""
    studio.press(WORDS, field="period", first="2024-07-01", last="2024-07-31", was="2024-07-01 – 2024-07-31")
    studio.press(WORDS, field="lists", was="monthly", **{"list.monthly": "1"})
    assert studio.plan == PLAN


def test_a_list_that_the_settings_do_not_name_stays(studio: Studio) -> None:
    """It may be a slip that somebody wants to mend; dropping it is a decision."""
    studio.write("issues/2024-07/issue.yaml", PLAN.replace("[monthly]", "[partners, monthly]"))
    assert "partners, which the settings do not name" in studio.show("/issues/2024-07?panel=words")
    chosen = {"list.partners": "1", "list.monthly": "1"}
    studio.press(WORDS, field="lists", was="partners, monthly", **chosen)
    assert "lists: [partners, monthly]\n" in studio.plan
    studio.press(WORDS, field="lists", was="partners, monthly", **{"list.monthly": "1"})
    assert "lists: [monthly]\n" in studio.plan
    studio.press(WORDS, field="lists", was="partners, monthly", **chosen)
    assert "lists: [monthly]\n" in studio.plan
