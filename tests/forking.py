"""Processes that are ready at once: forked from one that has the whole program in memory.

To import it and to build a first issue takes more than a second of a processor, and tests need dozens of processes. How
the program starts by itself is tested in tests/cli and tests/web.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

import pytest

from newsletter.cli import main

Context = SpawnContext | ForkServerContext
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Forked:
    """A process of its own, and what it says."""

    process: BaseProcess
    output: TextIO
    errors: TextIO

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.send(signal.SIGINT)

    def send(self, asked: signal.Signals) -> None:
        """Send a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, asked)

    def ended(self, seconds: float = 10) -> int:
        """Wait for its end and return its exit code."""
        self.process.join(seconds)
        assert self.process.exitcode is not None, f"it goes on after {seconds} seconds"
        return self.process.exitcode


def command(*arguments: str) -> AbstractContextManager[Forked]:
    """Run a command; what still runs at the end of the block is killed."""
    return forked(_command, *arguments)


def run(*arguments: str) -> str:
    """Run a command that succeeds, and return its output."""
    with command(*arguments) as running:
        output, told = running.output.read(), running.errors.read()
        assert running.ended(60) == 0, told
    return output


@contextmanager
def forked(function: Callable[..., None], *arguments: str) -> Iterator[Forked]:
    """Call a function of a module in a process of its own, which is killed at the end of the block."""
    context = _context()
    with ExitStack() as stack:
        (output, told_output), (errors, told_errors) = _pipe(context, stack), _pipe(context, stack)
        given = (function, arguments, dict(os.environ), told_output, told_errors)
        process = context.Process(target=_call, args=given)
        process.start()
        for theirs in (told_output, told_errors):
            theirs.close()
        try:
            yield Forked(process, output, errors)
        finally:
            process.kill()
            process.join()
            process.close()


@cache
def _context() -> Context:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.warm"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))))
        forkserver.ensure_running()
    return context


def _pipe(context: Context, stack: ExitStack) -> tuple[TextIO, Connection]:
    """Return an end to read from, and the one to hand over."""
    ours, theirs = context.Pipe(duplex=False)
    with ours:
        return stack.enter_context(os.fdopen(os.dup(ours.fileno()), encoding="utf-8")), theirs


def _call(
    function: Callable[..., None],
    arguments: tuple[str, ...],
    environment: Mapping[str, str],
    output: Connection,
    errors: Connection,
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    # A shell that puts the tests into the background lets them ignore Ctrl-C, which these processes inherit.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream, number in ((output, 1), (errors, 2)):
        os.dup2(stream.fileno(), number)
        stream.close()
    # Those of the process that was forked may know of a file that it could move about in, which no pipe can.
    # What goes wrong is told line by line, as in any program.
    sys.stdout, sys.stderr = (
        os.fdopen(number, "w", buffering, encoding="utf-8", closefd=False) for number, buffering in ((1, -1), (2, 1))
    )
    function(*arguments)


def _command(*arguments: str) -> None:
    sys.argv = ["newsletter", *arguments]
    main()
