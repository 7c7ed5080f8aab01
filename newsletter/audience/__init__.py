"""Who gets the newsletter: addresses, lists, consent and suppression; import and export."""

from newsletter.audience.address import Address, read_address
from newsletter.audience.consent import subscribe, suppress, unsubscribe, unsubscribe_by_id
from newsletter.audience.exporting import export_list
from newsletter.audience.importing import import_file
from newsletter.audience.lists import ListCount, count_lists
from newsletter.audience.record import show
from newsletter.audience.report import ImportReport, Problem, RowProblem

__all__ = [
    "Address",
    "ImportReport",
    "ListCount",
    "Problem",
    "RowProblem",
    "count_lists",
    "export_list",
    "import_file",
    "read_address",
    "show",
    "subscribe",
    "suppress",
    "unsubscribe",
    "unsubscribe_by_id",
]
