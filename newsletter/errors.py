"""Every error that this package raises on purpose.

    NewsletterError                      exit code
    ├── ConfigurationError                   2   settings, paths, names that do not exist
    │   └── NotFound                         2   an issue, list, entry or provider of that name
    ├── ContentError                         1   entries or an issue cannot be read; carries every finding
    ├── RenderingError                       1   a template or the MJML engine refused
    ├── AudienceError                        2   an import file or an address cannot be used
    │   ├── SeveralMistakes                  2   several things given of one person cannot be used
    │   └── UnclearColumns                   2   a person must say what the columns of an import file are
    │       ├── UnclearWords                 2   a person must say what the words in one of them mean
    │       └── UnclearLetters               2   a person must say which encoding the file is in
    ├── StorageError                         3   the database is busy, full, damaged or out of reach
    │   └── DatabaseAway                     3   for now: it is busy, or its server is out of reach
    ├── SourceError                          3   a web site or feed could not be read
    ├── ProviderError                        3   the mail API or the network failed
    │   └── AuthenticationError              4   the mail API refused our credentials
    ├── Refused                              5   not done on purpose: wrong count, not approved, sent before
    └── PartlyAccepted                       6   a mailing stopped before everybody was reached

A message says what happened; `why` and `fix` say the rest. All three are written for the comms team.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsletter.model.finding import Finding


class NewsletterError(Exception):
    """Something went wrong that a person can act on."""

    exit_code = 1
    place = ""
    """Where it is mended, such as `newsletter.toml:24`, where that is one line."""

    def __init__(self, message: str, *, why: str = "", fix: str = "", findings: Iterable[Finding] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.why = why
        self.fix = fix
        self.findings = tuple(findings)

    @property
    def each(self) -> tuple[NewsletterError, ...]:
        """What is told, one after the other: this alone, or the errors that it stands for."""
        return (self,)


class ConfigurationError(NewsletterError):
    """The workspace's settings, or a name or path given on the command line, cannot be used.

    `setting` names the one at fault among those of a provider.
    """

    exit_code = 2

    def __init__(
        self, message: str, *, why: str = "", fix: str = "", findings: Iterable[Finding] = (), setting: str = ""
    ) -> None:
        super().__init__(message, why=why, fix=fix, findings=findings)
        self.setting = setting


class NotFound(ConfigurationError):
    """There is no issue, list, entry or provider of that name."""


class ContentError(NewsletterError):
    """Entries or an issue cannot be read as they stand."""


class RenderingError(NewsletterError):
    """A template or the MJML engine refused what it was given."""


class AudienceError(NewsletterError):
    """An import file or an address cannot be used."""

    exit_code = 2


class SeveralMistakes(AudienceError):
    """Several things that were given of one person cannot be used."""

    def __init__(self, mistakes: Sequence[AudienceError]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self._mistakes = tuple(mistakes)

    @property
    def each(self) -> tuple[NewsletterError, ...]:
        """Every one of the mistakes."""
        return self._mistakes


class UnclearColumns(AudienceError):
    """What the columns of an import file are is for a person to say; `also` is what else is asked at once."""

    def __init__(self, message: str, *, why: str = "", fix: str = "", also: Sequence[UnclearColumns] = ()) -> None:
        super().__init__(message, why=why, fix=fix)
        self._also = tuple(also)

    @property
    def each(self) -> tuple[NewsletterError, ...]:
        """Every question."""
        return (self, *self._also)


class UnclearWords(UnclearColumns):
    """What the words in a column of an import file mean is for a person to say."""


class UnclearLetters(UnclearColumns):
    """Which encoding an import file is in is for a person to say: `readings` are some, each with words of the file."""

    def __init__(
        self, message: str, *, why: str = "", fix: str = "", readings: Sequence[tuple[str, Sequence[str]]] = ()
    ) -> None:
        super().__init__(message, why=why, fix=fix)
        self.readings = tuple(readings)


class StorageError(NewsletterError):
    """The database, or the disk or network it lies on, failed."""

    exit_code = 3


class DatabaseAway(StorageError):
    """The database cannot be used for now: others keep it busy, or its server is out of reach."""


class SourceError(NewsletterError):
    """A web site, or its feed, could not be read."""

    exit_code = 3


class ProviderError(NewsletterError):
    """The mail API or the way to it failed."""

    exit_code = 3


class AuthenticationError(ProviderError):
    """The mail API refused our credentials or our account."""

    exit_code = 4


class Refused(NewsletterError):
    """Not done, on purpose, because doing it could harm."""

    exit_code = 5


class PartlyAccepted(NewsletterError):
    """A mailing stopped before everybody was reached."""

    exit_code = 6
