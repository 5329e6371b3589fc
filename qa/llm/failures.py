"""What went wrong between here and a provider, in words, and whether to try again.

LangChain's errors for a provider's conditions are told by their classes' names, so that this needs no provider's package.
"""

from __future__ import annotations

import os
import re
from typing import Final

from qa.errors import ConfigError, ProviderError, QAError, TooLong

_PATIENCE: Final = 30.0
"""Seconds that a provider may ask to wait; longer than that is an error that says so."""
_BACKOFF: Final = 0.5
"""Seconds before the second attempt; doubled for each further one."""
_TOO_LONG: Final = re.compile(r"context[ _](?:length|size|window)|prompt is too long|too many tokens|input tokens exceed", re.I)
_NO_CREDIT: Final = re.compile(r"insufficient_quota|exceeded your current quota|credit balance|out of credit", re.I)
_ADDRESS: Final = "check the address in OPENAI_BASE_URL: is /v1 missing?"
_KEY: Final = re.compile(r"\b(?:sk|pk|key|gsk|xai)-[\w*-]{4,}")
_MOST: Final = 200
"""Code points of a provider's own words that are passed on."""


def wait_before_again(error: Exception, attempt: int) -> float | None:
    """Seconds to wait before another attempt, as the provider asks or doubling each time; None where none is of use."""
    kinds = _kinds(error)
    passing = {"ModelRateLimitError", "ModelAPIError", "ModelConnectionError"}
    if isinstance(error, QAError) or not kinds & passing or "ModelTimeoutError" in kinds or _NO_CREDIT.search(_all(error)):
        return None
    asked = _asked_to_wait(error)
    if asked is None:
        return _BACKOFF * 2.0**attempt
    return asked if asked <= _PATIENCE else None


def explained(error: Exception, name: str, place: str, timeout: float, *, midway: bool = False) -> QAError:
    """The error that says what ``error`` was; ``place`` is where ``name`` was asked, ``midway`` once it had begun to reply."""
    kinds, words = _kinds(error), _words(error)
    if kinds & {"TimeoutError", "ModelTimeoutError"}:
        return ProviderError(f"{name} did not finish its reply in {timeout:.0f} s", "give it longer with QA_TIMEOUT")
    if "ContextOverflowError" in kinds or _TOO_LONG.search(_all(error)):
        return TooLong(f"the request is longer than {name} can take", "set a smaller QA_WINDOW or QA_PASSAGES")
    if kinds & {"ModelAuthenticationError", "ModelPermissionDeniedError"}:
        return ConfigError(f"{place} does not accept the key for {name}", "check the key, e.g. OPENAI_API_KEY")
    if "ModelNotFoundError" in kinds:
        return ConfigError(
            f"{place} has no model called {name.partition(':')[2]!r}", "check the name in --model, and the address"
        )
    if "ModelRateLimitError" in kinds:
        return _limited(error, name, place)
    if "ModelAPIError" in kinds:
        return ProviderError(f"{place} failed: {words}", "try again later")
    if midway:
        return broken_off()
    if "ModelConnectionError" in kinds or isinstance(error, OSError):
        return ProviderError(f"{place} cannot be reached: {_cause(error)}", "see whether the server is running, then try again")
    if "ModelInvalidRequestError" in kinds:
        return ProviderError(f"{place} refused the request: {words}", "try another --model")
    return ProviderError(f"{place} sent what is no reply ({type(error).__name__})", _ADDRESS)


def broken_off() -> ProviderError:
    """For a reply whose end is missing."""
    return ProviderError("the connection broke in the middle of the reply", "try again")


def _limited(error: Exception, name: str, place: str) -> ProviderError:
    if _NO_CREDIT.search(_all(error)):
        return ProviderError(f"the account for {name} is out of credit", "top it up")
    asked = _asked_to_wait(error)
    when = f", and asks to wait {asked:.0f} s" if asked else ""
    return ProviderError(f"{place} is asked too often{when}", f"try again in {asked:.0f} s" if asked else "try again later")


def _kinds(error: BaseException) -> set[str]:
    return {kind.__name__ for kind in type(error).__mro__}


def _all(error: BaseException) -> str:
    """Everything that the provider said, its codes included."""
    return f"{error} {getattr(error, 'code', '')} {getattr(error, 'body', '')}"


def _asked_to_wait(error: Exception) -> float | None:
    """Seconds in a Retry-After header; None where there is none, or a date."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    given = str(headers.get("retry-after", ""))
    return float(given) if re.fullmatch(r"\d+(?:\.\d+)?", given) else None


def _cause(error: BaseException) -> str:
    """The words of the error at the bottom: the one above says no more than that there was one."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return _words(error)


def _words(error: BaseException) -> str:
    """The error's own words in one line, without any key."""
    words = " ".join(str(getattr(error, "message", None) or error).split())
    for name, value in os.environ.items():
        if name.endswith("_API_KEY") and len(value) >= 8:
            words = words.replace(value, "…")
    return _KEY.sub("…", words)[:_MOST] or type(error).__name__
