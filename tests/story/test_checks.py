"""A model as a second judge, a summary that fails, and traces that must not leave, each through the whole command."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.conftest import SAMPLES
from tests.story.conftest import Qa
from tests.story.servers import fails, says, serving

CRANE = str(SAMPLES / "wrenmouth-crane-warning.md")
SUMMARY = "CLAIM: An engineer told the town council to have the crane shut down.\nFROM 1\nEND\n"
SETTINGS = {"QA_MODEL": "openai:m", "QA_READER": "none"}


def test_check_model_puts_each_claim_to_the_model_and_its_fingerprint_and_tokens_in_the_record(qa: Qa) -> None:
    with serving(says(SUMMARY), says("partly")) as server:
        arguments = ("summarize", CRANE, "--check", "model", "--json", "--no-log")
        record = qa(*arguments, OPENAI_BASE_URL=server.url, **SETTINGS).record
        assert len(server.requests) == 2
    assert record["claims"][0]["support"] == "partly"
    assert record["claims"][0]["why"] == "a model finds only a part of it there"
    assert "+check/v1@" in record["prompt"]
    assert record["usage"]["output_tokens"] == 14


def test_a_check_that_fails_is_told_once_and_the_rules_verdict_stands(qa: Qa) -> None:
    with serving(says(SUMMARY), fails(400)) as server:
        arguments = ("summarize", CRANE, "--check", "model", "--json", "--no-log")
        done = qa(*arguments, OPENAI_BASE_URL=server.url, **SETTINGS)
    assert done.record["claims"][0]["support"] == "supported"
    assert done.err.count("the rules alone judge") == 1


def test_extractive_claims_need_no_check_and_that_is_said_and_another_check_is_refused(qa: Qa) -> None:
    done = qa("summarize", CRANE, "--check", "model", "--json", "--no-log")
    assert done.record["model"] == "extractive/1"
    assert "nothing that a model could check" in done.err
    assert "no check is called 'twice'" in qa("summarize", CRANE, "--check", "twice").told(3)


def test_a_summary_that_fails_shows_the_sentences_it_was_to_be_written_from_and_offers_extractive(qa: Qa) -> None:
    with serving(fails(500)) as server:
        settings = {**SETTINGS, "OPENAI_BASE_URL": server.url, "QA_RETRIES": "1"}
        shown = qa("summarize", CRANE, "--length", "3", "--no-log", **settings)
        record = qa("summarize", CRANE, "--length", "3", "--no-log", "--json", **settings)
    assert "failed" in shown.told(7)
    assert "--model extractive" in shown.err
    assert "The passages that were found:" in shown.out
    assert "WRENMOUTH" in shown.out
    assert "WRENMOUTH" in record.record["passages"][0]["text"]


class Collector(BaseHTTPRequestHandler):
    """Takes whatever is sent to it, and counts."""

    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        self.send_response(404)
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def do_PATCH(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def collecting() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.seen = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def test_offline_no_trace_is_sent_though_the_environment_asks_for_it(qa: Qa, tmp_path: Path) -> None:
    for offline in (True, False):
        with collecting() as collector, serving(says(SUMMARY), says("supported")) as server:
            tracing = {
                "LANGSMITH_TRACING": "true",
                "LANGCHAIN_TRACING_V2": "true",
                "LANGSMITH_API_KEY": "none",
                "LANGSMITH_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
            }
            arguments = ("summarize", CRANE, "--check", "model", "--json", "--no-log", *(["--offline"] if offline else []))
            done = qa(*arguments, OPENAI_BASE_URL=server.url, **SETTINGS, **tracing)
            assert len(server.requests) == 2, done.err
            assert bool(collector.seen) is not offline  # type: ignore[attr-defined]
