"""Being told to stop: a service manager and a terminal that closes ask for what Ctrl-C asks for."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from functools import partial
from types import FrameType


def listen() -> None:
    """Let a command that is asked to end take away what it has begun: half a file, a browser, people's addresses.

    Whoever has these signals ignored, as nohup does, keeps it so.
    """
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        # Once it is gone, nobody can tell any more that it was a terminal.
        signal.signal(signal.SIGHUP, partial(_hung_up, [stream for stream in (1, 2) if os.isatty(stream)]))


def _hung_up(terminals: Sequence[int], number: int, frame: FrameType | None) -> None:
    """Do what SIGTERM would do now, without a word to terminals that are gone."""
    # The system and the shell both tell it when a terminal closes: the second would break off the end in peace.
    signal.signal(number, signal.SIG_IGN)
    for stream in terminals:
        # To write into it fails, which would break it off as well.
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream)
        os.close(nothing)
    asked = signal.getsignal(signal.SIGTERM)
    if callable(asked):
        asked(signal.SIGTERM, frame)
    elif asked is signal.SIG_DFL:
        raise KeyboardInterrupt
