from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import qa
from qa import Document, Library, QAError
from qa.ask import Undrafted
from qa.blocks import content_blocks
from qa.draft.interface import Draft, DraftClaim, Reference, numbered
from qa.errors import ProviderError
from qa.types import Passage
from tests.conftest import SAMPLES
from tests.unit.test_origins import copies

README = (SAMPLES.parent / "README.md").read_text(encoding="utf-8")
FEW = ("wrenmouth-crane-warning.md", "wrenmouth-crane-correction.md", "finland-joins-nato.md")
QUESTION = "Who said the harbour crane was unsafe?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("api") / "home"
    with Library(home) as library:
        report = library.add(*(SAMPLES / name for name in FEW), Document("The pier is open.", "/pier", id="pier"))
    assert len(report.added) == 4
    return home


def test_a_library_answers_in_a_few_lines(home: Path) -> None:
    with Library(home, offline=True) as library:
        answer = library.ask(QUESTION)
        assert "Hanne Voss" in answer.claims[0].text
        citation = answer.citations[0]
        assert library.article(citation.article.id).text[citation.span.start : citation.span.end] == citation.quote
        follow = library.ask("what did she count?", before=answer)
        assert follow.question == "what did Hanne Voss count?"


def test_filters_search_articles_and_summaries_are_there_as_well(home: Path) -> None:
    with Library(home) as library:
        assert library.ask(QUESTION, since="2031").reason == "filtered_out"
        assert library.search("crane", limit=2)[0].text
        assert {"pier"} < {article.id for article in library.articles()}
        assert library.summarize(SAMPLES / FEW[2], length=2).claims
        assert library.about("the harbour crane", length=2).claims


def test_a_source_that_cannot_be_read_is_skipped_and_what_is_asked_wrongly_raises(home: Path) -> None:
    with Library(home) as library:
        assert library.add("no-such-file.txt").skipped
        with pytest.raises(QAError, match="no article"):
            library.article("nobody")
        with pytest.raises(QAError, match="not a date"):
            library.search("crane", since="yesterday")
        with pytest.raises(QAError):
            library.ask(QUESTION, model="nobody")


def test_the_example_in_readme_runs(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("QA_HOME", str(home))
    monkeypatch.chdir(SAMPLES.parent)
    example = next(code for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "Library(" in code)
    exec(compile(example, "README.md", "exec"), {})
    assert "Hanne Voss" in capsys.readouterr().out


def test_importing_the_package_loads_nothing() -> None:
    code = "import sys, qa; print([m for m in sys.modules if m.startswith(('qa.', 'numpy', 'sqlite3', 'langchain'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_every_public_name_is_there_and_no_other() -> None:
    assert all(getattr(qa, name) for name in qa.__all__)
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = qa.nothing_such  # type: ignore[attr-defined]


def test_a_retriever_gives_documents_with_their_exact_place_one_at_a_time_and_in_threads(home: Path) -> None:
    from qa.langchain_retriever import GroundwireRetriever

    retriever = GroundwireRetriever(home=home, k=3)
    found = retriever.invoke(QUESTION)
    assert 1 <= len(found) <= 3
    with Library(home) as library:
        for document in found:
            text = library.article(document.metadata["article_id"]).text
            assert text[document.metadata["start"] : document.metadata["end"]] == document.page_content
    both = retriever.batch([QUESTION, "Finland NATO"])
    assert both[0] == found
    assert "Finland" in both[1][0].page_content
    assert GroundwireRetriever(home=home, since="2031").invoke(QUESTION) == []


def test_an_answer_as_content_blocks_keeps_its_exact_places_through_a_message(home: Path) -> None:
    from langchain_core.messages import AIMessage

    with Library(home) as library:
        answer = library.ask(QUESTION)
    blocks = content_blocks(answer)
    message = AIMessage.model_validate_json(AIMessage(content_blocks=blocks).model_dump_json())  # type: ignore[arg-type]
    assert len(message.content_blocks) == len(answer.claims)
    for claim, block in zip(answer.claims, message.content_blocks, strict=True):
        assert block["text"] == claim.text
        assert [one["extras"]["number"] for one in block["annotations"]] == list(claim.citations)
        for one in block["annotations"]:
            citation = answer.citations[one["extras"]["number"] - 1]
            assert (one["extras"]["start"], one["extras"]["end"]) == (citation.span.start, citation.span.end)
            assert one["cited_text"] == citation.quote
            assert block["text"][one["start_index"] : one["end_index"]] == claim.text


def test_a_refusal_is_one_block_that_says_what_is_missing(home: Path) -> None:
    with Library(home) as library:
        answer = library.ask(QUESTION, since="2031")
    assert [block["text"] for block in content_blocks(answer)] == [answer.message]


class Breaking:
    """A drafter that proposes the first sentence it is shown, and then fails."""

    name, prompt = "breaking", None

    def __init__(self, *_: object) -> None:
        """Needs nobody."""

    def draft_stream(self, question: str, passages: Sequence[Passage]) -> Iterator[Draft]:
        shown = numbered(passages)
        yield Draft(shown, (DraftClaim(shown[0].text, (Reference(0, shown[0].text),)),), 0.5)
        raise ProviderError("it broke", "try again")


def test_copies_are_told_of_one_article_summarized_and_of_what_was_proven_before_a_drafter_failed(tmp_path: Path) -> None:
    with Library(tmp_path / "home") as library:
        library.add(*copies())
        summary = library.summarize("wire", length=1)
        assert summary.citations[0].origin == "wire"
        assert summary.citations[0].copies
        with pytest.raises(Undrafted) as failed:
            library.ask("Who promised an inquiry?", model="tests.unit.test_api:Breaking")
        assert failed.value.answer
        assert failed.value.answer.citations[0].origin == "wire"
        (tmp_path / "wire.jsonl").write_text('{"id": "wire", "text": "A crane fell. Nobody was hurt."}')
        assert library.summarize(tmp_path / "wire.jsonl", length=1).citations[0].origin is None, "it only has the same name"
