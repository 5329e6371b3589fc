"""Golden questions with their evidence, found and checked before anything is asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path, PurePosixPath

from qa.errors import NothingThere, UsageError
from qa.eval.golden import Entry, entries
from qa.eval.types import Case, Place
from qa.ingest.types import Skipped
from qa.library import Library
from qa.rows import sha256_of
from qa.text import fold
from qa.types import Document
from vectorstore.types import Span

ARTICLES = "articles.jsonl"
QUESTIONS = ("questions.jsonl", "questions.yaml", "questions.yml")


@dataclass(frozen=True, slots=True)
class Listed:
    """An article that questions can name."""

    id: str
    title: str
    origin: str
    mark: str
    """Changes whenever its text, title or date does."""


@dataclass(frozen=True, slots=True)
class Data:
    """What an evaluation is run on."""

    name: str
    cases: tuple[Case, ...]
    articles: tuple[Listed, ...]
    documents: tuple[Document, ...] | None = None
    """The articles, where the data brings its own; else they are the current library's."""

    def first(self, limit: int | None) -> Data:
        """The same with its first ``limit`` questions."""
        return replace(self, cases=self.cases[:limit])

    @property
    def digest(self) -> str:
        """SHA-256 over the questions and over each article's text, title and date, in no order of theirs.

        Ids do not count: that of a file says where it lies, and the same data elsewhere are the same data.
        """
        marks = {article.id: article.mark for article in self.articles}
        lines = [_unplaced(case, marks) for case in self.cases] + sorted(marks.values())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True)
class Shelf:
    """The articles that evidence may stand in, by each name that a person may give them."""

    articles: Sequence[Listed]
    text: Callable[[str], str]
    """Gives the text of the article with an id."""
    _names: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for article in self.articles:
            for name in _names(article):
                self._names.setdefault(name, []).append(article.id)

    def find(self, named: str, entry: Entry) -> str:
        """The id of the article of that id, title, address or file name. Raises UsageError where none or several have it."""
        found = self._names.get(f"id:{named}") or self._names.get(named) or []
        ends = f"/{named.lstrip('/')}"
        found = found or [one.id for one in self.articles if one.origin.endswith(ends)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise entry.wrong(f"there is no article {named!r}", "name it by its id, its title or its file's name; see: qa list")
        raise entry.wrong(f"{len(found)} articles are called {named!r}", f"give one of the ids {', '.join(found[:4])}")


def _names(article: Listed) -> set[str]:
    file = PurePosixPath(article.origin)
    return {f"id:{article.id}", article.title, article.origin, file.name, file.stem} - {""}


def of_folder(folder: Path, limit: int) -> Data:
    """A data set with articles of its own; no article may have more than ``limit`` bytes.

    Raises UsageError, with file and line, for whatever is not as it should be.
    """
    from qa.ingest import read

    questions = next((folder / name for name in QUESTIONS if (folder / name).is_file()), None)
    if questions is None or not (folder / ARTICLES).is_file():
        raise UsageError(f"{folder} does not hold {ARTICLES} and {QUESTIONS[0]}", "give a folder with both, or a questions file")
    documents: list[Document] = []
    for found in read(str(folder / ARTICLES), limit=limit, fetch=False):
        if isinstance(found, Skipped):
            raise UsageError(f"{ARTICLES}, {found.reason}", "mend the file: every article counts in an evaluation")
        documents.append(found)
    texts = {document.id or document.origin: document.text for document in documents}
    articles = tuple(_listed(document) for document in documents)
    shelf = Shelf(articles, texts.__getitem__)
    return Data(folder.resolve().name, cases(entries(questions), shelf), articles, tuple(documents))


def _listed(document: Document) -> Listed:
    if document.id is None:
        raise UsageError(f"{ARTICLES}: an article has no id: {document.title or document.text[:40]!r}", "give each one an id")
    mark = _mark(sha256_of(document.text), document.title, document.published)
    return Listed(document.id, document.title, document.origin, mark)


def of_file(path: Path, library: Library) -> Data:
    """Questions to put to a library. Raises UsageError with the line for evidence that it does not hold."""
    headers = [header for header, _ in library.headers()]
    articles = tuple(Listed(one.id, one.title, one.origin, _mark(one.sha256, one.title, one.published)) for one in headers)
    texts: dict[str, str] = {}

    def text(id: str) -> str:
        if id not in texts:
            texts[id] = library.article(id).text
        return texts[id]

    return Data(path.stem, cases(entries(path), Shelf(articles, text)), articles)


def _mark(sha256: str, title: str, published: str | None) -> str:
    return hashlib.sha256(json.dumps([sha256, title, published]).encode()).hexdigest()


def _unplaced(case: Case, marks: Mapping[str, str]) -> str:
    """The case as a line of text, its articles named by what they hold."""
    line = json.dumps(case_record(case), sort_keys=True)
    for id in {place.article for places in case.evidence for place in places} | set(case.gold_articles):
        line = line.replace(json.dumps(id), json.dumps(marks.get(id, id)))
    return line


def cases(found: Sequence[Entry], shelf: Shelf) -> tuple[Case, ...]:
    """The golden questions, each with an id, their evidence located and checked. Raises UsageError with file and line."""
    made: dict[str, tuple[Case, int]] = {}
    for number, entry in enumerate(found, 1):
        case = _case(entry, number, shelf)
        if case.id in made:
            raise entry.wrong(f"the id {case.id!r} was given on line {made[case.id][1]} already", "give each question its own id")
        made[case.id] = case, entry.line
    if not made:
        raise NothingThere("there are no questions in it", "write one question a line")
    return tuple(case for case, _ in made.values())


def _case(entry: Entry, number: int, shelf: Shelf) -> Case:
    answers = entry.texts("answers")
    sets = (entry.entries("evidence"), *entry.groups("alt"))
    evidence = tuple(tuple(_place(one, shelf) for one in places) for places in sets if places)
    answerable = entry.flag("answerable")
    if answerable is None:
        answerable = bool(answers or evidence)
    if evidence and not answerable:
        raise entry.wrong("it has evidence and is said not to be answerable", "take out the one or the other")
    named = [shelf.find(name, entry) for name in entry.texts("gold_articles")]
    return Case(
        id=entry.text("id") or f"q{number}",
        question=entry.needed("question"),
        answers=answers,
        answerable=answerable,
        evidence=evidence,
        gold_articles=tuple(dict.fromkeys(named or [place.article for place in (evidence or ((),))[0]])),
        kind=entry.text("type"),
        since=_day(entry, "since"),
        until=_day(entry, "until"),
    )


def _day(entry: Entry, name: str) -> str | None:
    written = entry.text(name)
    try:
        return None if written is None else date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise entry.wrong(f"{name} {written!r} is not a day", "write it as 2023-04-05") from error


def _place(entry: Entry, shelf: Shelf) -> Place:
    """Where the evidence stands: at the offsets it gives, or where its quote is found."""
    id = shelf.find(entry.text("article_id") or entry.needed("article"), entry)
    text, start, end, quote = shelf.text(id), entry.whole("start"), entry.whole("end"), entry.text("quote")
    if start is None or end is None:
        span = _located(entry.needed("quote"), text, entry)
        return Place(id, span, span.of(text))
    span = Span(start, end)
    if not 0 <= start < end <= len(text):
        raise entry.wrong(f"{start} to {end} is no place in article {id}, which has {len(text)} characters")
    if quote is not None and span.of(text) != quote:
        raise entry.wrong(f"the words of article {id} from {start} to {end} are {_short(span.of(text))}, not {_short(quote)}")
    return Place(id, span, span.of(text))


def _located(quote: str, text: str, entry: Entry) -> Span:
    """The one place of ``quote``, or the one that ``nth`` counts from 1."""
    nth = entry.whole("nth")
    places = list(islice(_places(quote, text), max(nth or 0, 2)))
    if not places:
        near = next(fold(text).find(fold(quote).text), None)
        hint = f"the article writes {near.of(text)!r}" if near else "copy the words from: qa show ID --text"
        raise entry.wrong(f"the article does not hold {_short(quote)}", hint)
    if nth is None and len(places) > 1:
        raise entry.wrong(f"the article holds {_short(quote)} more than once", "say which with nth: 1, or quote more of it")
    if nth is not None and not 1 <= nth <= len(places):
        raise entry.wrong(f"the article holds {_short(quote)} {len(places)} times, and nth is {nth}")
    return places[(nth or 1) - 1]


def _places(quote: str, text: str) -> Iterable[Span]:
    at = text.find(quote)
    while at >= 0:
        yield Span(at, at + len(quote))
        at = text.find(quote, at + 1)


def _short(words: str) -> str:
    return repr(words if len(words) <= 80 else f"{words[:77]}...")


def case_record(case: Case) -> dict[str, object]:
    """A golden question as a line of a questions file, from which the same case is read."""
    first, *others = [[_record(place) for place in places] for places in case.evidence] or [[]]
    return {
        "id": case.id,
        "question": case.question,
        "answers": [*case.answers],
        "answerable": case.answerable,
        "evidence": first,
        "alt": others,
        "gold_articles": [*case.gold_articles],
        "type": case.kind,
        "since": case.since,
        "until": case.until,
    }


def _record(place: Place) -> dict[str, object]:
    return {"article_id": place.article, "start": place.span.start, "end": place.span.end, "quote": place.quote}
