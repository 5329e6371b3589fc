from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import NothingThere, QAError, UsageError
from qa.eval.cases import Data, Listed, Shelf, case_record, cases, of_folder
from qa.eval.golden import entries
from qa.eval.types import Case, Place
from vectorstore.types import Span

FERRY = "The ferry sank. Nobody was hurt. “It was old,” said Ann Lee. Nobody was hurt."
CRANE = "A crane fell on the quay."
TEXTS = {"ferry-1": FERRY, "crane-1": CRANE}
SHELF = Shelf(
    [
        Listed("ferry-1", "Ferry sinks", "/news/ferry.md", ""),
        Listed("crane-1", "Crane falls", "/news/wire.jsonl#crane-1", ""),
    ],
    TEXTS.__getitem__,
)
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def into(name: str, content: str) -> Path:
        (tmp_path / name).write_text(content, encoding="utf-8")
        return tmp_path / name

    return into


@pytest.fixture
def yaml(write: Write) -> Callable[[str], tuple[Case, ...]]:
    return lambda content: cases(entries(write("golden.yaml", content)), SHELF)


def place(article: str, quote: str, nth: int = 1) -> Place:
    at = -1
    for _ in range(nth):
        at = TEXTS[article].index(quote, at + 1)
    return Place(article, Span(at, at + len(quote)), quote)


def refused(read: Callable[[], object]) -> QAError:
    with pytest.raises(QAError) as error:
        read()
    return error.value


BY_HAND = """\
# two questions
- id: said-1
  type: said
  question: Who said the ferry was old?
  answers: [Ann Lee]
  evidence:
    - article: ferry-1
      quote: “It was old,” said Ann Lee.
  alt:
    - - {article: Ferry sinks, quote: The ferry sank.}
      - {article: ferry.md, quote: It was old}
    - {article: wire.jsonl#crane-1, quote: crane}
  note: an unknown field
- question: How many were hurt?
  answerable: no
"""


def test_questions_written_by_hand_have_their_evidence_found(yaml: Callable[[str], tuple[Case, ...]]) -> None:
    said, hurt = yaml(BY_HAND)
    assert (said.id, said.kind, said.answers, said.answerable) == ("said-1", "said", ("Ann Lee",), True)
    assert said.evidence == (
        (place("ferry-1", "“It was old,” said Ann Lee."),),
        (place("ferry-1", "The ferry sank."), place("ferry-1", "It was old")),
        (place("crane-1", "crane"),),
    )
    assert said.gold_articles == ("ferry-1",)
    assert (hurt.answerable, hurt.evidence, hurt.gold_articles) == (False, (), ())


def test_a_question_without_an_id_is_numbered_by_its_place(yaml: Callable[[str], tuple[Case, ...]]) -> None:
    assert [case.id for case in yaml(BY_HAND)] == ["said-1", "q2"]


@pytest.mark.parametrize("name", ["ferry-1", "Ferry sinks", "ferry.md", "ferry", "news/ferry.md", "/news/ferry.md"])
def test_an_article_is_named_by_id_title_file_or_the_end_of_its_path(yaml: Callable[[str], tuple[Case, ...]], name: str) -> None:
    (case,) = yaml(f"- question: What sank?\n  evidence:\n  - article: {name}\n    quote: The ferry sank.\n")
    assert case.evidence[0][0].article == "ferry-1"


EVIDENCE = "- question: What?\n  evidence:\n    - article: ferry-1\n      quote: {}\n"


@pytest.mark.parametrize(
    ("evidence", "line", "words"),
    [
        ("The ferry burned.", 3, "does not hold"),
        ("Nobody was hurt.", 3, "more than once"),
        ("Nobody was hurt.\n      nth: 3", 3, "2 times, and nth is 3"),
        ("Nobody was hurt.\n      nth: second", 3, "nth is not a whole number"),
        ("The ferry sank.\n    - article: ferry-2\n      quote: The ferry", 5, "no article 'ferry-2'"),
        ("The ferry sank.\n    - only words", 1, "no object"),
        ("The ferry sank.\n    - article: ferry-1", 5, "it has no quote"),
        ("The ferry sank.\n      quote: again", 5, "stands twice"),
    ],
)
def test_evidence_that_cannot_be_found_is_an_error_with_file_and_line(
    yaml: Callable[[str], tuple[Case, ...]], evidence: str, line: int, words: str
) -> None:
    error = refused(lambda: yaml(EVIDENCE.format(evidence)))
    assert error.exit_code == 2
    assert error.message.startswith(f"golden.yaml, line {line}: ")
    assert words in error.message


def test_a_quote_that_only_looks_the_same_is_refused_with_the_articles_own_words(
    yaml: Callable[[str], tuple[Case, ...]],
) -> None:
    error = refused(lambda: yaml(EVIDENCE.format("'\"it was old,\" said Ann Lee.'")))
    assert "“It was old,” said Ann Lee." in error.hint


def test_nth_chooses_among_places_with_the_same_words(yaml: Callable[[str], tuple[Case, ...]]) -> None:
    (case,) = yaml(EVIDENCE.format("Nobody was hurt.\n      nth: 2"))
    assert case.evidence[0] == (place("ferry-1", "Nobody was hurt.", nth=2),)


def test_a_name_that_several_articles_have_is_refused() -> None:
    shelf = Shelf([Listed("a", "Same", "/a", ""), Listed("b", "Same", "/b", "")], TEXTS.__getitem__)
    from qa.eval.golden import Entry

    assert "2 articles" in refused(lambda: shelf.find("Same", Entry("f", 1, {}))).message


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("- question: [unclosed\n", 2),
        ("question: What?\n", 1),
        ("- just words\n", 1),
        ("- question: &a What?\n- question: *a\n", 2),
        ("- question: What?\n  answerable: perhaps\n", 1),
        ("- question: What?\n  since: last week\n", 1),
        ("- question: What?\n  id: a\n- question: Who?\n  id: a\n", 3),
        ("- answers: [one]\n", 1),
        ("- question: W\x07hat?\n", 1),
    ],
)
def test_what_is_off_in_a_yaml_file_is_told_with_its_line(
    yaml: Callable[[str], tuple[Case, ...]], content: str, line: int
) -> None:
    error = refused(lambda: yaml(content))
    assert isinstance(error, UsageError)
    assert error.message.startswith(f"golden.yaml, line {line}: ")


def test_yaml_words_that_look_like_something_else_stay_words(yaml: Callable[[str], tuple[Case, ...]]) -> None:
    (case,) = yaml("- {question: Is it so, answers: [Yes, 007, 2019-01-01, 1_000], since: 2019-01-02}\n")
    assert case.answers == ("Yes", "007", "2019-01-01", "1_000")
    assert case.since == "2019-01-02"
    assert case.answerable


@pytest.mark.parametrize("content", ["", "\n", "[]", "# nothing\n"])
def test_a_file_without_questions_is_told(yaml: Callable[[str], tuple[Case, ...]], content: str) -> None:
    assert isinstance(refused(lambda: yaml(content)), NothingThere)


def line(**fields: object) -> str:
    return json.dumps({"question": "What sank?", **fields}) + "\n"


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ({"article_id": "ferry-1", "start": 1, "end": 16, "quote": "The ferry sank."}, "not 'The ferry sank.'"),
        ({"article_id": "ferry-1", "start": 70, "end": 900}, "no place"),
        ({"article_id": "ferry-1", "start": 5, "end": 5}, "no place"),
        ({"article_id": "ferry-1", "start": -1, "end": 5}, "whole number"),
        ({"article_id": "gone", "start": 0, "end": 5}, "no article"),
        ({"start": 0, "end": 5}, "no article"),
    ],
)
def test_offsets_that_are_not_those_of_the_quote_are_an_error_with_the_line(
    write: Write, evidence: dict[str, object], words: str
) -> None:
    path = write("questions.jsonl", line() + line(evidence=[evidence]))
    error = refused(lambda: cases(entries(path), SHELF))
    assert error.message.startswith("questions.jsonl, line 2: ")
    assert words in error.message


def test_lines_take_offsets_quotes_or_both(write: Write) -> None:
    whole = {"article_id": "ferry-1", "start": 0, "end": 15, "quote": "The ferry sank."}
    offsets = {key: whole[key] for key in ("article_id", "start", "end")}
    quote = {key: whole[key] for key in ("article_id", "quote")}
    path = write("questions.jsonl", "".join(line(evidence=[one]) for one in (whole, offsets, quote)))
    assert {case.evidence for case in cases(entries(path), SHELF)} == {((place("ferry-1", "The ferry sank."),),)}


def test_a_question_may_be_answerable_without_marked_words(write: Write) -> None:
    path = write("questions.jsonl", line(answers=["the ferry"], answerable=True, evidence=[], gold_articles=["ferry-1"]))
    (case,) = cases(entries(path), SHELF)
    assert (case.answerable, case.evidence, case.gold_articles) == (True, (), ("ferry-1",))


@pytest.mark.parametrize("content", ["{", "[1]", '"words"', '{"question": 5', "NaN"])
def test_a_line_that_is_no_object_is_told(write: Write, content: str) -> None:
    path = write("questions.jsonl", f"{line()}\n{content}\n")
    assert refused(lambda: entries(path)).message.startswith("questions.jsonl, line 3: ")


def test_evidence_for_what_cannot_be_answered_is_a_contradiction(write: Write) -> None:
    path = write("questions.jsonl", line(answerable=False, evidence=[{"article_id": "ferry-1", "start": 0, "end": 5}]))
    assert "not to be answerable" in refused(lambda: cases(entries(path), SHELF)).message


def test_bytes_that_are_no_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_bytes(line().encode() + b'{"question": "caf\xe9"}\n')
    assert refused(lambda: entries(tmp_path / "questions.jsonl")).message.startswith("questions.jsonl, line 2: not UTF-8")


def test_a_file_of_another_kind_is_a_usage_error_and_one_that_is_not_there_is_nothing(write: Write, tmp_path: Path) -> None:
    assert refused(lambda: entries(write("questions.csv", "a,b"))).exit_code == 2
    assert refused(lambda: entries(tmp_path / "gone.jsonl")).exit_code == 4


def test_a_written_case_is_read_as_the_same_case(yaml: Callable[[str], tuple[Case, ...]], write: Write) -> None:
    found = yaml(BY_HAND)
    path = write("again.jsonl", "".join(json.dumps(case_record(case)) + "\n" for case in found))
    assert cases(entries(path), SHELF) == found


def folder(path: Path, *, title: str = "Ferry", question: str = "What sank?", text: str = FERRY, id: str = "ferry-1") -> Data:
    path.mkdir(exist_ok=True)
    (path / "articles.jsonl").write_text(json.dumps({"id": id, "title": title, "text": text}) + "\n", encoding="utf-8")
    (path / "questions.jsonl").write_text(line(question=question) + line(question="Who?"), encoding="utf-8")
    return of_folder(path, 1_000_000)


def test_the_digest_tells_questions_texts_and_titles_apart_and_nothing_else(tmp_path: Path) -> None:
    first = folder(tmp_path / "a")
    assert folder(tmp_path / "b").digest == first.digest
    others = [
        folder(tmp_path / "a", title="Boat"),
        folder(tmp_path / "a", question="What burned?"),
        folder(tmp_path / "a", text="No."),
    ]
    assert len({first.digest, first.first(1).digest, *(other.digest for other in others)}) == 5
    assert first.first(None).digest == first.first(9).digest == first.digest


def test_the_same_articles_under_other_ids_are_the_same_data(tmp_path: Path) -> None:
    found = []
    for name, id in (("a", "ferry-1"), ("b", "elsewhere-7")):
        folder(tmp_path / name, id=id)
        asked = line(evidence=[{"article_id": id, "quote": "The ferry sank."}], answers=["it sank"])
        (tmp_path / name / "questions.jsonl").write_text(asked, encoding="utf-8")
        found.append(of_folder(tmp_path / name, 1_000_000))
    assert [data.cases[0].evidence[0][0].article for data in found] == ["ferry-1", "elsewhere-7"]
    assert found[0].digest == found[1].digest


def test_a_folder_is_a_data_set_only_with_articles_and_questions(tmp_path: Path) -> None:
    assert refused(lambda: of_folder(tmp_path, 1_000_000)).exit_code == 2


def test_an_article_that_cannot_be_read_stops_the_evaluation(tmp_path: Path) -> None:
    folder(tmp_path / "a")
    with (tmp_path / "a" / "articles.jsonl").open("a") as stream:
        stream.write("{broken\n")
    error = refused(lambda: of_folder(tmp_path / "a", 1_000_000))
    assert "articles.jsonl, line 2" in error.message
