"""What happens to messages after they left: providers' webhooks and bounces become events, and events a report.

`record` keeps calls and draws their consequences, `report` counts what is known of an issue.
"""

from typing import TYPE_CHECKING

from newsletter import lazy

if TYPE_CHECKING:
    from newsletter.tracking.popularity import Kind, Popular, by_entry, by_type
    from newsletter.tracking.recorder import Busy, Recorder
    from newsletter.tracking.recording import Answer, Received, count_leaving, record, record_events
    from newsletter.tracking.reporting import ARRIVALS, Report, report
    from newsletter.tracking.webhooks.configuration import Endpoint, endpoints
else:
    __getattr__ = lazy.names(__name__)

__all__ = [
    "ARRIVALS",
    "Answer",
    "Busy",
    "Endpoint",
    "Kind",
    "Popular",
    "Received",
    "Recorder",
    "Report",
    "by_entry",
    "by_type",
    "count_leaving",
    "endpoints",
    "record",
    "record_events",
    "report",
]
