"""Who gets the newsletter: addresses, lists, consent and suppression; import and export; signups and preferences."""

from typing import TYPE_CHECKING

from newsletter import lazy

if TYPE_CHECKING:
    from newsletter.audience.adding import Newcomer, add
    from newsletter.audience.address import Address, read_address
    from newsletter.audience.columns import MEANINGS, Columns, read_columns, said_columns, told_as
    from newsletter.audience.consent import suppress, unsubscribe, unsubscribe_by_id, unsuppress
    from newsletter.audience.correspondence import (
        letter_dropped,
        letter_postponed,
        letter_sent,
        letters_waiting,
        next_letter,
    )
    from newsletter.audience.erasing import Erased, erase
    from newsletter.audience.exporting import export_list
    from newsletter.audience.file_encodings import known_encoding
    from newsletter.audience.importing import import_file, remedy
    from newsletter.audience.lists import ListCount, Member, count_list, count_lists, page
    from newsletter.audience.mailboxes import read_mailbox
    from newsletter.audience.preferring import Changes, Preferences, change_preferences, preferences
    from newsletter.audience.record import show
    from newsletter.audience.report import SHOWN, ImportReport, Problem, RowProblem, unknown_topics
    from newsletter.audience.retention import Tidied, tidy
    from newsletter.audience.rows import Evidence, part_topics, read_evidence, write_topics
    from newsletter.audience.segments import check_issues, condition, read_segment, recipients
    from newsletter.audience.signup import (
        Choice,
        Signup,
        SignupKind,
        ask,
        ask_for,
        confirm,
        decline,
        find_open,
        find_signup,
        forget_signups,
    )
    from newsletter.audience.staging import Verdict
    from newsletter.audience.table import read_headers
    from newsletter.audience.wishes import Wishes, prefer
    from newsletter.audience.words import STATES, read_words
else:
    __getattr__ = lazy.names(__name__)

__all__ = [
    "MEANINGS",
    "SHOWN",
    "STATES",
    "Address",
    "Changes",
    "Choice",
    "Columns",
    "Erased",
    "Evidence",
    "ImportReport",
    "ListCount",
    "Member",
    "Newcomer",
    "Preferences",
    "Problem",
    "RowProblem",
    "Signup",
    "SignupKind",
    "Tidied",
    "Verdict",
    "Wishes",
    "add",
    "ask",
    "ask_for",
    "change_preferences",
    "check_issues",
    "condition",
    "confirm",
    "count_list",
    "count_lists",
    "decline",
    "erase",
    "export_list",
    "find_open",
    "find_signup",
    "forget_signups",
    "import_file",
    "known_encoding",
    "letter_dropped",
    "letter_postponed",
    "letter_sent",
    "letters_waiting",
    "next_letter",
    "page",
    "part_topics",
    "prefer",
    "preferences",
    "read_address",
    "read_columns",
    "read_evidence",
    "read_headers",
    "read_mailbox",
    "read_segment",
    "read_words",
    "recipients",
    "remedy",
    "said_columns",
    "show",
    "suppress",
    "tidy",
    "told_as",
    "unknown_topics",
    "unsubscribe",
    "unsubscribe_by_id",
    "unsuppress",
    "write_topics",
]
