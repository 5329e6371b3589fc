"""The report in a real browser: what a person sees, and what the page may not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.eval import report
from qa.eval.score import score
from qa.eval.types import Case, Cited, Outcome, Place, Run, Source
from qa.text import sentences
from tests.story.browser import CHROMIUM, Browser
from vectorstore.types import Span

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

PLANTED = (
    '<script>window.planted = 1</script><img src="{url}image" onerror="window.planted = 2">'
    '<a href="javascript:window.planted = 3">\u202egnp.exe\u202c</a> <style>@import "{url}style";</style></script>'
)


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
