"""Who gets the newsletter: addresses, lists, consent and suppression; import and export."""

from newsletter.audience.address import Address, read_address
from newsletter.audience.columns import Columns
from newsletter.audience.consent import subscribe, suppress, unsubscribe, unsubscribe_by_id, unsuppress
from newsletter.audience.erasing import Erased, erase
from newsletter.audience.exporting import export_list
from newsletter.audience.importing import import_file
from newsletter.audience.lists import ListCount, Member, count_list, count_lists, page
from newsletter.audience.record import show
from newsletter.audience.report import ImportReport, Problem, RowProblem
from newsletter.audience.resting import resting
from newsletter.audience.retention import Tidied, tidy
from newsletter.audience.rows import Evidence
from newsletter.audience.segments import condition, read_segment, recipients

__all__ = [
    "Address",
    "Columns",
    "Erased",
    "Evidence",
    "ImportReport",
    "ListCount",
    "Member",
    "Problem",
    "RowProblem",
    "Tidied",
    "condition",
    "count_list",
    "count_lists",
    "erase",
    "export_list",
    "import_file",
    "page",
    "read_address",
    "read_segment",
    "recipients",
    "resting",
    "show",
    "subscribe",
    "suppress",
    "tidy",
    "unsubscribe",
    "unsubscribe_by_id",
    "unsuppress",
]
