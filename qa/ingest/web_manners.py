"""How a guest behaves: what robots.txt forbids is not asked for, and no server is asked faster than it likes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from protego import Protego

from qa.errors import NetworkError

LONGEST = 60.0
"""Seconds that a server may ask to be waited for."""
_LOCAL = ("localhost", "127.0.0.1", "::1")


class Manners:
    """Keeps to each server's wishes, for as long as one command runs."""

    def __init__(self, agent: str, rate: float, robots: Callable[[str], str], sleep: Callable[[float], None]) -> None:
        """``rate`` is requests a second to one host, 0 for as many as come; ``robots`` gives the text of a page's robots.txt."""
        self._agent, self._rate, self._robots, self._sleep = agent, rate, robots, sleep
        self._rules: dict[str, Protego] = {}
        self._free: dict[str, float] = {}

    def admit(self, url: str) -> None:
        """Waits until ``url`` may be asked for. Raises NetworkError where the host's robots.txt forbids it."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = Protego.parse(self._robots(url))
        rules = self._rules[site]
        if not rules.can_fetch(url, self._agent):
            raise NetworkError(
                f"{url} may not be asked for: the robots.txt of {parts.netloc} does not allow it",
                "save the page, and add the file",
            )
        if parts.hostname not in _LOCAL:
            self._wait(parts.netloc, rules.crawl_delay(self._agent) or 0.0)

    def _wait(self, host: str, asked: float) -> None:
        now = time.monotonic()
        start = max(now, self._free.get(host, now))
        if start > now:
            self._sleep(start - now)
        gap = max(1 / self._rate if self._rate else 0.0, min(asked, LONGEST))
        self._free[host] = start + gap

    def later(self, wish: str) -> bool:
        """Waits as a Retry-After wishes; False, without waiting, where it says nothing or wants too long."""
        seconds = _seconds(wish.strip())
        if seconds is None or seconds > LONGEST:
            return False
        self._sleep(max(seconds, 0.0))
        return True


def _seconds(wish: str) -> float | None:
    if wish.isascii() and wish.isdigit():
        return float(wish[:9])
    try:
        moment = parsedate_to_datetime(wish)
    except (ValueError, OverflowError):
        return None
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
