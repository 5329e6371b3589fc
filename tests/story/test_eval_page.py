"""The report in a real browser: what a person sees, and what the page may not do."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from qa.eval import report
from qa.eval.score import score
from qa.eval.types import Case, Cited, Outcome, Place, Run, Source
from qa.text import sentences
from vectorstore.types import Span

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

OUTSIDE = "http://127.0.0.1:{port}/"
PLANTED = (
    '<script>window.planted = 1</script><img src="{url}image" onerror="window.planted = 2">'
    '<a href="javascript:window.planted = 3">\u202egnp.exe\u202c</a> <style>@import "{url}style";</style></script>'
)


class Browser:
    """A headless Chromium that is spoken to over two pipes."""

    def __init__(self, folder: Path) -> None:
        theirs, self._to = os.pipe()
        self._from, back = os.pipe()
        self._number, self._session, self._held = 0, "", b""
        self.asked: list[str] = []
        """Addresses that pages wanted to load."""
        command = [str(CHROMIUM), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        command += ["--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank"]
        pipes = [(os.POSIX_SPAWN_DUP2, theirs, 3), (os.POSIX_SPAWN_DUP2, back, 4)]
        quiet = [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
        self._process = os.posix_spawn(command[0], command, dict(os.environ), file_actions=[*pipes, *quiet])
        os.close(theirs)
        os.close(back)

    def send(self, method: str, **parameters: object) -> Any:
        """The browser's answer to one command."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (told := self._next()).get("id") != self._number:
            pass
        assert "error" not in told, told
        return told["result"]

    def _next(self) -> Any:
        while b"\0" not in self._held:
            read = os.read(self._from, 1 << 16)
            assert read, "the browser has gone"
            self._held += read
        message, _, self._held = self._held.partition(b"\0")
        told = json.loads(message)
        if told.get("method") == "Network.requestWillBeSent":
            self.asked.append(told["params"]["request"]["url"])
        return told

    def open(self, address: str, width: int = 1280, dark: bool = False) -> None:
        """A new page, loaded."""
        self._session = ""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Network.enable")
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        self.send("Page.enable")
        self.send("Page.navigate", url=address)
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def tell(self, expression: str) -> Any:
        """What a JavaScript expression comes to in the page."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait(self, expression: str) -> None:
        """Returns when a JavaScript expression holds in the page."""
        look = f"const look = () => ({expression}) ? done() : setTimeout(look, 10); look()"
        self.tell(f"new Promise(done => {{ {look} }})")

    def press(self, key: str, text: str = "") -> None:
        """One key, down and up."""
        self.send(
            "Input.dispatchKeyEvent",
            type="keyDown",
            key=key,
            code=key,
            text=text,
            windowsVirtualKeyCode={"Enter": 13}.get(key, 0),
        )
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, code=key)

    def close(self) -> None:
        """Ends the process and waits for it."""
        os.kill(self._process, signal.SIGTERM)
        os.waitpid(self._process, 0)
        os.close(self._to)
        os.close(self._from)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("chromium"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def outside() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that no page may reach: its address, and what it was asked for."""
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield OUTSIDE.format(port=server.server_port), asked
    server.shutdown()


def evaluation(url: str) -> Run:
    """Five questions, one for each outcome, over two articles full of markup."""
    planted = PLANTED.format(url=url)
    text = (
        f"The harbour closes on 3 May.\r\n\r\nThe mayor spoke {planted} of safety.\r\n\r\nWork starts in June. It ends in July."
    )
    sources = {"a": Source(text, tuple(sentences(text)), f"Harbour {planted}", "Elin Post", "2024-04-30")}

    def place(quote: str) -> Place:
        start = text.index(quote)
        return Place("a", Span(start, start + len(quote)), quote)

    closes, starts = place("The harbour closes on 3 May."), place("Work starts in June.")
    spoke = place(f"The mayor spoke {planted} of safety.")

    def case(id: str, *answers: str, evidence: Place | None = None) -> Case:
        known = ((evidence,),) if evidence else ()
        return Case(id, f"What about {id}? {planted}", answers, bool(answers), known, ("a",), "date" if answers else "near miss")

    def outcome(confidence: float, *cited: Place) -> Outcome:
        citations = tuple(Cited(one, at, True) for at, one in enumerate(cited))
        claims, support = tuple(one.quote for one in cited), ("supported",) * len(cited)
        reason, message = (None, None) if cited else ("not_in_articles", "Not found.")
        return Outcome(bool(cited), reason, message, confidence, claims, support, 0, citations, (closes, spoke, starts), 0.1)

    cases = [
        case("right", "3 May", evidence=closes),
        case("wrong", "June", evidence=starts),
        case("missed", "May", evidence=spoke),
    ]
    cases += [case("silent"), case("fooled")]
    drafted = [outcome(0.9, closes), outcome(0.8, spoke), outcome(0.3), outcome(0.2), outcome(0.7, starts, closes)]
    nothing = [outcome(0.0) for _ in cases]
    scores = [score("extractive/1", cases, drafted, sources), score("nothing", cases, nothing, sources)]
    return Run("harbour", "0" * 64, scores, sources, {"model": "extractive/1"})


@pytest.fixture
def page(browser: Browser, outside: tuple[str, list[str]], tmp_path: Path) -> Browser:
    path = tmp_path / "report.html"
    path.write_text(report.html(evaluation(outside[0])), encoding="utf-8")
    browser.asked.clear()
    browser.open(path.as_uri())
    return browser


VISIBLE = "[...document.querySelectorAll('.question')].filter(one => !one.hidden).map(one => one.dataset.outcome).join()"
EVERYTHING = "right,wrong,missed,silent,fooled"


def test_every_plot_is_drawn_and_has_words_for_those_who_do_not_see_it(page: Browser) -> None:
    seen = "[one.getBoundingClientRect().height > 100, one.getAttribute('aria-label')]"
    plots = page.tell(f"[...document.querySelectorAll('svg.plot')].map(one => {seen})")
    assert len(plots) == 4
    assert all(seen and named for seen, named in plots)
    assert page.tell("document.querySelectorAll('figure table tbody tr').length") >= 4


def test_the_style_sheet_is_in_force_in_light_and_in_dark(page: Browser) -> None:
    seen = "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.querySelector('.plot rect')).fill"
    light = page.tell(seen)
    page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    dark = page.tell(seen)
    assert light != dark
    assert "rgba(0, 0, 0, 0)" not in light + dark


def test_a_filter_shows_its_outcome_and_says_how_many(page: Browser) -> None:
    assert page.tell(VISIBLE) == EVERYTHING
    page.tell("document.querySelector('button[data-outcome=missed]').click()")
    assert page.tell(VISIBLE) == "missed"
    assert page.tell("document.getElementById('found').textContent") == "1 of 5 shown"
    assert page.tell("document.querySelector('[data-outcome=missed]').getAttribute('aria-pressed')") == "true"
    page.tell("document.querySelector('button[data-kind=\"near miss\"]').click()")
    assert page.tell(VISIBLE) == ""
    assert page.tell("document.getElementById('nothing').hidden") is False
    page.tell("document.getElementById('clear').click()")
    assert page.tell(VISIBLE) == EVERYTHING


def test_a_search_looks_in_question_and_answer(page: Browser) -> None:
    typed = "const field = document.getElementById('search'); field.value = {!r}; field.dispatchEvent(new Event('input'))"
    page.tell("{" + typed.format("HARBOUR closes") + "}")
    assert page.tell(VISIBLE) == "right,fooled"
    page.tell("{" + typed.format("about silent") + "}")
    assert page.tell(VISIBLE) == "silent"


def test_the_surest_come_first_when_asked_for(page: Browser) -> None:
    page.tell(
        "{const order = document.getElementById('order'); order.value = 'surest'; order.dispatchEvent(new Event('change'))}"
    )
    assert page.tell(VISIBLE) == "right,wrong,fooled,missed,silent"


def test_the_keyboard_opens_a_question_and_its_words_are_marked_in_their_paragraph(page: Browser) -> None:
    page.tell("document.querySelector('#q-wrong summary').focus()")
    page.press("Enter", "\r")
    page.wait("document.querySelector('#q-wrong mark')")
    marks = page.tell("[...document.querySelectorAll('#q-wrong mark')].map(one => [one.className, one.textContent])")
    assert [name for name, _ in marks] == ["m1", "m2"]
    assert marks[0][1].startswith("[cited:] 1The mayor spoke <script>window.planted = 1</script>")
    assert marks[1][1] == "[evidence:] Work starts in June."
    assert page.tell("document.querySelectorAll('#q-wrong blockquote')[1].textContent").endswith("It ends in July.")


def test_what_is_cited_and_evidence_too_is_marked_as_both(page: Browser) -> None:
    page.tell("document.getElementById('q-right').open = true")
    page.wait("document.querySelector('#q-right mark')")
    assert page.tell("[...document.querySelectorAll('#q-right mark')].map(one => one.className)") == ["m3"]


def test_a_link_to_a_question_opens_it_even_where_a_filter_hid_it(page: Browser) -> None:
    page.tell("document.querySelector('button[data-outcome=missed]').click()")
    page.tell("location.hash = '#q-fooled'")
    page.wait("document.getElementById('q-fooled').open")
    assert page.tell(VISIBLE) == EVERYTHING
    assert page.tell("document.activeElement.parentElement.id") == "q-fooled"


def test_passages_are_folded_away_and_open_on_demand(page: Browser) -> None:
    page.tell("document.getElementById('q-missed').open = true")
    page.wait("document.querySelector('#q-missed .passages')")
    assert page.tell("document.querySelectorAll('#q-missed .passages li').length") == 0
    page.tell("document.querySelector('#q-missed .passages').open = true")
    page.wait("document.querySelectorAll('#q-missed .passages li').length === 3")


def test_law_9_a_planted_script_is_words_and_no_request_leaves(page: Browser, outside: tuple[str, list[str]]) -> None:
    page.tell("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.wait("document.querySelectorAll('.passages').length === 5")
    assert page.tell("typeof window.planted") == "undefined"
    assert page.tell("document.querySelectorAll('img, iframe, object, link, a[href^=javascript]').length") == 0
    assert "⟨U+202E⟩gnp.exe" in page.tell("document.querySelector('#q-wrong blockquote').textContent")
    assert not [address for address in page.asked if not address.startswith("file:")]
    assert outside[1] == []


def test_the_policy_refuses_what_a_script_would_fetch_or_bring_in(page: Browser, outside: tuple[str, list[str]]) -> None:
    assert page.tell(f"fetch('{outside[0]}fetched').then(() => 'went out', () => 'refused')") == "refused"
    page.tell(
        "{const made = document.createElement('script'); made.textContent = 'window.planted = 4'; document.body.append(made)}"
    )
    made = f"const made = new Image(); made.onload = made.onerror = event => done(event.type); made.src = '{outside[0]}'"
    assert page.tell(f"new Promise(done => {{{made}}})") == "error"
    assert page.tell("typeof window.planted") == "undefined"
    assert outside[1] == []


def test_nothing_is_wider_than_a_narrow_screen(browser: Browser, outside: tuple[str, list[str]], tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(report.html(evaluation(outside[0])), encoding="utf-8")
    browser.open(path.as_uri(), width=400)
    browser.tell("document.querySelectorAll('details').forEach(one => { one.open = true })")
    browser.wait("document.querySelectorAll('.passages').length === 5")
    assert browser.tell("document.documentElement.scrollWidth") <= 400
