"""Who gets the newsletter: addresses, lists, consent and suppression; import and export; signups and preferences."""

from newsletter.audience.address import Address, read_address
from newsletter.audience.consent import subscribe, suppress, unsubscribe, unsubscribe_by_id
from newsletter.audience.correspondence import letter_dropped, letter_postponed, letter_sent, next_letter
from newsletter.audience.exporting import export_list
from newsletter.audience.importing import import_file
from newsletter.audience.lists import ListCount, count_lists
from newsletter.audience.preferences import Changes, Preferences, change_preferences, preferences
from newsletter.audience.record import show
from newsletter.audience.report import ImportReport, Problem, RowProblem
from newsletter.audience.signup import (
    Choice,
    Signup,
    SignupKind,
    ask,
    ask_for,
    confirm,
    decline,
    find_signup,
    forget_signups,
)

__all__ = [
    "Address",
    "Changes",
    "Choice",
    "ImportReport",
    "ListCount",
    "Preferences",
    "Problem",
    "RowProblem",
    "Signup",
    "SignupKind",
    "ask",
    "ask_for",
    "change_preferences",
    "confirm",
    "count_lists",
    "decline",
    "export_list",
    "find_signup",
    "forget_signups",
    "import_file",
    "letter_dropped",
    "letter_postponed",
    "letter_sent",
    "next_letter",
    "preferences",
    "read_address",
    "show",
    "subscribe",
    "suppress",
    "unsubscribe",
    "unsubscribe_by_id",
]
