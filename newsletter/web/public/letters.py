"""Letters leave in a thread of their own, so that no answer takes longer because there is somebody to write to."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Event, Thread

from newsletter import audience
from newsletter.audience import Signup, SignupKind
from newsletter.errors import NewsletterError
from newsletter.model.moment import Moment
from newsletter.rendering.letters import Letter, LetterKind, render_letter
from newsletter.sending.envelope import Envelope
from newsletter.sending.letters import send_letter
from newsletter.sending.providers.contract import NotTaken, Rejected
from newsletter.store import Subject, token
from newsletter.web.public.limits import forget_limits
from newsletter.web.public.pages import titles
from newsletter.web.public.service import CHANGE_WITHIN, CONFIRM_WITHIN, Service

_LOG = logging.getLogger("newsletter.readers")
_LOOK_AGAIN = 15.0
"""Seconds: what another process asked for is found then."""
_TIDY_EVERY = timedelta(hours=1)


class Letters:
    """Writes the letters that are due."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._due = Event()
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="letters", daemon=True)
        self._tidied = service.clock() - _TIDY_EVERY

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the letter at hand and end."""
        self._stopped.set()
        self._due.set()
        self._thread.join(timeout=30)

    def wake(self) -> None:
        """Say that a letter is due."""
        self._due.set()

    def write_all(self) -> None:
        """Write every letter that is due."""
        while not self._stopped.is_set():
            signup = audience.next_letter(self._service.database, now=self._service.clock())
            if signup is None:
                return
            self._pause(self._write(signup))

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._due.clear()
            try:
                self.write_all()
                self._tidy()
            # What is wrong with one letter, or with the database for a moment, must not end the others.
            except Exception as error:  # noqa: BLE001
                _LOG.error("letters", extra={"data": {"problem": type(error).__name__}})
            self._due.wait(_LOOK_AGAIN)

    def _write(self, signup: Signup) -> float:
        """Write one letter; return how many seconds the provider asks to wait before the next."""
        service = self._service
        kind = _kind(signup)
        try:
            edition = render_letter(self._letter(signup, kind), service.workspace)
        except NewsletterError as error:
            audience.letter_postponed(service.database, signup, now=service.clock())
            _LOG.error("letter", extra={"data": {"kind": kind, "outcome": "not rendered", "why": error.message}})
            return 0.0
        now = service.clock()
        name = token(Subject.SIGNUP, int(kind is LetterKind.CONFIRM), signup.id, service.keys().newest)
        outcome, pause = send_letter(
            service.provider, edition, _envelope(service, signup), name, signup.address, now=now
        )
        if isinstance(outcome, Rejected):
            audience.letter_dropped(service.database, signup)
        elif isinstance(outcome, NotTaken):
            audience.letter_postponed(service.database, signup, now=now)
        else:
            audience.letter_sent(service.database, signup)
        # Reasons are left out: providers repeat addresses in them.
        said = {"kind": kind, "outcome": type(outcome).__name__.lower()}
        _LOG.log(
            logging.WARNING if isinstance(outcome, Rejected | NotTaken) else logging.INFO,
            "letter",
            extra={"data": said},
        )
        return pause

    def _letter(self, signup: Signup, kind: LetterKind) -> Letter:
        service = self._service
        settings, now = service.workspace.settings, service.clock()
        if kind is LetterKind.CONFIRM:
            until = now + CONFIRM_WITHIN
            link = service.link("/confirm", Subject.CONFIRMATION, int(until.timestamp()), signup.id)
        else:
            until = now + CHANGE_WITHIN
            link = service.link("/preferences", Subject.PREFERENCES, int(until.timestamp()), signup.subscriber_id)
        shown = Moment(until.astimezone(settings.zone))
        return Letter(kind, signup.language, link, shown, titles(service, signup.choice.lists, signup.language))

    def _pause(self, seconds: float) -> None:
        if seconds:
            self._stopped.wait(min(seconds, 60.0))

    def _tidy(self) -> None:
        now = self._service.clock()
        if now - self._tidied >= _TIDY_EVERY:
            self._tidied = now
            audience.forget_signups(self._service.database, now=now)
            with self._service.database.writing() as connection:
                forget_limits(connection, now)


def _kind(signup: Signup) -> LetterKind:
    if signup.kind is SignupKind.PREFERENCES:
        return LetterKind.PREFERENCES
    return LetterKind.KNOWN if signup.known else LetterKind.CONFIRM


def _envelope(service: Service, signup: Signup) -> Envelope:
    settings = service.workspace.settings
    name = next(iter(signup.choice.lists), "letters")
    title = settings.lists[name].title if name in settings.lists else settings.title
    return Envelope(settings.sender, settings.reply_to or "", settings.public_url or "", name, title)
