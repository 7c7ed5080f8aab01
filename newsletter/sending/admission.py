"""Why a mail server lets nobody in: for a reason that stays, or for one that may pass."""

from __future__ import annotations

import asyncio
import re
import ssl

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException

from newsletter.sending.transport import NotSent

_BROKEN_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""What a connection that is lost while it becomes encrypted is called: it may work the next time."""


class Shut(Exception):
    """The server would not let us in, so nothing was sent."""

    def __init__(self, what: str, code: int, text: str) -> None:
        super().__init__(text)
        self.what, self.code, self.text = what, code, text


async def said_in_the_clear(host: str, port: int, within: float) -> Shut | None:
    """Return what a server that does not encrypt says instead, where it may pass.

    Some turn people away before the encryption that they would begin with: too many connections, or too busy.
    """
    try:
        async with asyncio.timeout(within):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                line = (await reader.readline()).decode("utf-8", "replace")
            finally:
                writer.transport.abort()
    except (OSError, TimeoutError, ValueError):
        return None
    return Shut("greeting", int(line[:3]), line[4:].strip()) if re.match(r"4\d\d[ -]", line) else None


def why_shut(error: Exception, host: str, port: int) -> Exception:
    """Return why a connection did not come about: a problem that will stay, or one that may pass."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Shut("certificate", 0, cause.verify_message or str(cause))
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, _BROKEN_OFF):
            return Shut("encryption", 0, cause.reason or str(cause))
        cause = cause.__cause__
    if isinstance(error, SMTPAuthenticationError):
        return Shut("authentication", error.code, error.message)
    if isinstance(error, SMTPResponseException):
        return Shut("greeting", error.code, error.message)
    if type(error) is SMTPException:
        return Shut("starttls" if "STARTTLS" in str(error).partition(".")[0] else "authentication", 0, str(error))
    return NotSent(
        f"{host}:{port} could not be reached",
        why=str(error) or type(error).__name__,
        fix="look whether this machine has a network, and whether base_url names the server and its port",
    )
