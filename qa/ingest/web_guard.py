"""Which addresses may be connected to: those of the public network, judged after the name has been looked up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NameResolutionError, NewConnectionError

from qa.errors import NetworkError

_TRANSLATED = IPv6Network("64:ff9b::/96")
_SPECIAL = [*map(ip_network, "192.0.0.0/24 192.88.99.0/24 64:ff9b:1::/48 3fff::/20 5f00::/16".split())]
"""Of the IANA registries of special addresses, what ``ipaddress`` calls global in some of the Pythons that run this."""
_AT_HOME = [*map(ip_network, "10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16".split())]
_ISATAP = (0x5EFE, 0x0200_5EFE)
Connected = TypeVar("Connected")


def connections(url: str, limit: Limit, *, private: bool) -> urllib3.PoolManager:
    """Connections for ``url``, by way of the proxy that the environment names for it, if any: it is then the proxy that looks
    names up. Without ``private`` others reach public addresses alone."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    if proxy and not proxy_bypass(parts.hostname or ""):
        pool: urllib3.PoolManager = urllib3.ProxyManager(proxy if "://" in proxy else f"http://{proxy}")
        private = True
    else:
        pool = urllib3.PoolManager()
    plain, secure = (HTTPConnection, HTTPSConnection) if private else (_Public, _PublicSecure)
    pool.pool_classes_by_scheme = {
        "http": type("_Pool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": limit.under(plain)}),
        "https": type("_SecurePool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": limit.under(secure)}),
    }
    return pool


class Limit:
    """Cuts the connections made under it when its time is up: a server that keeps sending a little defeats every time-out."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._twins: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Limit:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        for twin in self._twins:
            twin.close()

    def under(self, kind: type[HTTPConnection]) -> type[HTTPConnection]:
        """The kind of connection, watched."""

        def dialled(connection: HTTPConnection) -> socket.socket:
            made = kind._new_conn(connection)
            self._twins.append(made.dup())
            if self.over:
                self._cut()
            return made

        return type(kind.__name__, (kind,), {"_new_conn": dialled})

    def _cut(self) -> None:
        self.over = True
        for twin in [*self._twins]:
            with suppress(OSError):
                twin.shutdown(socket.SHUT_RDWR)


def public(host: str, port: int) -> list[str]:
    """The public addresses of ``host``, in the order in which they are to be tried.

    Raises NetworkError where it has none but others, OSError where it has none at all, UnicodeError for what can be no name.
    """
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    allowed = [address for address in dict.fromkeys(found) if is_public(address)]
    if not allowed:
        at = found[0] if found else "no address"
        raise NetworkError(
            f"{host} is {'' if host == at else f'at {at}, which is '}no public address",
            "if that is a server of your own, allow it with --allow-private",
        )
    return allowed


def is_public(address: str) -> bool:
    """Whether an address belongs to the public network; one that wraps an IPv4 address is judged by that one, too.

    A site may have a prefix of its own for NAT64 (RFC 6052): what would lead through it to an address at home is none, either.
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv4Address):
        return _outside(ip)
    if ip.ipv4_mapped or ip in _TRANSLATED:
        return _outside(IPv4Address(int(ip) & 0xFFFFFFFF))
    before, last = int(ip) >> 32 & 0xFFFFFFFF, IPv4Address(int(ip) & 0xFFFFFFFF)
    if before == 0 and any(last in network for network in _AT_HOME):
        return False
    inner = ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or (last if before in _ISATAP else None)
    return _outside(ip) and (inner is None or _outside(inner))


def _outside(ip: IPv4Address | IPv6Address) -> bool:
    local = isinstance(ip, IPv6Address) and ip.is_site_local
    special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or local or any(ip in network for network in _SPECIAL)
    return ip.is_global and not special


class _Public(HTTPConnection):
    """Connects to public addresses alone: to the very one that was judged, so that a second look-up cannot give another."""

    def _new_conn(self) -> socket.socket:
        return _dial(self, super()._new_conn)


class _PublicSecure(HTTPSConnection):
    """The same, encrypted; the certificate is still that of the name."""

    def _new_conn(self) -> socket.socket:
        return _dial(self, super()._new_conn)


def _dial(connection: HTTPConnection, dial: Callable[[], Connected]) -> Connected:
    """The first of the host's public addresses that can be connected to."""
    host = connection._dns_host
    try:
        *others, last = public(host, connection.port)[:4]
    except socket.gaierror as error:
        raise NameResolutionError(host, connection, error) from error
    except UnicodeError as error:
        raise LocationParseError(host) from error
    try:
        for address in others:
            connection._dns_host = address
            try:
                return dial()
            except (ConnectTimeoutError, NewConnectionError):
                continue
        connection._dns_host = last
        return dial()
    finally:
        connection._dns_host = host
