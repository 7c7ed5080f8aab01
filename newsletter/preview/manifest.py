"""What a preview was made of and with, for whoever doubts it later."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import Any

from newsletter import __version__
from newsletter.model.finding import Severity
from newsletter.preview.fonts import versions
from newsletter.preview.pictures import Camera
from newsletter.preview.states import Preview


def manifest(preview: Preview, camera: Camera | None, timings: Mapping[str, float], exit_code: int) -> dict[str, Any]:
    """Return the keys that a preview adds to the manifest of a build; timings are in seconds."""
    shown = {font for shot in preview.shots for font in shot.after.fonts}
    base = preview.base
    return {
        "generator": f"newsletter {__version__}",
        "python": platform.python_version(),
        "built": preview.state is not None,
        "exit": exit_code,
        "findings": {str(severity): preview.count(severity) for severity in Severity},
        "base": None
        if base is None
        else {
            "asked": base.name,
            "commit": base.revision.commit if base.revision else None,
            "digest": base.state.digest if base.state else None,
            "new": base.is_new,
            "problem": base.problem.message if base.problem else None,
        },
        "browser": None
        if camera is None
        else {"program": camera.path.rpartition("/")[2], "version": camera.version, "fonts_pinned": camera.pinned},
        "no_browser": preview.no_pictures.message if preview.no_pictures else None,
        "fonts": [{"family": font.family, "name": font.name, "version": font.version} for font in versions(shown)],
        "pictures": [
            {
                "edition": shot.page,
                "mode": shot.mode.key,
                "pixels": list(shot.after.image.size),
                "changed": None if shot.difference is None else round(shot.difference.share, 6),
            }
            for shot in preview.shots
        ],
        "timings": {name: round(seconds, 3) for name, seconds in timings.items()},
    }
