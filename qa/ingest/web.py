"""Fetches pages: politely, from public addresses only, and with a limit on everything a server can make too long."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urldefrag, urljoin, urlsplit

import urllib3
from urllib3.exceptions import (
    HTTPError,
    LocationValueError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    SSLError,
    TimeoutError,  # noqa: A004 - urllib3's own, which is no OSError
)

from qa import __version__
from qa.config import Settings
from qa.errors import Gone, NetworkError, Refused, UsageError
from qa.ingest.types import Memory, Seen, Unreadable, over
from qa.ingest.web_guard import Limit, connections
from qa.ingest.web_manners import Manners

_REDIRECTS = 5
_STEP = 1 << 16
_SILENCE = 20.0
_WHOLE = 120.0
_AGENT = "groundwire"
_HEADERS = {
    "User-Agent": f"{_AGENT}/{__version__}",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
_FOR_GOOD = frozenset({301, 308})
_LATER = frozenset({429, 503})
_GONE = frozenset({404, 410})
_ROBOTS_LIMIT = 512 * 1024
"""Bytes of a robots.txt that are heeded, the least that RFC 9309 asks for."""
_FORBID = "User-agent: *\nDisallow: /"
_TRIES = 3
"""How often a page is asked for whose server says later."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a server sent."""

    url: str
    """The last address, after redirects, without a fragment."""
    content: bytes
    media: str
    """The media type in lower case; empty where the server named none."""
    charset: str | None
    """As the server declared it."""
    etag: str | None = None
    modified: str | None = None
    """The Last-Modified header as it was sent."""
    same: bool = False
    """Whether it is as it was when it was last seen; its content is then left out."""


@dataclass(frozen=True, slots=True)
class _Later:
    """An answer that says to come again."""

    status: int
    reason: str
    wish: str
    """The Retry-After header."""


class _Nothing:
    """The memory of somebody who was never here."""

    def seen(self, _: str, /) -> None:
        return None

    def has(self, _: str, /) -> bool:
        return False


class Web:
    """The web as one command sees it: what it may reach, how fast, and what an earlier run remembers."""

    def __init__(
        self,
        *,
        private: bool = False,
        rate: float = 1.0,
        most: int = 200,
        memory: Memory | None = None,
        sleep: Callable[[float], None] = time.sleep,
        silence: float = _SILENCE,
        deadline: float = _WHOLE,
    ) -> None:
        """``private`` allows addresses that are not public; ``rate`` is requests a second to one host, 0 for no limit; ``most``
        is how many pages of one feed or sitemap are asked for; ``silence`` (seconds) is the longest wait for anything,
        ``deadline`` for all of one page."""
        self.most = most
        self.memory = memory or _Nothing()
        self.learned: dict[str, Seen] = {}
        """What the next run should remember, by address; to be kept once what was read has been taken in."""
        self.moved: dict[str, str] = {}
        """Addresses that have moved for good, with their new ones."""
        self._private, self._silence, self._deadline = private, silence, deadline
        self._manners = Manners(_AGENT, rate, self._robots, sleep)

    def get(self, url: str, limit: int, seen: Seen | None = None) -> Page:
        """The page at ``url``, unpacked; without content where it is still as ``seen``.

        Raises Gone where there is no such page (any more), NetworkError where nothing useful comes back or it may not be asked
        for, UsageError for an address that is none, Unreadable for a page of more than ``limit`` bytes.
        """
        if not _is_address(url):
            raise UsageError(f"{url} is not a web address", "a web address looks like https://example.org/article")
        first, for_good = url, True
        for _ in range(_REDIRECTS + 1):
            found = self._patiently(url, limit, seen)
            if isinstance(found, Page):
                return found
            status, target = found
            for_good = for_good and status in _FOR_GOOD
            url = _joined(url, target)
            if not _is_address(url):
                raise NetworkError(f"a redirect leads to {url}, which is not a web address", "only http and https can be read")
            if for_good:
                self.moved[first] = url
        raise NetworkError(f"{url}: more than {_REDIRECTS} redirects", "open the address in a browser and use the one it ends at")

    def _patiently(self, url: str, limit: int, seen: Seen | None) -> Page | tuple[int, str]:
        """A page, or a redirect's status and target; a server that says when to come again is asked again then."""
        left = _TRIES
        while True:
            self._manners.admit(url)
            found = self._once(url, limit, seen)
            if not isinstance(found, _Later):
                return found
            left -= 1
            if not left or not self._manners.later(found.wish):
                raise Refused(f"{url} answered {found.status} {found.reason}".rstrip(), "try again later", found.status)

    def _once(self, url: str, limit: int, seen: Seen | None = None, name: str = "") -> Page | tuple[int, str] | _Later:
        headers = dict(_HEADERS)
        if seen and seen.etag:
            headers["If-None-Match"] = seen.etag
        if seen and seen.modified:
            headers["If-Modified-Since"] = seen.modified
        allowed = Limit(self._deadline)
        try:
            with allowed, connections(url, allowed, private=self._private) as pool:
                timeout = urllib3.Timeout(connect=self._silence, read=self._silence)
                response = pool.request(
                    "GET", url, headers=headers, timeout=timeout, retries=False, redirect=False, preload_content=False
                )
                with response:
                    target = response.get_redirect_location()
                    if target:
                        return response.status, target
                    if response.status in _LATER:
                        return _Later(response.status, response.reason or "", response.headers.get("Retry-After", ""))
                    return _page(urldefrag(url).url, response, limit, allowed, asked=bool(seen))
        except HTTPError as error:
            if allowed.over:
                raise _too_slow(url) from error
            raise NetworkError(
                f"{name or url} could not be read: {_cause(error)}", "check the address and the network"
            ) from error

    def _robots(self, page: str) -> str:
        """The robots.txt for ``page``: empty where the server says that there is none, one that forbids all where it cannot say.

        Raises NetworkError where there is no server.
        """
        url = urljoin(page, "/robots.txt")
        try:
            for _ in range(_REDIRECTS + 1):
                found = self._once(url, _ROBOTS_LIMIT, name=page)
                if isinstance(found, Page):
                    return found.content.decode("utf-8", "replace")
                if isinstance(found, _Later):
                    break
                url = _joined(url, found[1])
                if not _is_address(url):
                    return ""
            return _FORBID
        except Unreadable:
            return ""
        except Refused as error:
            return "" if error.status < 500 else _FORBID


def web_of(settings: Settings, memory: Memory | None = None) -> Web:
    """The web as the settings allow it."""
    return Web(private=settings.allow_private, rate=settings.rate, most=settings.entries, memory=memory)


def _is_address(url: str) -> bool:
    """Whether ``url`` is of the two kinds that are read, whoever gave it."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _page(url: str, response: urllib3.BaseHTTPResponse, limit: int, allowed: Limit, *, asked: bool) -> Page:
    told = response.headers.get
    same = response.status == 304 and asked
    if not same and not 200 <= response.status < 300:
        hint = "check the address" if response.status < 500 else "try again later"
        kind = Gone if response.status in _GONE else Refused
        raise kind(f"{url} answered {response.status} {response.reason or ''}".rstrip(), hint, response.status)
    content = bytearray()
    while not same and (part := response.read1(_STEP, decode_content=True)):
        content += part
        if len(content) > limit:
            raise Unreadable(over(limit))
    if allowed.over:  # what was cut off may look whole
        raise _too_slow(url)
    header = Message()
    header["Content-Type"] = told("Content-Type", "")
    media = header.get_content_type() if told("Content-Type") else ""
    return Page(url, bytes(content), media, _charset(header), told("ETag"), told("Last-Modified"), same)


def _cause(error: HTTPError) -> str:
    """What went wrong, in a person's words."""
    if isinstance(error, LocationValueError):
        return "that is no address"
    if isinstance(error, NameResolutionError):
        return "no such host"
    if isinstance(error, TimeoutError) and not isinstance(error, NewConnectionError):
        return "no answer in time"
    if isinstance(error, SSLError):
        return "its certificate is not trusted, or the connection is not secure"
    cause = error.__cause__ or error.__context__
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror.lower()
    broken = isinstance(error, ProtocolError)
    return "the connection broke off in the middle" if broken else "the server does not speak HTTP as it should"


def _too_slow(url: str) -> NetworkError:
    return NetworkError(f"{url} sends too slowly to wait for", "try again later, or save the page and add the file")


def _joined(base: str, target: str) -> str:
    """Where a redirect leads; as it stands where it is no address, which is refused next."""
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def _charset(header: Message) -> str | None:
    try:
        return header.get_content_charset()
    except (ValueError, LookupError):
        return None
