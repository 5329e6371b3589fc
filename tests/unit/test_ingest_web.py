from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qa.errors import NetworkError, QAError, UsageError
from qa.ingest import read
from qa.ingest.types import Skipped, Unreadable
from qa.ingest.web import Web
from qa.ingest.web_manners import Manners
from qa.types import Document

WORDS = "The crane on the east quay fell on Monday night, in the worst storm that the harbour has seen for thirty years."
PAGE = f"<html><head><link rel='canonical' href='https://example.org/x'></head><body><p>{WORDS} Zoë.</p></body></html>"
Answer = tuple[int, dict[str, str], bytes]


class Server(ThreadingHTTPServer):
    """Answers each path with what a test has put there."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()

    @property
    def asked(self) -> list[str]:
        """The pages that were asked for, in order."""
        return [path for path, _ in self.requests if path != "/robots.txt"]

    def put(self, path: str, content: bytes, media: str = "", status: int = 200, **headers: str) -> str:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {**told, **({"Content-Type": media} if media else {})}, content)
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        status, headers, content = self.server.answers.get(self.path, (404, {}, b""))
        if headers.get("ETag", "none") == self.headers.get("If-None-Match"):
            status, content = 304, b""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.path == "/silent":
            self.server.over.wait(30)
        elif self.path == "/drip":
            while not self.server.over.wait(0.01):
                self.wfile.write(b"x")
        else:
            self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


def served() -> Iterator[Server]:
    """A server, until whoever asked for it is done."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    yield from served()


def private() -> Web:
    return Web(private=True)


def one(url: str, **options: int) -> Document | Skipped:
    (found,) = read(url, fetch=True, web=private, **options)
    return found


def test_a_page_is_read_under_its_last_address(server: Server) -> None:
    last = server.put("/news/crane?a=b", PAGE.encode(), "text/html; charset=utf-8")
    middle = server.put("/moved", b"", status=301, Location="/news/crane?a=b")
    found = one(server.put("/first", b"", status=302, Location=middle))
    assert isinstance(found, Document)
    assert found.text == f"{WORDS} Zoë."
    assert found.origin == found.url == last
    assert server.asked == ["/first", "/moved", "/news/crane?a=b"]


def test_a_part_of_a_page_is_the_page(server: Server) -> None:
    url = server.put("/a", PAGE.encode(), "text/html")
    found = one(url + "#part")
    assert isinstance(found, Document)
    assert found.origin == url


def test_the_servers_charset_is_obeyed(server: Server) -> None:
    found = one(server.put("/a", PAGE.encode("cp1252"), "text/html; charset=iso-8859-1"))
    assert isinstance(found, Document)
    assert "Zoë" in found.text
    assert private().get(server.put("/b", b"x", 'Text/HTML; Charset="UTF-8"'), 10).charset == "utf-8"


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_packed_page_is_unpacked(server: Server, packing: str) -> None:
    packed = gzip.compress(PAGE.encode()) if packing == "gzip" else zlib.compress(PAGE.encode())
    assert isinstance(one(server.put("/a", packed, "text/html", Content_Encoding=packing)), Document)


@pytest.mark.parametrize(
    ("path", "media", "content", "texts"),
    [
        ("/a", "text/plain", b"Words.", ["Words."]),
        ("/a.md", "text/plain; charset=utf-8", b"# T\n\nWords.", ["# T\n\nWords."]),
        ("/a", "text/plain; charset=windows-1252", b"caf\xe9", ["café"]),
        ("/a", "application/x-ndjson", b'{"text": "One."}\n{"text": "Two."}', ["One.", "Two."]),
        ("/a.jsonl", "text/plain", b'{"text": "One."}', ["One."]),
        ("/a", "application/json", b'[{"text": "One."}]', ["One."]),
        ("/a", "", PAGE.encode(), [f"{WORDS} Zoë."]),
        ("/a.txt", "application/octet-stream", b"Words.", ["Words."]),
    ],
)
def test_the_media_type_picks_the_reader_and_the_content_where_it_is_vague(
    server: Server, path: str, media: str, content: bytes, texts: list[str]
) -> None:
    url = server.put(path, content, media)
    found = list(read(url, fetch=True, web=private))
    assert [item.text for item in found if isinstance(item, Document)] == texts
    assert all(item.origin.startswith(url) for item in found if isinstance(item, Document))


def test_media_without_a_reader_are_skipped(server: Server) -> None:
    assert one(url := server.put("/a", b"x", "image/png")) == Skipped(url, "no reader for image/png")


def test_a_page_over_the_limit_is_skipped_without_reading_on(server: Server) -> None:
    url = server.put("/a", b"x" * 10_000, "text/plain")
    assert one(url, limit=5000) == Skipped(url, "over the limit of 5000 bytes")
    assert isinstance(one(url, limit=10_000), Document)


def test_a_page_that_unpacks_without_end_is_skipped(server: Server) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(Unreadable):
        private().get(server.put("/a", bomb, "text/html", Content_Encoding="gzip"), 1_000_000)


@pytest.mark.parametrize(("status", "told"), [(404, "404 Not Found"), (403, "403 Forbidden"), (500, "500"), (304, "304")])
def test_an_answer_that_is_no_page_is_an_error_that_tells_its_number(server: Server, status: int, told: str) -> None:
    with pytest.raises(NetworkError) as error:
        one(server.put("/a", b"<html><p>Sorry.</p></html>", "text/html", status))
    assert told in error.value.message


def test_redirects_in_a_circle_end(server: Server) -> None:
    with pytest.raises(NetworkError) as error:
        one(server.put("/a", b"", status=302, Location="/a"))
    assert "redirects" in error.value.message
    assert len(server.asked) == 6


@pytest.mark.parametrize("target", ["file:///etc/hosts", "ftp://example.org/a", "javascript:alert(1)"])
def test_a_redirect_away_from_the_web_is_refused(server: Server, target: str) -> None:
    with pytest.raises(NetworkError):
        one(server.put("/a", b"", status=302, Location=target))
    assert server.asked == ["/a"]


def test_a_server_that_says_nothing_is_not_waited_for(server: Server) -> None:
    with pytest.raises(NetworkError) as error:
        Web(private=True, silence=0.2).get(server.put("/silent", b"x"), 1000)
    assert "no answer in time" in error.value.message


@pytest.mark.parametrize("header", [{"Location": "http://[x"}, {"Content-Type": "text/html; charset*=u''%00"}])
def test_a_header_that_means_nothing_spoils_no_other_page(server: Server, header: dict[str, str]) -> None:
    status = 302 if "Location" in header else 200
    address = server.put("/odd", b"<p>text</p>", header.get("Content-Type", "text/html"), status, **header)
    if status == 302:
        with pytest.raises(NetworkError):
            Web(private=True).get(address, 1000)
    else:
        assert Web(private=True).get(address, 1000).content == b"<p>text</p>"


def test_a_server_that_sends_a_letter_at_a_time_is_not_waited_for(server: Server) -> None:
    with pytest.raises(NetworkError) as error:
        Web(private=True, silence=5, deadline=0.3).get(server.put("/drip", b"x" * 100_000), 1_000_000)
    assert "too slowly" in error.value.message


def test_a_page_that_breaks_off_is_an_error_and_not_half_an_article(server: Server) -> None:
    with pytest.raises(NetworkError) as error:
        one(server.put("/a", PAGE.encode(), "text/html", Content_Length="100000"))
    assert "broke off" in error.value.message


def test_a_page_that_is_not_packed_as_it_says_is_an_error(server: Server) -> None:
    with pytest.raises(NetworkError):
        one(server.put("/a", PAGE.encode(), "text/html", Content_Encoding="gzip"))


def test_a_server_that_is_not_there_is_an_error_with_its_cause(server: Server) -> None:
    url = server.put("/a", b"")
    server.shutdown()
    server.server_close()
    with pytest.raises(NetworkError) as error:
        one(url)
    assert "refused" in error.value.message.lower()
    assert url in error.value.message


@pytest.mark.parametrize("url", ["http://", "https:///path", "http://[::1", "http://a b/", "http://127.0.0.1:99999/"])
def test_an_address_that_is_none_is_an_error_with_a_next_step(url: str) -> None:
    with pytest.raises(QAError) as error:
        list(read(url, fetch=True))
    assert isinstance(error.value, UsageError | NetworkError)
    assert error.value.hint


def test_what_robots_txt_forbids_is_not_asked_for(server: Server) -> None:
    server.put("/robots.txt", b"User-agent: *\nDisallow: /private\n\nUser-agent: groundwire\nDisallow: /ours", "text/plain")
    web = private()
    assert web.get(server.put("/private", b"x"), 10).content == b"x"
    with pytest.raises(NetworkError) as error:
        web.get(server.put("/ours/a", b"x"), 10)
    assert "robots.txt" in error.value.message
    with pytest.raises(NetworkError):
        web.get(server.put("/b", b"", status=302, Location="/ours/a"), 10)
    assert server.asked == ["/private", "/b"]
    assert [path for path, _ in server.requests].count("/robots.txt") == 1


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_a_robots_txt_that_cannot_be_had_allows_all_or_nothing_as_the_standard_says(
    server: Server, status: int, allowed: bool
) -> None:
    server.put("/robots.txt", b"User-agent: *\nDisallow: /", "text/plain", status)
    url = server.put("/a", b"x")
    if allowed:
        assert private().get(url, 10).content == b"x"
    else:
        with pytest.raises(NetworkError):
            private().get(url, 10)
    assert server.asked == ["/a"] * allowed


def test_a_server_that_asks_to_be_left_alone_for_a_moment_is_asked_again_then(server: Server) -> None:
    slept: list[float] = []
    url = server.put("/a", b"", status=429, Retry_After="7")
    with pytest.raises(NetworkError) as error:
        Web(private=True, sleep=slept.append).get(url, 10)
    assert (slept, server.asked, error.value.message.split()[1:3]) == ([7.0, 7.0], ["/a"] * 3, ["answered", "429"])
    server.put("/a", b"", status=503, Retry_After="86400")
    with pytest.raises(NetworkError):
        Web(private=True, sleep=slept.append).get(url, 10)
    assert len(server.asked) == 4


def test_requests_to_one_host_are_spaced_and_those_to_others_are_not_held_up() -> None:
    slept: list[float] = []
    manners = Manners("groundwire", 0.5, lambda _: "", slept.append)
    for url in ("https://a.org/1", "https://a.org/2", "https://b.org/1", "http://localhost/1", "http://localhost/2"):
        manners.admit(url)
    assert [round(seconds) for seconds in slept] == [2]
    slow = Manners("groundwire", 0, lambda _: "User-agent: *\nCrawl-delay: 9999", slept.append)
    slow.admit("https://a.org/1")
    slow.admit("https://a.org/2")
    assert round(slept[-1]) == 60


def test_a_page_that_moved_for_good_is_told_and_one_that_moved_for_now_is_not(server: Server) -> None:
    server.put("/new", PAGE.encode(), "text/html")
    web = private()
    old = server.put("/old", b"", status=301, Location="/new")
    web.get(old, 10_000)
    web.get(server.put("/now", b"", status=302, Location="/old"), 10_000)
    assert web.moved == {old: old.replace("/old", "/new")}
