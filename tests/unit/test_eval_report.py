from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from qa.eval import plots, report
from qa.eval.page import figures, marked, verdicts, view
from qa.eval.page.metrics import grouped
from qa.eval.score import score
from qa.eval.types import Bin, Case, Cited, Outcome, Place, Row, Run, Source
from qa.text import sentences
from vectorstore.types import Span

TEXT = "The harbour closes on 3 May.\r\n\r\nThe mayor spoke of safety. She was calm.\n \nWork starts in June. It ends in July."
HOSTILE = '<script>alert(1)</script> "onload=x \x1b[31m \u202egnp.exe \udc80 </script><!-- `x` [a](javascript:b) | *c* </details>'


def source(text: str = TEXT, title: str = "Harbour to close") -> Source:
    return Source(text, tuple(sentences(text)), title, "Elin Post", "2024-04-30")


def place(quote: str, text: str = TEXT) -> Place:
    start = text.index(quote)
    return Place("a", Span(start, start + len(quote)), quote)


CLOSES, SPOKE, STARTS = place("The harbour closes on 3 May."), place("The mayor spoke of safety."), place("Work starts in June.")


def case(id: str, *answers: str, evidence: tuple[Place, ...] = (), kind: str | None = "date") -> Case:
    return Case(id, f"What about {id}?", answers, bool(answers), (evidence,) if evidence else (), ("a",), kind)


def outcome(confidence: float, *cited: Place, passages: tuple[Place, ...] = (CLOSES, SPOKE)) -> Outcome:
    citations = tuple(Cited(one, at, True) for at, one in enumerate(cited))
    reason, message = (None, None) if cited else ("not_in_articles", "Not found in these articles.")
    claims = tuple(one.quote for one in cited)
    return Outcome(bool(cited), reason, message, confidence, claims, ("supported",) * len(cited), 0, citations, passages, 0.1)


CASES = [
    case("right", "3 May", evidence=(CLOSES,)),
    case("wrong", "June", evidence=(STARTS,)),
    case("missed", "May", evidence=(CLOSES,), kind="said"),
    case("silent", kind="near miss"),
    case("fooled", kind="near miss"),
]
DRAFTED = [outcome(0.9, CLOSES), outcome(0.8, SPOKE), outcome(0.3), outcome(0.2), outcome(0.7, STARTS, CLOSES)]


def run(cases: list[Case] = CASES, drafted: list[Outcome] = DRAFTED, sources: dict[str, Source] | None = None) -> Run:
    known = {"a": source()} if sources is None else sources
    silent = [outcome(0.0) for _ in cases]
    scores = [score("extractive/1", cases, drafted, known), score("nothing", cases, silent, known)]
    return Run("harbour", "0123456789abcdef" * 4, scores, known, {"model": "extractive/1"})


def hostile() -> Run:
    """Markup and control characters in every text that comes from outside."""
    text = f"{HOSTILE} It closes. {HOSTILE}"
    cited = place("It closes.", text)
    cases = [Case(HOSTILE, HOSTILE, (HOSTILE,), True, ((cited,),), ("a",), HOSTILE)]
    drafted = [replace(outcome(0.9, cited, passages=(cited,)), claims=(HOSTILE,))]
    made = run(cases, drafted, {"a": Source(text, tuple(sentences(text)), HOSTILE, HOSTILE, HOSTILE)})
    return replace(made, data=HOSTILE, settings={HOSTILE: HOSTILE})


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._last = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._last = tag

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._last, []).append(data)

    def attributes(self, tag: str, name: str) -> list[str]:
        return [value for one, known in self.elements if one == tag and (value := known.get(name)) is not None]


def record_of(page: str) -> dict[str, list[dict[str, object]]]:
    found = re.search(r'<script type="application/json" id="record">(.*?)</script>', page, re.DOTALL)
    assert found
    loaded: dict[str, list[dict[str, object]]] = json.loads(found.group(1))
    return loaded


def test_law_9_nothing_an_article_or_question_says_becomes_markup() -> None:
    tame, wild = Page(report.html(run())), Page(report.html(hostile()))
    assert len(wild.attributes("script", "type")) == 1
    assert sum(tag == "script" for tag, _ in wild.elements) == 2
    assert {tag for tag, _ in wild.elements} <= {tag for tag, _ in tame.elements}
    assert not [name for _, known in wild.elements for name in known if name.startswith("on")]
    assert all(address.startswith("#") for address in wild.attributes("a", "href"))


def test_law_9_control_and_bidi_characters_are_seen_and_not_obeyed() -> None:
    page = report.html(hostile())
    assert not set(page) & {"\x1b", "\u202e", "\udc80"}
    assert "␛[31m" in page
    assert "⟨U+202E⟩gnp.exe" in page
    page.encode("utf-8")


def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else() -> None:
    page = report.html(run())
    (policy,) = [one for one in Page(page).attributes("meta", "content") if one.startswith("default-src 'none'")]
    for tag in ("style", "script"):
        found = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert found
        digest = base64.b64encode(hashlib.sha256(found.group(1).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not Page(page).attributes("div", "style")


def test_the_page_names_nothing_outside_itself() -> None:
    page = report.html(run())
    assert not [known for _, known in Page(page).elements if known.get("src")]
    assert not re.search(r"url\(|@import|https?://", page)


def test_the_same_run_makes_the_same_page() -> None:
    assert report.html(run()) == report.html(run())
    assert report.markdown(run()) == report.markdown(run())


def test_a_run_without_a_drafter_has_nothing_to_report() -> None:
    for render in (report.html, report.markdown):
        with pytest.raises(ValueError, match="without a drafter"):
            render(replace(run(), scores=()))


def test_a_run_without_questions_is_a_page_without_plots() -> None:
    page = report.html(run([], [], {}))
    assert "<svg" not in page
    assert record_of(page) == {"articles": [], "questions": []}


def test_each_question_has_one_of_the_outcomes() -> None:
    assert [verdicts.verdict(row).name for row in run().scores[0].rows] == ["right", "wrong", "missed", "silent", "fooled"]
    unmarked = run([case("x", "harbour"), case("y", "ship")], [outcome(0.5, CLOSES), outcome(0.5, CLOSES)])
    assert [verdicts.verdict(row).name for row in unmarked.scores[0].rows] == ["right", "words"]
    blank = Row(Case("z", "?", (), True, (), ()), outcome(0.5, CLOSES), {})
    assert verdicts.verdict(blank) is verdicts.UNTOLD


def test_the_outcomes_on_the_buttons_add_up_to_all_questions() -> None:
    assert [sum(counts) for counts in zip(*(one.counts for one in verdicts.tallies(run())), strict=True)] == [5, 5]


def test_cited_and_evidence_are_marked_apart_and_where_they_overlap() -> None:
    cited, gold = place("closes on 3 May.\r\n\r\nThe"), place("The harbour closes")
    record = record_of(report.html(run([case("x", "3 May", evidence=(gold,))], [outcome(0.9, cited)])))
    ((article, first, last, flags, numbers),) = record["questions"][0]["excerpts"]  # type: ignore[misc]
    pieces = record["articles"][article]["pieces"]
    by_mark: dict[str, str] = {}
    for piece, flag in zip(pieces[first:last], flags, strict=True):  # type: ignore[index]
        by_mark[flag] = by_mark.get(flag, "") + piece
    assert by_mark["3"] == "closes"
    assert by_mark["2"] == "The harbour "
    assert by_mark["1"] == " on 3 May.\n\nThe"
    assert by_mark["0"].startswith(" mayor spoke")
    assert [pieces[piece] for piece, number in numbers] == ["closes"]  # type: ignore[index]


def test_an_excerpt_is_the_paragraph_and_of_a_long_one_the_sentences_around() -> None:
    assert marked.surroundings(source(), SPOKE.span).of(TEXT) == "The mayor spoke of safety. She was calm."
    long = " ".join(f"This is sentence number {at} of a very long paragraph." for at in range(60))
    middle = place("This is sentence number 30 of", long)
    shown = marked.surroundings(source(long), middle.span).of(long)
    assert shown.startswith("This is sentence number 28")
    assert shown.endswith("This is sentence number 32 of a very long paragraph.")


def test_evidence_that_was_not_cited_is_shown_too() -> None:
    shown = marked.of_row(run().scores[0].rows[1], {"a": source()})
    assert [(one.cited, one.gold) for one in shown.excerpts] == [(True, False), (False, True)]


def test_words_that_are_not_at_their_place_are_told_and_never_marked() -> None:
    lost = replace(outcome(0.9, CLOSES), citations=(Cited(Place("a", Span(5, 9999), "<b>lost</b>"), 0, False),))
    foreign = outcome(0.9, replace(CLOSES, article="elsewhere"), passages=(replace(CLOSES, article="elsewhere"),))
    for drafted, quote in ((lost, "<b>lost</b>"), (foreign, CLOSES.quote)):
        asked = view.questions(run([case("x", "3 May")], [drafted]))
        (shown,) = json.loads(asked.record)["questions"]
        assert shown["stray"] == [[1, quote]]
        assert shown["excerpts"] == []


def test_a_page_over_much_text_stays_light_and_says_what_it_left_out() -> None:
    texts = {f"a{at}": "".join(f"Sentence {at} {word} goes on and on. " for word in range(1000)) for at in range(160)}
    sources = {name: Source(text, (), name) for name, text in texts.items()}
    passages = [tuple(Place(f"a{at * 4 + of}", Span(0, 30000), "") for of in range(4)) for at in range(40)]
    drafted = [outcome(0.1, passages=passages[at % 40]) for at in range(800)]
    page = report.html(run([case(f"q{at}", "x") for at in range(800)], drafted, sources))
    assert len(page.encode()) < 5_000_000
    assert "only the first 1 of the passages" in page or "only the first 3 of the passages" in page


def test_two_questions_whose_ids_differ_in_blanks_alone_keep_links_of_their_own() -> None:
    asked = view.questions(run([case("a b", "x"), case("a\tb", "x")], [outcome(0.1), outcome(0.1)]))
    assert len({one.anchor for one in asked.all}) == 2


def test_an_interval_holds_its_figure_and_narrows_with_more_questions() -> None:
    few = run().scores[0]
    many = run(CASES * 20, DRAFTED * 20).scores[0]
    widths = []
    for scores in (few, many):
        found = figures.intervals(scores, {"a": source()})
        assert all(low - 1e-9 <= scores.figures[name] <= high + 1e-9 for name, (low, high) in found.items() if name != "ece")
        widths.append(found["hit@1"][1] - found["hit@1"][0])
    assert widths[1] < widths[0]


def best(made: Run, name: str) -> list[bool]:
    (line,) = [line for line in figures.main_lines(made) if line.metric.name == name]
    return [cell.best for cell in line.cells]


def test_the_best_is_marked_by_the_metrics_own_direction_and_a_tie_is_not() -> None:
    worse = score("worse", CASES, [outcome(0.9, SPOKE) for _ in CASES], {"a": source()})
    made = replace(run(), scores=(run().scores[0], worse))
    assert best(made, "hit@1") == [True, False]
    assert best(made, "aurc") == [True, False]
    assert best(made, "recall@10") == [False, False]


def test_what_answers_nothing_is_never_the_best() -> None:
    assert run().scores[1].figures["ece"] < run().scores[0].figures["ece"]
    assert best(run(), "ece") == [False, False]


def test_every_metric_of_a_run_has_words_of_its_own() -> None:
    groups = grouped(name for scores in run().scores for name in scores.figures)
    assert not [metric.name for group in groups for metric in group.metrics if not metric.told]


def test_a_metric_without_words_is_shown_under_its_name() -> None:
    (group,) = grouped(["novelty"])
    assert [(metric.name, metric.label) for metric in group.metrics] == [("novelty", "novelty")]


def test_a_cut_off_is_in_the_metrics_words() -> None:
    labels = [metric.label for group in grouped(["hit@1", "hit@3", "recall@1"]) for metric in group.metrics]
    assert labels == ["Right place first", "Right place among the first 3", "Evidence in the first passage"]


def test_the_plots_show_the_runs_own_figures() -> None:
    made = {plot.id: plot for plot in plots.plots(run())}
    assert set(made) == {"coverage", "calibration", "kinds", "lengths"}
    assert {name: value for name, _, value in made["kinds"].rows} == {"date": "0.500", "said": "0.000"}
    assert sum(int(count) for _, count, _, _ in made["calibration"].rows) == 5
    assert sum(int(count) for _, count in made["lengths"].rows) == 2


def test_a_bins_interval_is_the_one_of_the_textbook() -> None:
    low, high = plots.wilson(Bin(0.8, 0.9, 10, 0.85, 0.8))
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert plots.wilson(Bin(0.8, 0.9, 1, 0.85, 1.0))[1] == 1.0


def test_the_markdown_holds_the_table_the_outcomes_and_the_folded_answers() -> None:
    text = report.markdown(run())
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("<table>") >= 3
    assert "extractive/1" in html.split("</thead>")[0]
    assert "The most confident wrong answers (2)" in html
    assert html.index("What about wrong?") < html.index("What about fooled?") < html.index("Missed, nearest")
    assert "What about missed?" in html
    assert text.count("<details>") == text.count("</details>") == 4


def test_the_markdown_folds_ten_wrong_answers_the_most_confident_first() -> None:
    cases = [case(f"w{at:02d}", "June", evidence=(STARTS,)) for at in range(15)]
    text = report.markdown(run(cases, [outcome(at / 20, SPOKE) for at in range(15)]))
    assert re.findall(r"What about (w\d\d)", text) == [f"w{at:02d}" for at in range(14, 4, -1)]


def test_law_9_an_articles_words_are_no_markdown() -> None:
    text = report.markdown(hostile())
    assert not re.search(r"<(?!/?details>|/?summary>)", text)
    assert "\x1b" not in text
    assert text.count("<details>") == text.count("</details>")
    assert not [token for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text) if token.type == "link_open"]
