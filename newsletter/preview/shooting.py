"""Pictures of an issue in all its modes, each beside the earlier one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from newsletter.preview.modes import DESKTOP, Mode, document, modes_of
from newsletter.preview.page import Page
from newsletter.preview.pictures import Camera, Exposure, Picture
from newsletter.preview.pixels import compare
from newsletter.preview.states import Preview, Shot


def shoot(camera: Camera, previews: Sequence[Preview]) -> tuple[Preview, ...]:
    """Return previews with their pictures, all taken in one go; what looks the same is taken once.

    A theme that is tried on is shown on a desktop alone.
    """
    exposures: dict[Exposure, int] = {}

    def exposed(page: Page, mode: Mode, sender: str) -> int:
        exposure = Exposure(document(page, mode, sender=sender), mode)
        return exposures.setdefault(exposure, len(exposures))

    wanted = [
        (number, page, mode, exposed(page, mode, state.sender), _exposed_before(preview, page.name, mode, exposed))
        for number, preview in enumerate(previews)
        if (state := preview.state)
        for place, page in enumerate(state.pages)
        for mode in ((DESKTOP,) if preview.theme else modes_of(page, first=place == 0))
    ]
    pictures = camera.take(list(exposures))
    with ThreadPoolExecutor() as pool:
        shots = list(
            pool.map(
                lambda one: (
                    one[0],
                    _shot(one[1], one[2], pictures[one[3]], None if one[4] is None else pictures[one[4]]),
                ),
                wanted,
            )
        )
    return tuple(
        replace(preview, shots=tuple(shot for owner, shot in shots if owner == number))
        for number, preview in enumerate(previews)
    )


def _exposed_before(preview: Preview, name: str, mode: Mode, exposed: Callable[[Page, Mode, str], int]) -> int | None:
    before = preview.base.state if preview.base else None
    page = next((page for page in before.pages if page.name == name), None) if before else None
    return exposed(page, mode, before.sender) if before and page else None


def _shot(page: Page, mode: Mode, after: Picture, before: Picture | None) -> Shot:
    difference = compare(before.image, after.image) if before else None
    return Shot(page.name, mode, after, before, difference)
