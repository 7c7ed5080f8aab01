"""The official MJML beside ours: one Node.js process that stays and compiles what it is given."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conformance.official import VERSION, Absent, folder

__all__ = ["VERSION", "Absent", "official_mjml"]


@contextmanager
def official_mjml() -> Iterator[Callable[[str], float]]:
    """Give a function that compiles a document and returns the seconds that it took, without the way to Node.js.

    Raises Absent where Node.js or the registry is not there.
    """
    installed = folder() / "node_modules"
    node = shutil.which("node")
    if not node:
        raise Absent("node is not installed")
    process = subprocess.Popen(
        [node, str(Path(__file__).with_suffix(".js"))],
        env=os.environ | {"NODE_PATH": str(installed)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    to, back = process.stdin, process.stdout
    assert to is not None  # for the type checker
    assert back is not None  # for the type checker

    def compile_officially(source: str) -> float:
        to.write(json.dumps(source) + "\n")
        to.flush()
        answer = json.loads(back.readline())
        if not answer["length"]:
            raise RuntimeError("the official MJML made nothing of the document")
        return float(answer["milliseconds"]) / 1000

    try:
        yield compile_officially
    finally:
        to.close()
        process.wait(timeout=10)
