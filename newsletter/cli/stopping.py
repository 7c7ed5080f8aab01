"""Being told to stop: a service manager and a terminal that closes ask for what Ctrl-C asks for."""

from __future__ import annotations

import signal
from types import FrameType


def listen() -> None:
    """Let a command that is asked to end take away what it has begun: half a file, a browser, people's addresses.

    Whoever has these signals ignored, as nohup does, keeps it so.
    """
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _hung_up)


def _hung_up(number: int, frame: FrameType | None) -> None:
    """Do what SIGTERM would do now."""
    # The system and the shell both tell it when a terminal closes: the second would break off the end in peace.
    signal.signal(number, signal.SIG_IGN)
    asked = signal.getsignal(signal.SIGTERM)
    if callable(asked):
        asked(signal.SIGTERM, frame)
    elif asked is signal.SIG_DFL:
        raise KeyboardInterrupt
