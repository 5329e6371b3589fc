"""A real HTTP server on loopback that speaks as a chat model does, and misbehaves as it is told."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Turn"], None]
_USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


class Turn:
    """One request and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, request: Mapping[str, Any], over: threading.Event) -> None:
        self.handler, self.request, self.over = handler, request, over

    @property
    def streams(self) -> bool:
        return bool(self.request.get("stream"))

    def send(self, status: int, body: str, kind: str = "application/json", headers: Mapping[str, str] | None = None) -> None:
        data = body.encode()
        self.handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(data)

    def open_stream(self) -> None:
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.end_headers()

    def event(self, text: str | None, finish: str | None = None) -> None:
        delta = {} if text is None else {"role": "assistant", "content": text}
        self._data(
            {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "m",
                "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            }
        )

    def done(self, finish: str = "stop") -> None:
        self.event(None, finish)
        self._data({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": _USAGE})
        self.raw("data: [DONE]\n\n")

    def _data(self, value: object) -> None:
        self.raw(f"data: {json.dumps(value)}\n\n")

    def raw(self, text: str) -> None:
        self.handler.wfile.write(text.encode())
        self.handler.wfile.flush()


def says(text: str, finish: str = "stop", first: Mapping[str, float] | None = None) -> Behaviour:
    """Replies as it should, streamed where that is asked for; ``first`` are the first token's log-probabilities."""

    def behave(turn: Turn) -> None:
        if turn.streams:
            turn.open_stream()
            for at in range(0, len(text), 7):
                turn.event(text[at : at + 7])
            turn.done(finish)
            return
        choice: dict[str, Any] = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
        if first and turn.request.get("logprobs"):
            top = [{"token": token, "logprob": value, "bytes": None} for token, value in first.items()]
            choice["logprobs"] = {"content": [{**top[0], "top_logprobs": top}], "refusal": None}
        body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": _USAGE}
        turn.send(200, json.dumps(body))

    return behave


def fails(
    status: int, message: str = "it failed", code: str | None = None, headers: Mapping[str, str] | None = None
) -> Behaviour:
    """An error as providers send them."""
    body = json.dumps({"error": {"message": message, "type": "error", "param": None, "code": code}})
    return lambda turn: turn.send(status, body, headers=headers)


def html() -> Behaviour:
    """A page where a reply should be, and 200."""
    return lambda turn: turn.send(200, "<!doctype html><title>Welcome</title><p>Hello.</p>", "text/html")


def hangs() -> Behaviour:
    """Takes the request and says nothing."""
    return lambda turn: _wait(turn)


def drips() -> Behaviour:
    """Sends a blank now and then, so that no single read ever takes long."""

    def behave(turn: Turn) -> None:
        turn.handler.send_response(200)
        turn.handler.send_header("Content-Type", "text/event-stream" if turn.streams else "application/json")
        turn.handler.end_headers()
        while not turn.over.wait(0.1):
            turn.raw(":\n\n" if turn.streams else " ")

    return behave


def blanks() -> Behaviour:
    """Says blanks for ever."""

    def behave(turn: Turn) -> None:
        if not turn.streams:
            says(" \n" * 2000, "length")(turn)
            return
        turn.open_stream()
        while not turn.over.is_set():
            turn.event(" \n" * 20)

    return behave


def breaks_off(text: str) -> Behaviour:
    """Says ``text`` and then drops the connection."""

    def behave(turn: Turn) -> None:
        if turn.streams:
            turn.open_stream()
            turn.event(text)
            time.sleep(0.05)
        else:
            turn.handler.send_response(200)
            turn.handler.send_header("Content-Length", "100000")
            turn.handler.end_headers()
            turn.raw('{"id": "1", "choices": [')
        turn.handler.connection.shutdown(socket.SHUT_RDWR)

    return behave


def _wait(turn: Turn) -> None:
    turn.over.wait(60)


class Server(ThreadingHTTPServer):
    """Behaves as told, a request at a time; the last behaviour stays."""

    daemon_threads = True

    def __init__(self, *behaviours: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviours = list(behaviours)
        self.requests: list[Mapping[str, Any]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a client that leaves early is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        server.requests.append(request)
        behaviour = server.behaviours.pop(0) if len(server.behaviours) > 1 else server.behaviours[0]
        with suppress(OSError):
            behaviour(Turn(self, request, server.over))
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def serving(*behaviours: Behaviour) -> Iterator[Server]:
    """A server that behaves so, until the block ends."""
    server = Server(*behaviours)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
