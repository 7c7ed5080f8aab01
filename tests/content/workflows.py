"""The workflows that `init --ci` writes, read as CI reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from newsletter.content import ci


def files(kind: str, workspace: str = "", requirement: str = ".[preview]") -> dict[str, str]:
    """Return the files as text."""
    return {name: content.decode() for name, content in ci.files(kind, workspace, requirement).items()}


def read(text: str) -> Any:
    """Return a workflow as data; its key `on` stays a text, as it is in YAML 1.2."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def scripts(workflow: Mapping[str, Any]) -> Iterator[str]:
    """Yield every shell script of a workflow of either kind."""
    for job in workflow.get("jobs", workflow).values():
        if isinstance(job, dict):
            yield from (step["run"] for step in job.get("steps", ()) if "run" in step)
            yield from (line for key in ("before_script", "script") for line in job.get(key, ()))
