"""What to type, in the words of the shell that people have open."""

from __future__ import annotations

import os
import shlex
import subprocess


def variable(name: str, system: str = os.name) -> str:
    """Return the command that gives an environment variable its value, for PowerShell where the system is Windows."""
    return f'$env:{name} = "…"' if system == "nt" else f"export {name}=…"


def word(text: str, system: str = os.name) -> str:
    """Return a text as one word of a command; of quotes cmd knows the double ones alone."""
    return subprocess.list2cmdline([text]) if system == "nt" else shlex.quote(text)
