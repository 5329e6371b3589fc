"""Puts every golden question to a drafter and to the baselines beside it, and scores what they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from qa import __version__
from qa.ask import Reading, Undrafted, answer
from qa.config import Settings
from qa.draft.interface import Drafter
from qa.errors import Unformed, UsageError
from qa.eval.cases import Data
from qa.eval.folder import LIBRARY, Folder, Plan, appended, beside, tidied, written
from qa.eval.golden import entries
from qa.eval.records import named, record
from qa.eval.types import Case, Run, Source
from qa.keywords import Filters
from qa.library import Library
from qa.types import Answer, Document
from qa.wiring import House


class Watcher(Protocol):
    """Whoever is told how far an evaluation has come."""

    def embedded(self, chunks: int) -> None:
        """So many more chunks of the data's own articles are in the index."""

    def answered(self, done: int, before: int, total: int) -> None:
        """So many questions are done of the total, and so many of them were done before this command."""


def evaluate(
    data: Data, settings: Settings, folder: Path, watcher: Watcher, *, fresh: bool = False, replies: Path | None = None
) -> Run:
    """The scores of the settings' model and of the baselines over ``data``, kept in ``folder`` with reports of them.

    Goes on where it was stopped; what a language model said is kept in ``replies``. Articles that the data bring with them stand
    in a library of their own within the folder; the settings' library is then never touched. Raises NotComparable where the
    folder holds another evaluation.
    """
    kept = Folder(folder)
    if data.documents is not None:
        settings = replace(settings, home=folder / LIBRARY)
    else:
        House(settings).need_articles()
    plan = Plan(data.name, data.digest, _told(House(settings)))
    with kept.held(plan, fresh=fresh):
        house = House(settings, replies=replies)
        if data.documents is not None:
            _stock(house, data.documents, watcher)
        others = beside(house.drafter.name)
        drafters = {kept.answers: house.drafter} | {kept.baseline(name): house.drafter_named(name) for name in others}
        _answer(house, data.cases, drafters, watcher)
        kept.keep(data.cases, _sources(house.library, data.cases, list(drafters)))
        run = kept.scored()
        report(run, folder)
    return run


def report(run: Run, folder: Path) -> None:
    """Writes ``report.html`` and ``report.md``."""
    from qa.eval.report import html, markdown

    written(folder / "report.html", html(run))
    written(folder / "report.md", markdown(run))


def _told(house: House) -> Mapping[str, str]:
    """What decides the answers besides the data."""
    drafter = house.drafter
    return {
        "model": drafter.name,
        "prompt": drafter.prompt or "none",
        "embedder": house.embedder.name,
        "passages": str(house.settings.passages),
        "version": __version__,
    }


def _stock(house: House, documents: Sequence[Document], watcher: Watcher) -> None:
    """Brings the library to exactly these articles; what is there already costs nothing."""
    desk = house.desk(watcher.embedded)
    taken = desk.add(documents)
    if taken.skipped:
        raise UsageError(f"{taken.skipped[0].source}: {taken.skipped[0].reason}", "every article counts in an evaluation")
    wanted = {document.id for document in documents}
    if other := [article.id for article, _ in house.library.headers() if article.id not in wanted]:
        desk.remove(other)


def _answer(house: House, cases: Sequence[Case], drafters: Mapping[Path, Drafter], watcher: Watcher) -> None:
    """Makes the records that are missing; what a question needs is retrieved once for all drafters."""
    ids = [case.id for case in cases]
    there = {file: tidied(file, ids) for file in drafters}
    before = sum(all(id in done for done in there.values()) for id in ids)
    watcher.answered(0, before, len(ids))
    for number, case in enumerate(cases, 1):
        missing = [file for file, done in there.items() if case.id not in done]
        if missing:
            reading = house.read(case.question, Filters(case.since, case.until))
            for file in missing:
                appended(file, record(case.id, _put(reading, drafters[file])))
        watcher.answered(number, before, len(ids))
    for file in drafters:
        tidied(file, ids)


def _put(reading: Reading, drafter: Drafter) -> Answer:
    """The answer; where a model says nothing that can be used, which is its own doing, a refusal that tells so."""
    try:
        return answer(reading, drafter)
    except Undrafted as failed:
        if not isinstance(failed.__cause__, Unformed):
            raise
        silent = Reading(reading.question, (), reading.seconds, "not_in_articles", failed.message)
        return replace(answer(silent, drafter), passages=reading.passages)


def _sources(library: Library, cases: Sequence[Case], files: Sequence[Path]) -> list[tuple[str, Source]]:
    """Each article that the questions, the answers or the passages name, by its id."""
    ids = {id for case in cases for id in case.gold_articles}
    ids |= {place.article for case in cases for places in case.evidence for place in places}
    for file in files:
        ids.update(*(named(entry) for entry in entries(file)))
    found = [library.article(id) for id in sorted(ids)]
    return [(one.id, Source(one.text, tuple(library.sentences(one)), one.title, one.source, one.published)) for one in found]
