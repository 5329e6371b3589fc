"""The one family of errors that Groundwire raises on purpose.

::

    QAError                 1   anything that went wrong and has a next step
    ├── UsageError          2   the command's words are off
    ├── ConfigError         3   a setting, a key, an index made by another embedder
    ├── NothingThere        4   an unknown article, an empty library
    ├── NetworkError        7   a page or a provider could not be reached
    │   ├── Refused         7   a server answered, with a status that is no page
    │   │   └── Gone        7   it says that there is no such page, or no longer
    │   └── ProviderError   7   a language model did not answer, or not in a form that can be used
    │       ├── TooLong     7   the request was more than the model can take
    │       └── Unformed    7   what it said is in no form that can be used
    ├── Unwritten           *   a model failed that was to write, with the exit code of its failure
    ├── GateFailed          8   an evaluation is worse than its floors
    └── NotComparable       9   two evaluations that were not made on the same data

Each carries what happened and what to do next; ``cli.main`` prints the two and exits with the code. Library code raises,
and never prints or exits.
"""

from __future__ import annotations


class QAError(Exception):
    """What happened (``message``), what to do next (``hint``), and the exit code a command ends with."""

    exit_code = 1

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(QAError):
    """The command was given something it cannot use."""

    exit_code = 2


class ConfigError(QAError):
    """A setting, a key or the recorded embedder does not fit."""

    exit_code = 3


class NothingThere(QAError):
    """What was asked for is not in the library."""

    exit_code = 4


class NetworkError(QAError):
    """Something outside this machine did not answer, or was not allowed to be asked."""

    exit_code = 7


class Refused(NetworkError):
    """A server answered with a status that is no page."""

    def __init__(self, message: str, hint: str, status: int) -> None:
        super().__init__(message, hint)
        self.status = status


class Gone(Refused):
    """There is no such page, or no longer."""


class ProviderError(NetworkError):
    """A language model did not answer, or not in a form that can be used."""


class TooLong(ProviderError):
    """The request was more than the model can take; a shorter one may do."""


class Unformed(ProviderError):
    """A language model answered, and nothing of it can be used; another question may go well."""


class Unwritten(QAError):
    """Whoever was to write failed, and there is somebody who needs no model; what was found to write from is still there."""

    def __init__(self, error: QAError) -> None:
        """As ``error``, with that way out as well."""
        other = "--model extractive"
        super().__init__(error.message, error.hint if other in error.hint else f"{error.hint}, or {other}, which asks nobody")
        self.exit_code = error.exit_code


class GateFailed(QAError):
    """A metric is below its floor or above its ceiling."""

    exit_code = 8


class NotComparable(QAError):
    """Two evaluations, or an evaluation and its floors, are not about the same thing."""

    exit_code = 9
