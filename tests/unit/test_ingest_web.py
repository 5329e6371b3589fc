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
from qa.ingest.web import fetch
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
        self.asked: list[str] = []
        self.over = threading.Event()

    def put(self, path: str, content: bytes, media: str = "", status: int = 200, **headers: str) -> str:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {**told, **({"Content-Type": media} if media else {})}, content)
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, headers, content = self.server.answers[self.path]
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


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


def one(url: str, **options: int) -> Document | Skipped:
    (found,) = read(url, fetch=True, **options)
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
    assert fetch(server.put("/b", b"x", 'Text/HTML; Charset="UTF-8"'), 10).charset == "utf-8"


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
    found = list(read(url, fetch=True))
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
        fetch(server.put("/a", bomb, "text/html", Content_Encoding="gzip"), 1_000_000)


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
        fetch(server.put("/silent", b"x"), 1000, silence=0.2)
    assert "no answer in time" in error.value.message


def test_a_server_that_sends_a_letter_at_a_time_is_not_waited_for(server: Server) -> None:
    with pytest.raises(NetworkError) as error:
        fetch(server.put("/drip", b"x" * 100_000), 1_000_000, silence=5, deadline=0.3)
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
