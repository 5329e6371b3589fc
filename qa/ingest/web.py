"""Fetches one page, with a limit on everything a server can make too long."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

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
from qa.errors import NetworkError, UsageError
from qa.ingest.types import Unreadable, over

_REDIRECTS = 5
_STEP = 1 << 16
_SILENCE = 20.0
_WHOLE = 120.0
_HEADERS = {
    "User-Agent": f"groundwire/{__version__}",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}


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


def fetch(url: str, limit: int, *, silence: float = _SILENCE, deadline: float = _WHOLE) -> Page:
    """The page at ``url``, unpacked. ``silence`` (seconds) is the longest wait for anything, ``deadline`` for all of it.

    Raises NetworkError where nothing useful comes back, UsageError for an address that is none, Unreadable for a page of more
    than ``limit`` bytes.
    """
    end = time.monotonic() + deadline
    if not _is_address(url):
        raise UsageError(f"{url} is not a web address", "a web address looks like https://example.org/article")
    try:
        for _ in range(_REDIRECTS + 1):
            timeout = urllib3.Timeout(connect=silence, read=silence)
            with _pool(url) as pool:
                response = pool.request(
                    "GET", url, headers=_HEADERS, timeout=timeout, retries=False, redirect=False, preload_content=False
                )
                target = response.get_redirect_location()
                if not target:
                    return _page(urldefrag(url).url, response, limit, end)
                response.close()
            url = urljoin(url, target)
            if not _is_address(url):
                raise NetworkError(f"a redirect leads to {url}, which is not a web address", "only http and https can be read")
    except HTTPError as error:
        raise NetworkError(f"{url} could not be read: {_cause(error)}", "check the address and the network") from error
    raise NetworkError(f"{url}: more than {_REDIRECTS} redirects", "open the address in a browser and use the one it ends at")


def _is_address(url: str) -> bool:
    """Whether ``url`` is of the two kinds that are read, whoever gave it."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _pool(url: str) -> urllib3.PoolManager:
    """Connections by way of the proxy that the environment names for this address, if any."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    if not proxy or proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager()
    return urllib3.ProxyManager(proxy if "://" in proxy else f"http://{proxy}")


def _page(url: str, response: urllib3.BaseHTTPResponse, limit: int, end: float) -> Page:
    with response:
        if not 200 <= response.status < 300:
            hint = "check the address" if response.status < 500 else "try again later"
            raise NetworkError(f"{url} answered {response.status} {response.reason or ''}".rstrip(), hint)
        content = bytearray()
        while part := response.read1(_STEP, decode_content=True):
            content += part
            if len(content) > limit:
                raise Unreadable(over(limit))
            if time.monotonic() > end:
                raise NetworkError(f"{url} sends too slowly to wait for", "try again later, or save the page and add the file")
    header = Message()
    header["Content-Type"] = response.headers.get("Content-Type", "")
    media = header.get_content_type() if response.headers.get("Content-Type") else ""
    return Page(url, bytes(content), media, header.get_content_charset())


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
