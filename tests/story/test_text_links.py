"""Links to words, followed by a real browser: it goes to the very words, not to the like of them elsewhere on the page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qa.render.fragments import link
from tests.story.browser import CHROMIUM, Browser
from vectorstore.types import Span

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

LONG = "At the quay, " + " and then ".join(f"crane number {number} lifted its load" for number in range(20)) + "."
PARAGRAPHS = [
    "Harbour to close",
    "The harbour closes on 3 May, the mayor said. It opened in 1911 - and it stayed open.",
    "“Fish & chips, 50% off?” she asked. No -one laughed, said Zoë Ørsted-Łuk.",
    "In the spring it opened again, and in the autumn it opened again, but late.",
    LONG,
    "Last of all: safety first.",
    "“Safety first,” the mayor said, and meant it.",
    "Ships left. Nobody\nspoke of them.",
]
TEXT = "\n\n".join(PARAGRAPHS)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A page with each paragraph far below the one before; its address."""
    tall = "".join(f'<p id="p{at}" style="margin-bottom: 3000px">{escape(one)}</p>' for at, one in enumerate(PARAGRAPHS))
    served = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>News</title>{tall}'.encode()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(served)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/news"
    server.shutdown()


@pytest.mark.parametrize(
    ("words", "after", "paragraph"),
    [
        pytest.param("It opened in 1911 - and it stayed open.", "", 1, id="a dash and blanks"),
        pytest.param("“Fish & chips, 50% off?” she asked.", "", 2, id="marks that have a meaning in an address"),
        pytest.param("said Zoë Ørsted-Łuk", "", 2, id="letters beyond ASCII and a hyphen"),
        pytest.param("it opened again", "autumn ", 3, id="the second of two like words in a paragraph"),
        pytest.param(LONG, "", 4, id="long words"),
        pytest.param("Safety first", "safety first.", 6, id="the second of two like words, in another case"),
        pytest.param("and meant it.\n\nShips left.", "", 6, id="words across paragraphs"),
        pytest.param("Nobody\nspoke of them.", "", 7, id="words across a line's end"),
    ],
)
def test_the_browser_goes_to_the_words(browser: Browser, site: str, words: str, after: str, paragraph: int) -> None:
    start = TEXT.index(words, TEXT.index(after))
    address = link(site, TEXT, Span(start, start + len(words)))
    assert address is not None
    browser.open(address)
    browser.wait(f"scrollY > 0 || {paragraph} === 0")
    near = f"document.getElementById('p{paragraph}').getBoundingClientRect()"
    browser.wait(f"{near}.bottom > 0 && {near}.top < innerHeight")
