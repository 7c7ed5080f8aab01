"""The order of the stages: what they make of one another, for the command line, the studio and the readers' service."""

from typing import TYPE_CHECKING

from newsletter import lazy

if TYPE_CHECKING:
    from newsletter.pipeline.approving import approve, refuse_faulty, standing
    from newsletter.pipeline.building import (
        Build,
        build,
        glance,
        keep_hosted,
        ledger_facts,
        outline,
        render,
        see,
        sent,
        unchecked,
    )
    from newsletter.pipeline.choosing import choose, choose_each, choose_several, choose_usable, newest, read
    from newsletter.pipeline.correcting import (
        Change,
        Prepared,
        correct,
        prepare,
        refuse_early,
        refuse_hidden,
        refuse_waiting,
        with_note,
    )
    from newsletter.pipeline.dispatching import (
        Prospect,
        begin,
        for_choices,
        foresee,
        in_words,
        provider_name,
        provider_names,
        refuse_embargoed,
        undelivered,
    )
    from newsletter.pipeline.erasing import erase
    from newsletter.pipeline.findings import as_findings, worst_first
    from newsletter.pipeline.following import Followed, follow_links
    from newsletter.pipeline.touching import touched
else:
    __getattr__ = lazy.names(__name__)

__all__ = [
    "Build",
    "Change",
    "Followed",
    "Prepared",
    "Prospect",
    "approve",
    "as_findings",
    "begin",
    "build",
    "choose",
    "choose_each",
    "choose_several",
    "choose_usable",
    "correct",
    "erase",
    "follow_links",
    "for_choices",
    "foresee",
    "glance",
    "in_words",
    "keep_hosted",
    "ledger_facts",
    "newest",
    "outline",
    "prepare",
    "provider_name",
    "provider_names",
    "read",
    "refuse_early",
    "refuse_embargoed",
    "refuse_faulty",
    "refuse_hidden",
    "refuse_waiting",
    "render",
    "see",
    "sent",
    "standing",
    "touched",
    "unchecked",
    "undelivered",
    "with_note",
    "worst_first",
]
