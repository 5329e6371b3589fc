"""What becomes of saved citations when articles change."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import NothingThere, UsageError
from qa.library import Library
from qa.records import citations
from qa.rows import sha256_of
from qa.types import Document
from qa.verdicts import Cited, Verified
from qa.verify import Verifier
from qa.versions import difference, versions

TEXT = (
    "The harbour crane was closed on Monday. Inspector Hanne Voss found 15 cracks in its arm.\n\n"
    "“I would not stand under it,” she said. The council meets on Friday. It will not open the crane before May."
)
QUOTE = "Inspector Hanne Voss found 15 cracks in its arm."


def count(given: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in given]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path, create=True)


def put(library: Library, text: str, id: str = "crane") -> None:
    with library.writing():
        stored(library, text, id)


def stored(library: Library, text: str, id: str) -> None:
    library.put(Document(text, f"/{id}", id=id), count)


def cited(text: str = TEXT, quote: str = QUOTE, id: str = "crane", version: int = 1) -> Cited:
    start = text.index(quote)
    end = start + len(quote)
    return Cited(
        "a.json", 1, id, sha256_of(text), version, start, end, quote, text[max(0, start - 32) : start], text[end : end + 32]
    )


def verdict(library: Library, one: Cited) -> Verified:
    return Verifier(library).verify(one)


def test_a_citation_of_the_current_text_is_valid(library: Library) -> None:
    put(library, TEXT)
    found = verdict(library, cited())
    assert (found.verdict, found.ok, found.span.of(TEXT) if found.span else "") == ("valid", True, QUOTE)


def test_words_pushed_along_have_moved_and_are_found_again(library: Library) -> None:
    put(library, TEXT)
    longer = f"Updated at noon. {TEXT}"
    put(library, longer)
    found = verdict(library, cited())
    assert (found.verdict, found.ok, found.version) == ("moved", True, 2)
    assert found.span is not None
    assert found.span.of(longer) == QUOTE


def test_words_that_a_later_version_no_longer_has_have_changed_since_that_version(library: Library) -> None:
    put(library, TEXT)
    put(library, f"{TEXT} More follows.")
    put(library, TEXT.replace("15 cracks", "51 cracks"))
    found = verdict(library, cited())
    assert (found.verdict, found.ok, found.since, found.version) == ("changed", False, 3, 3)
    assert [(one.source, one.quoted, one.kind) for one in found.diff if one.op != "equal"] == [("51", "15", "number")]
    assert found.span is not None
    assert "51 cracks" in found.span.of(library.article("crane").text)


@pytest.mark.parametrize(
    ("there", "recorded", "kind"),
    [("15", "16", "number"), ("Voss", "Lund", "name"), ("found", "never found", "negation")],
)
def test_a_record_whose_words_were_altered_is_shown_word_by_word(library: Library, there: str, recorded: str, kind: str) -> None:
    put(library, TEXT)
    found = verdict(library, replace(cited(), quote=QUOTE.replace(there, recorded)))
    assert (found.verdict, found.ok) == ("altered", False)
    assert kind in {one.kind for one in found.diff}


def test_a_record_that_differs_in_typography_alone_is_not_passed_for_the_articles_words(library: Library) -> None:
    put(library, TEXT)
    start = TEXT.index("“I would")
    one = replace(cited(), quote='"I would not stand under it,"', start=start, end=start + 29)
    assert verdict(library, one).verdict == "altered"


def test_words_of_another_article_are_misattributed_and_it_is_named(library: Library) -> None:
    put(library, TEXT)
    other = "Nothing was said about cranes. Ida Brandt has sold the ferry to a museum in Norway for one krone."
    put(library, other, "ferry")
    found = verdict(library, replace(cited(), quote="Ida Brandt has sold the ferry to a museum in Norway for one krone."))
    assert (found.verdict, found.article_id) == ("misattributed", "ferry")
    assert found.span is not None
    assert found.span.of(other).startswith("Ida Brandt")


def test_words_at_several_places_are_ambiguous_unless_their_surroundings_tell(library: Library) -> None:
    put(library, TEXT)
    put(library, f"A. {QUOTE} B. {QUOTE} C.")
    assert verdict(library, cited()).verdict == "ambiguous"
    put(library, f"A. {QUOTE} B. {TEXT}")
    found = verdict(library, cited())
    assert found.verdict == "moved"
    assert found.span is not None
    assert found.span.start > 40


def test_words_that_stand_nowhere_are_missing(library: Library) -> None:
    put(library, TEXT)
    assert (
        verdict(library, replace(cited(), quote="Penguins have taken over the southern ferry terminal at last.")).verdict
        == "missing"
    )


def test_a_citation_of_an_article_that_is_gone_is_missing_and_says_so(library: Library) -> None:
    put(library, "Something else altogether stands here.", "other")
    found = verdict(library, cited())
    assert found.verdict == "missing"
    assert "no article" in found.note


def test_a_piece_of_a_longer_number_is_not_the_number_that_was_cited(library: Library) -> None:
    text, later = "They sent 5 tanks.", "They sent 15 tanks."
    put(library, text)
    put(library, later)
    assert verdict(library, cited(text, "5 tanks")).verdict == "changed"


@pytest.mark.parametrize("place", [(-5, 3), (10**9, 10**9 + 3), (30, 10), (0, 0)])
def test_a_record_with_an_impossible_place_is_judged_by_its_words(library: Library, place: tuple[int, int]) -> None:
    put(library, TEXT)
    assert verdict(library, replace(cited(), start=place[0], end=place[1])).verdict == "moved"


WORDS = "harbour crane council ferry engine winter signal market bridge corner letter window garden silver tunnel".split()


def sentence(chance: random.Random) -> str:
    return f"{' '.join(chance.choices(WORDS, k=chance.randint(4, 9)))} {chance.randrange(1000)}.".capitalize()


def occurrences(text: str, quote: str) -> list[int]:
    """By brute force: each place of the quote at which no letter or digit meets another."""
    found = [at for at in range(len(text) - len(quote) + 1) if text.startswith(quote, at)]
    return [at for at in found if not met(text[:at], quote) and not met(quote, text[at + len(quote) :])]


def met(one: str, two: str) -> bool:
    return one[-1:].isalnum() and two[:1].isalnum()


def oracle(kept: Sequence[str], other: str, one: Cited) -> str:
    """The verdict, worked out from the texts alone. ``kept``: the article's versions, none where it was removed."""
    elsewhere = "misattributed" if occurrences(other, one.quote) else ""
    if not kept:
        return elsewhere or "missing"
    places = occurrences(kept[-1], one.quote)
    if one.start in places:
        return "valid"
    if not places:
        return "changed"
    around = [
        kept[-1][:at].endswith(one.prefix or "\0") + kept[-1][at + len(one.quote) :].startswith(one.suffix or "\0")
        for at in places
    ]
    return "moved" if around.count(max(around)) == 1 else "ambiguous"


def edited(text: str, one: Cited, chance: random.Random) -> str:
    """One edit, at, before, after or in the middle of the cited words wherever they stand now."""
    at = text.find(one.quote)
    start, end = (at, at + len(one.quote)) if at >= 0 else (0, len(text))
    way = chance.randrange(7)
    if way == 0:
        where = chance.randint(0, start)
        return f"{text[:where]}{sentence(chance)} {text[where:]}"
    if way == 1:
        where = chance.randint(start, end)
        return f"{text[:where]}{chance.choice(WORDS)}{chance.choice(['', ' '])}{text[where:]}"
    if way == 2:
        where = chance.randint(end, len(text))
        return f"{text[:where]} {sentence(chance)}{text[where:]}"
    if way == 3:
        first = chance.randint(0, len(text) - 1)
        return text[:first] + text[first + chance.randint(1, 40) :]
    if way == 4:
        where = chance.choice([0, start, end, len(text)])
        return f"{text[:where]} {one.quote} {text[where:]}"
    if way == 5:
        return f"{text}\n\n{text}"
    return text


def agreed(library: Library, cases: int, seed: int) -> None:
    chance = random.Random(seed)
    with library.writing():
        for number in range(cases):
            agreed_once(library, number, chance)


def agreed_once(library: Library, number: int, chance: random.Random) -> None:
    lines = [sentence(chance) for _ in range(chance.randint(2, 8))]
    text, id = " ".join(lines), f"a{number}"
    one = cited(text, chance.choice(lines), id)
    kept = [text]
    stored(library, text, id)
    other = " ".join([sentence(chance), one.quote, sentence(chance)]) if chance.random() < 0.3 else sentence(chance)
    stored(library, other, f"b{number}")
    for _ in range(chance.randint(1, 3)):
        kept.append(edited(kept[-1], one, chance) or "gone")
        stored(library, kept[-1], id)
    if chance.random() < 0.1:
        kept = []
        library.remove(id)
    found = verdict(library, one)
    assert found.verdict == oracle(kept, other, one), (number, kept, one)
    if found.ok:
        assert found.span is not None
        assert found.span.of(kept[-1]) == one.quote
    library.remove(f"b{number}")


def test_after_any_edit_the_verdict_is_the_one_that_the_texts_alone_give(library: Library) -> None:
    agreed(library, 200, 5)


@pytest.mark.slow
def test_after_ten_thousand_random_edits_every_verdict_is_the_one_that_the_texts_alone_give(library: Library) -> None:
    agreed(library, 5_000, 1)


def record(**changed: object) -> dict[str, object]:
    one = cited()
    fields = {"number": 1, "article_id": one.article_id, "article_sha256": one.article_sha256, "version": 1, "start": one.start}
    return {"citations": [{**fields, "end": one.end, "quote": one.quote, "prefix": "", "suffix": "", **changed}], "claims": []}


def test_records_are_read_from_a_file_from_lines_from_a_folder_and_from_stdin(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(record(), indent=1))
    (folder / "session.jsonl").write_text(f"{json.dumps(record())}\n\n{json.dumps(record())}\n")
    (folder / "metrics.json").write_text('{"hits": 1}')
    assert len(citations(str(folder / "a.json"), io.BytesIO())[0]) == 1
    assert [one.record for one in citations(str(folder / "session.jsonl"), io.BytesIO())[0]][1].endswith("session.jsonl:3")
    found, others = citations(str(folder), io.BytesIO())
    assert (len(found), len(others)) == (3, 1)
    assert "metrics.json" in others[0]
    assert len(citations("-", io.BytesIO(json.dumps(record()).encode()))[0]) == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]x",
        "{}",
        "[1]",
        '{"citations": [3]}',
        json.dumps(record(start="4")),
        json.dumps(record(start=True)),
        json.dumps(record(quote=None)),
    ],
)
def test_what_is_no_record_is_told(content: str) -> None:
    with pytest.raises(UsageError):
        citations("-", io.BytesIO(content.encode()))


def test_a_claim_that_cites_what_the_record_does_not_have_is_told() -> None:
    broken = {**record(), "claims": [{"text": "x", "citations": [2]}]}
    with pytest.raises(UsageError, match="cites 2"):
        citations("-", io.BytesIO(json.dumps(broken).encode()))


def test_a_record_that_is_not_there_is_told() -> None:
    with pytest.raises(NothingThere):
        citations("no-such-record.json", io.BytesIO())


def test_versions_are_listed_and_compared_word_by_word(library: Library) -> None:
    put(library, TEXT)
    put(library, TEXT.replace("Friday", "Saturday"))
    assert [one.number for one in versions(library, "crane")] == [1, 2]
    changes = [one for one in difference(library, "crane").changes if one.op != "equal"]
    assert [(one.source, one.quoted, one.kind) for one in changes] == [("Friday.", "Saturday.", "date")]


def test_an_article_with_one_version_has_nothing_to_compare(library: Library) -> None:
    put(library, TEXT)
    with pytest.raises(NothingThere, match="one version"):
        difference(library, "crane")
