"""What every test stands on: no network but loopback, no keys, a home of its own."""

from __future__ import annotations

import os
import socket
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
