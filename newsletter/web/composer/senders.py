"""The processes that send: of their own, so that closing the studio, or its terminal, stops nothing."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from typing import Any

from newsletter.config import Workspace
from newsletter.model.wording import sentence

if sys.platform == "win32":
    _ON_ITS_OWN: dict[str, Any] = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    # Neither Ctrl-C nor the end of the terminal reaches it.
    _ON_ITS_OWN: dict[str, Any] = {"start_new_session": True}


class Senders:
    """What this studio has started, by issue; it goes on without it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: dict[str, _Sender] = {}

    def start(self, workspace: Workspace, verb: str, issue: str) -> None:
        """Let `newsletter VERB ISSUE` run, once what was started for the issue before has come to its end."""
        # By itself Python would first look for modules in the folder that it is started in.
        command = [sys.executable, "-P", "-m", "newsletter", "-C", str(workspace.root), verb, issue]
        with self._lock:
            self._started[issue] = _Sender(command, self._started.get(issue))
            self._started[issue].start()

    def runs(self, issue: str) -> bool:
        """Whether what was started here for an issue still runs, or is about to."""
        with self._lock:
            return issue in self._started and self._started[issue].is_alive()

    def complaint(self, issue: str) -> str:
        """Return what stood in the way of the last process for an issue, once it has ended; often nothing."""
        with self._lock:
            return self._started[issue].complaint if issue in self._started else ""


class _Sender(threading.Thread):
    """Who waits for one process; a studio that is closed meanwhile takes the one who waits, not the process."""

    def __init__(self, command: list[str], before: _Sender | None) -> None:
        super().__init__(daemon=True)
        self._command, self._before = command, before
        self.complaint = ""

    def run(self) -> None:
        # One that was paused still brings its calls to their end, and no other may send before.
        if self._before:
            self._before.join()
            self._before = None
        # Without a name on the disk: it may tell the addresses of people whom a provider has rejected.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(  # noqa: S603  no shell, and an issue's name is one of a mailing
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                check=False,
                **_ON_ITS_OWN,
            )
            said.seek(0)
            if done.returncode:
                self.complaint = _told(said.read().decode("utf-8", "replace")) or (
                    f"Its command ended with the code {done.returncode}."
                )


def _told(said: str) -> str:
    """Return the error with which a command ended, in sentences."""
    _, found, error = said.rpartition("error:")
    lines = [line.strip().removeprefix("why: ").removeprefix("fix: ") for line in error.splitlines()]
    return " ".join(sentence(line) for line in lines if line) if found else ""
