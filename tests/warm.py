"""Brings the program into memory and builds an issue: imported by the process that others are forked from."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import procrastinate  # noqa: F401
import psycopg  # noqa: F401
import uvicorn

import newsletter.cli.live  # noqa: F401
import tests.forking  # noqa: F401
from newsletter import approval, audience, checks, config, content, lazy, pipeline, rendering, sending, store, tracking
from newsletter.content import sources
from newsletter.sending import ledger
from newsletter.web.composer import application
from newsletter.web.composer.desk import Desk

_ROOT = Path(__file__).parents[1]

lazy.whole(approval, audience, checks, content, ledger, pipeline, rendering, sending, sources, store, tracking)
with TemporaryDirectory(prefix="newsletter-") as _folder:
    shutil.copytree(_ROOT / "issues", Path(_folder, "issues"))
    shutil.copy(_ROOT / "pyproject.toml", _folder)
    _space = config.load(Path(_folder))
    Desk(_space).look("2024-07")
    uvicorn.Config(application(_space, "key")).load()
