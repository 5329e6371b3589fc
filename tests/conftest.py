"""What every test stands on: no network but loopback, no keys, a home of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("groundwire", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("groundwire")

NEWS = Path(__file__).parent / "news"
SAMPLES = Path(__file__).parent.parent / "samples"
_LOOPBACK = ("127.", "::1", "localhost")


class NetworkForbidden(AssertionError):
    """A test tried to reach beyond this machine."""


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No sockets but loopback, no keys or settings from outside, QA_HOME in a temporary folder."""
    for name in list(os.environ):
        if name.startswith(("QA_", "OPENAI_", "ANTHROPIC_", "LANGCHAIN_", "LANGSMITH_")) or name.endswith("_API_KEY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(host).startswith(_LOOPBACK):
            raise NetworkForbidden(f"a test tried to reach {address}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def minilm() -> object:
    """The bundled embedder, loaded once."""
    from vectorstore.embedders.minilm import MiniLM

    return MiniLM()


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chroma server on this machine, started for whoever asks first."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "import sys, chromadb_rust_bindings as chroma; chroma.cli(['chroma', *sys.argv[1:]])"
    command = [sys.executable, "-c", code, "run", "--host", "127.0.0.1", "--port", str(port)]
    place = str(tmp_path_factory.mktemp("chroma"))
    process = subprocess.Popen([*command, "--path", place], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=place)
    until = time.monotonic() + 60
    while not _listens(port):
        assert process.poll() is None, "the Chroma server ended"
        assert time.monotonic() < until, "the Chroma server does not listen"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def called(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """What a store of the table is called in the settings: a server by its address, which starts it."""
    return lambda name: str(request.getfixturevalue("chroma_server")) if name == "server" else name
