"""The processes that send: of their own, so that closing the studio, or its terminal, stops nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from typing import Any

from newsletter.config import Workspace
from newsletter.web.composer.instead import sentence

if sys.platform == "win32":
    _ON_ITS_OWN: dict[str, Any] = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    # Neither Ctrl-C nor the end of the terminal reaches it.
    _ON_ITS_OWN: dict[str, Any] = {"start_new_session": True}


class Senders:
    """What this studio has started, by issue; it goes on without it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: dict[str, list[_Sender]] = {}

    def deliver(self, workspace: Workspace, issue: str) -> None:
        """Let a process send what is left of an issue's mailing, as long as nobody has paused or stopped it.

        It waits by itself until the one before, which still brings its calls to their end, has left the lane.
        """
        self._start(workspace, "deliver", issue)

    def reconcile(self, workspace: Workspace, issue: str) -> None:
        """Let a process ask the provider what became of the unknown."""
        self._start(workspace, "reconcile", issue)

    def runs(self, issue: str) -> bool:
        """Whether what was started here for an issue still runs, or is about to."""
        with self._lock:
            return any(one.is_alive() for one in self._started.get(issue, ()))

    def asks(self, issue: str) -> bool:
        """Whether a process that was started here asks the provider just now."""
        with self._lock:
            return any(one.is_alive() and one.verb == "reconcile" for one in self._started.get(issue, ()))

    def complaint(self, issue: str) -> str:
        """Return what stood in the way of the last process for an issue, once it has ended; often nothing."""
        with self._lock:
            return self._started[issue][-1].complaint if issue in self._started else ""

    def _start(self, workspace: Workspace, verb: str, issue: str) -> None:
        # By itself Python would first look for modules in the folder that it is started in.
        command = [sys.executable, "-P", "-m", "newsletter", "-C", str(workspace.root), verb, "--", issue]
        with self._lock:
            before = [one for one in self._started.get(issue, ()) if one.is_alive()]
            self._started[issue] = [*before, _Sender(verb, command)]
            self._started[issue][-1].start()


class _Sender(threading.Thread):
    """Who waits for one process; a studio that is closed meanwhile takes the one who waits, not the process."""

    def __init__(self, verb: str, command: list[str]) -> None:
        super().__init__(daemon=True)
        self.verb = verb
        self._command = command
        self.complaint = ""

    def run(self) -> None:
        # Without a name on the disk: it may tell the addresses of people whom a provider has rejected.
        with tempfile.TemporaryFile() as said:
            try:
                done = subprocess.run(  # noqa: S603  no shell, and an issue's name is one of a mailing
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    env={**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
                    check=False,
                    **_ON_ITS_OWN,
                )
            except OSError as error:
                self.complaint = f"No process can be started here: {error.strerror or error}."
                return
            said.seek(0)
            if done.returncode:
                self.complaint = _told(said.read().decode("utf-8", "replace")) or (
                    "The process that was at it was ended from outside, or by a fault of newsletter."
                )


def _told(said: str) -> str:
    """Return the error with which a command ended, in sentences."""
    _, found, error = f"\n{said}".rpartition("\nerror: ")
    lines = [line.strip().removeprefix("why: ").removeprefix("fix: ") for line in error.splitlines() if found]
    return " ".join(sentence(line) for line in lines if line and not line.startswith("-->"))
