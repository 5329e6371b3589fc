"""What a server store does where the server does not do as it should."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from vectorstore.interface import Unknown, Unreachable
from vectorstore.stores import store_named
from vectorstore.stores.server import TOKEN, Server


@contextmanager
def answering(reply: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server on this machine that answers everything by ``reply``: its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply(self)

        def do_GET(self) -> None:
            reply(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def says(status: int, body: str, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body.encode())), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return reply


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, "<html>Welcome</html>", "does not answer as a Chroma server"),
        (200, '{"hello": "world"}', "does not answer as a Chroma server"),
        (200, "[]", "does not answer as a Chroma server"),
        (502, "<html>Bad Gateway</html>", "does not answer as a Chroma server"),
        (404, '{"detail": "Not Found"}', "does not answer as a Chroma server"),
        (410, '{"error": "Unimplemented", "message": "The v2 API is not there"}', "The v2 API is not there"),
        (401, "", "refuses the token"),
        (403, "{}", "refuses the token"),
        (500, '{"error": "InternalError", "message": "disk full"}', "disk full"),
    ],
)
def test_a_server_that_answers_otherwise_is_one_error_that_says_how(tmp_path: Path, status: int, body: str, told: str) -> None:
    with answering(says(status, body)) as address, pytest.raises(Unreachable, match=told) as caught:
        Server(address)(tmp_path / "index", "e/1", 3)
    assert caught.value.exit_code == 7
    assert caught.value.hint


def test_nobody_listening_is_said_with_the_address_and_what_to_do(tmp_path: Path) -> None:
    with answering(says(200, "")) as address:
        pass
    with pytest.raises(Unreachable, match=address) as caught:
        Server(address)(tmp_path / "index", "e/1", 3)
    assert "refused" in caught.value.message
    assert "chroma run" in caught.value.hint


def test_a_server_that_hangs_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    over = threading.Event()

    def wait(handler: BaseHTTPRequestHandler) -> None:
        over.wait(20)

    with answering(wait) as address:
        with pytest.raises(Unreachable, match="timed out"):
            Server(address, patience=0.1)(tmp_path / "index", "e/1", 3)
        over.set()


def test_the_token_goes_to_the_server_and_never_where_it_sends_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, " secret ")
    seen: list[str | None] = []
    with answering(lambda handler: seen.append(handler.headers["Authorization"])) as elsewhere:

        def sent_away(handler: BaseHTTPRequestHandler) -> None:
            assert handler.headers["X-Chroma-Token"] == "secret"
            says(307, "", Location=elsewhere)(handler)

        with answering(sent_away) as address, pytest.raises(Unreachable):
            Server(address)(tmp_path / "index", "e/1", 3)
    assert seen == []


def test_a_home_that_never_wrote_asks_nobody(tmp_path: Path) -> None:
    server = Server("http://127.0.0.1:9")
    server.erase(tmp_path / "index")
    assert not server.exists(tmp_path / "index")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("address", ["ftp://x", "http://", "http://x:port", "http://me:secret@x:80", "http://[", "server"])
def test_what_is_no_address_or_holds_a_password_is_refused(address: str) -> None:
    with pytest.raises(Unknown) as caught:
        store_named(address)
    assert caught.value.exit_code == 3


def test_a_tenant_and_a_database_are_part_of_the_address(chroma_server: str, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="nowhere"):
        Server(f"{chroma_server}?database=nowhere")(tmp_path / "index", "e/1", 3)


@pytest.mark.parametrize("host", ["10.0.0.1", "127.evil.example", "chroma.example"])
def test_offline_no_server_of_another_machine_is_asked(host: str) -> None:
    with pytest.raises(Unknown, match="--offline"):
        store_named(f"http://{host}:8000", offline=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_offline_a_server_on_this_machine_may_be_asked(host: str) -> None:
    assert store_named(f"http://{host}:8000", offline=True)
