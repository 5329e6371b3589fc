"""What an evaluation keeps in its folder, so that it can go on after it was stopped and be read again without its library.

::

    run.json           what is evaluated on what; another evaluation is refused
    library/           the data set's own articles, where it brings them
    answers.jsonl      a record a question, appended as it is made and in the questions' order at the end
    baselines/*.jsonl  the same of each baseline
    questions.jsonl    the golden questions with their evidence at offsets
    sources.jsonl      the articles that any of these name
    metrics.json  report.html  report.md
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.errors import NotComparable, NothingThere, QAError, UsageError
from qa.eval.cases import Listed, Shelf, case_record, cases
from qa.eval.golden import Entry, entries
from qa.eval.records import metrics, outcome, scores
from qa.eval.score import score
from qa.eval.types import Case, Outcome, Run, Scores, Source
from qa.files import replaced
from qa.render.data import dumps
from vectorstore.types import Span

PLAN = "groundwire/run/1"
LIBRARY = "library"
ANSWERS = "answers.jsonl"
METRICS = "metrics.json"
_RUN, _LOCK = "run.json", "run.lock"
_QUESTIONS, _SOURCES, _BASELINES = "questions.jsonl", "sources.jsonl", "baselines"
BASELINES = ("lead", "bm25", "everything", "nothing")
"""Names of the drafters that stand beside any other in every table."""
_MADE = (METRICS, "report.html", "report.md", _QUESTIONS, _SOURCES, ANSWERS)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is evaluated on what."""

    data: str
    digest: str
    settings: Mapping[str, str]

    def differs(self, other: Plan) -> list[str]:
        """The names of what is not the same; what the data are called does not count."""
        names = ["data"] if self.digest != other.digest else []
        settings = {**self.settings, **other.settings}
        return names + [name for name in settings if self.settings.get(name) != other.settings.get(name)]


class Folder:
    """The folder of one evaluation."""

    def __init__(self, path: Path) -> None:
        """Touches nothing yet."""
        self.path = path
        self.answers = path / ANSWERS

    def baseline(self, name: str) -> Path:
        """The file of a baseline's answers."""
        return self.path / _BASELINES / f"{name}.jsonl"

    @contextmanager
    def held(self, plan: Plan, *, fresh: bool) -> Iterator[None]:
        """The folder, made where it is not there, for this process alone and for this plan.

        ``fresh`` forgets the answers that are there; the library is kept. Raises NotComparable where they belong to another
        plan, UsageError for a folder that is none of an evaluation, QAError where another process is at work in it.
        """
        from filelock import FileLock, Timeout

        if self.path.exists() and not (self.path / _RUN).exists() and _others(self.path):
            raise UsageError(f"{self.path} holds other things than an evaluation", "choose another --out")
        (self.path / _BASELINES).mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / _LOCK, timeout=0):
                self._begin(plan, fresh)
                yield
        except Timeout as error:
            raise QAError(f"another qa is at work in {self.path}", "wait for it, or choose another --out") from error

    def _begin(self, plan: Plan, fresh: bool) -> None:
        there = self.path / _RUN
        differs = self.plan().differs(plan) if there.exists() else []
        if differs and not fresh:
            raise NotComparable(
                f"{self.path} holds an evaluation with other {', '.join(differs)}",
                "choose another --out, or begin anew with --fresh",
            )
        if fresh:
            for path in [*(self.path / name for name in _MADE), *(self.path / _BASELINES).glob("*.jsonl")]:
                path.unlink(missing_ok=True)
        (self.path / METRICS).unlink(missing_ok=True)
        record = {"schema": PLAN, "data": plan.data, "digest": plan.digest, "settings": dict(plan.settings)}
        written(there, dumps(record))

    def plan(self) -> Plan:
        """What the folder says it holds. Raises NothingThere where it says nothing."""
        if not (self.path / _RUN).is_file():
            raise NothingThere(f"{self.path} holds no evaluation", "qa eval run DATA --out RUN makes one")
        entry = _object(self.path / _RUN)
        settings = entry.entry("settings")
        return Plan(entry.needed("data"), entry.needed("digest"), {name: settings.needed(name) for name in settings.fields})

    def keep(self, found: Sequence[Case], articles: Iterable[tuple[str, Source]]) -> None:
        """Writes down what the answers were asked and the articles they stand on."""
        written(self.path / _QUESTIONS, *(dumps(case_record(case)) for case in found))
        written(self.path / _SOURCES, *(dumps(_source_record(id, source)) for id, source in articles))

    def scored(self) -> Run:
        """The evaluation with every question answered, scored from its records; writes ``metrics.json``."""
        kept = self._kept()
        run = kept.run([score(name, kept.cases, found, kept.sources) for name, found in kept.answers])
        written(self.path / METRICS, dumps(metrics(run)))
        return run

    def load(self) -> Run:
        """A finished evaluation as it was scored. Raises NothingThere for one that is not there or not finished."""
        self.plan()
        if not (self.path / METRICS).is_file():
            raise NothingThere(f"the evaluation in {self.path} is not finished", "give its qa eval run again; it goes on")
        kept, record = self._kept(), _object(self.path / METRICS)
        return kept.run([scores(name, record, kept.cases, found) for name, found in kept.answers])

    def _kept(self) -> _Kept:
        plan = self.plan()
        sources = {entry.needed("id"): _source(entry) for entry in entries(self.path / _SOURCES)}
        listed = [Listed(id, source.title, "", "") for id, source in sources.items()]
        shelf = Shelf(listed, {id: source.text for id, source in sources.items()}.__getitem__)
        golden = cases(entries(self.path / _QUESTIONS), shelf)
        files = [self.answers, *map(self.baseline, beside(plan.settings.get("model", "")))]
        return _Kept(plan, golden, sources, tuple(_read(file, golden, sources) for file in files))


@dataclass(frozen=True, slots=True)
class _Kept:
    """The records of a folder."""

    plan: Plan
    cases: tuple[Case, ...]
    sources: Mapping[str, Source]
    answers: tuple[tuple[str, list[Outcome]], ...]
    """Each drafter with what it answered to the cases."""

    def run(self, found: Sequence[Scores]) -> Run:
        return Run(self.plan.data, self.plan.digest, found, self.sources, self.plan.settings)


def beside(model: str) -> list[str]:
    """The names of the baselines beside a drafter, whose records name it ``model``: all but itself."""
    return [name for name in BASELINES if not model.startswith(f"{name}/")]


def _others(path: Path) -> bool:
    if not path.is_dir():
        raise UsageError(f"{path} is a file", "choose a folder for --out")
    return any(one.name not in (_LOCK, _BASELINES) for one in path.iterdir())


def _read(file: Path, golden: Sequence[Case], sources: Mapping[str, Source]) -> tuple[str, list[Outcome]]:
    records = {entry.needed("id"): entry for entry in entries(file)}
    lacking = [case.id for case in golden if case.id not in records]
    if lacking:
        raise UsageError(f"{file} has no record of the question {lacking[0]}", "give its qa eval run again; it goes on")
    found = [records[case.id] for case in golden]
    return found[0].needed("model"), [outcome(entry, sources) for entry in found]


def _object(file: Path) -> Entry:
    """The one object that a file holds."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{file} cannot be read: {error}", "give its qa eval run again, with --fresh") from error
    return Entry(file.name, 1, content if isinstance(content, dict) else {})


def tidied(file: Path, ids: Sequence[str]) -> set[str]:
    """Which of ``ids`` have a record in ``file``, which is left with those records alone, in the order of the ids."""
    content = file.read_bytes() if file.exists() else b""
    found: dict[str, bytes] = {}
    for line in content.split(b"\n")[:-1]:
        try:
            id = json.loads(line)["id"]
        except (ValueError, KeyError, TypeError):
            continue
        found.setdefault(str(id), line)
    kept = b"".join(found[id] + b"\n" for id in ids if id in found)
    if kept != content:
        _replaced(file, kept)
    return found.keys() & set(ids)


def appended(file: Path, record: Mapping[str, object]) -> None:
    """Adds a record to ``file`` at once: whoever kills this process loses no other."""
    with file.open("ab") as stream:
        stream.write(dumps(record).encode() + b"\n")


def written(file: Path, *lines: str) -> None:
    """Makes ``file`` of these lines, all of them or nothing."""
    _replaced(file, "".join(f"{line}\n" for line in lines).encode())


def _replaced(file: Path, content: bytes) -> None:
    with replaced(file) as out:
        out.write(content)


def _source_record(id: str, source: Source) -> dict[str, object]:
    return {
        "id": id,
        "title": source.title,
        "source": source.source,
        "published": source.published,
        "text": source.text,
        "sentences": [at for span in source.sentences for at in (span.start, span.end)],
    }


def _source(entry: Entry) -> Source:
    places = entry.wholes("sentences")
    spans = tuple(Span(start, end) for start, end in zip(places[::2], places[1::2], strict=True))
    return Source(entry.needed("text"), spans, entry.text("title") or "", entry.text("source"), entry.text("published"))
