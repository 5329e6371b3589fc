"""The demands of a question laid over many sentences at once: a table for ranking and for refusing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qa.draft.demands import Demand, Setting, demands, holds, instead, speaks
from qa.draft.demands.values import day_of
from qa.speech import Speech, spoken
from qa.text import sentences as split
from qa.types import Article, Sentence

DEMANDS = (
    *"demands_here demands_near demands_told demands_article all_near all_article speaker_asked someone_speaks".split(),
    *"number_against time_against name_against speaker_lacking names_near times_near numbers_near".split(),
)
"""Names of the columns, in their order."""
_NOTHING = 0.5
"""What a share is where the question demands nothing of the kind."""


@lru_cache(maxsize=256)
def speeches(text: str) -> tuple[tuple[int, ...], tuple[Speech | None, ...]]:
    """Where each sentence of an article's text starts, and who speaks in it."""
    spans = split(text)
    return tuple(span.start for span in spans), tuple(spoken(text, spans))


def speech_at(article: Article, start: int) -> Speech | None:
    """Who speaks in the sentence that holds code point ``start``."""
    starts, found = speeches(article.text)
    at = bisect_right(starts, start) - 1
    return found[at] if at >= 0 else None


def settings(sentences: Sequence[Sentence], before: Sequence[int] | NDArray[np.int_]) -> list[Setting]:
    """Each sentence with those beside it; ``before`` holds the position of the one before it in its passage, or -1."""
    after = {int(one): at for at, one in enumerate(before) if one >= 0}
    found = []
    for at, one in enumerate(sentences):
        beside = [near for near in (int(before[at]), after.get(at, -1)) if near >= 0]
        article = one.article
        found.append(
            Setting(
                one.text,
                tuple(sentences[near].text for near in beside),
                article.title,
                article.published,
                article.text,
                speech_at(article, one.span.start),
            )
        )
    return found


def demand_features(question: str, around: Sequence[Setting]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """DEMANDS, and a row of them for each sentence.

    Shares of the question's demands are 0 to 1, and 0.5 where it makes none of that kind. ``speaker_asked`` is 1 where the
    one asked about speaks, -1 where another does, 0 where nobody does or nobody is asked about.
    """
    told = [one for one in demands(question) if one.kind in {"name", "date", "number"}]
    voices = [one for one in demands(question) if one.kind == "speaker"]
    here = _each(told, around, lambda demand, one: holds(demand, one.sentence, one) or _voiced(demand, one))
    near = here | _each(told, around, lambda demand, one: any(holds(demand, text, one) for text in one.neighbours))
    heads = near | _once(told, around, _headed)
    whole = heads | _once(told, around, lambda demand, one: holds(demand, one.article, one))
    asked = np.array([max((speaks(one, at.speech, at.article) for one in voices), default=0) for at in around], np.float32)
    someone = any(one.kind == "someone" for one in demands(question))
    against = _each(told, around, lambda demand, one: bool(instead(demand, one)))
    kinds = np.array([one.kind for one in told])
    columns = [
        *(_share(one) for one in (here, near, heads, whole)),
        heads.all(axis=1),
        whole.all(axis=1),
        asked,
        np.array([float(someone and at.speech is not None) for at in around]),
        *((against & ~near)[:, kinds == kind].any(axis=1) for kind in ("number", "date", "name")),
        _lacking(voices, around),
        *(_share(heads[:, kinds == kind]) for kind in ("name", "date", "number")),
    ]
    return DEMANDS, np.stack(columns, axis=1).astype(np.float32).reshape(len(around), len(DEMANDS))


def _voiced(demand: Demand, one: Setting) -> bool:
    speech = one.speech
    return demand.kind == "name" and speech is not None and bool(speech.speaker.name) and speaks(demand, speech, one.article) > 0


def _headed(demand: Demand, one: Setting) -> bool:
    """Whether the title or the day of publication has it."""
    if holds(demand, one.title, one):
        return True
    return demand.when is not None and bool(day_of(one.published)) and demand.when.meets_day(one.published)


def _each(told: Sequence[Demand], around: Sequence[Setting], test: Callable[[Demand, Setting], bool]) -> NDArray[np.bool_]:
    """Shape (sentences, demands)."""
    rows = [[test(demand, one) for demand in told] for one in around]
    return np.array(rows, bool).reshape(len(around), len(told))


def _once(told: Sequence[Demand], around: Sequence[Setting], test: Callable[[Demand, Setting], bool]) -> NDArray[np.bool_]:
    """Likewise, for what is the same for all sentences of an article."""
    known: dict[tuple[str, str, str | None], list[bool]] = {}
    rows = []
    for one in around:
        key = (one.article, one.title, one.published)
        if key not in known:
            known[key] = [test(demand, replace(one, sentence="", neighbours=(), speech=None)) for demand in told]
        rows.append(known[key])
    return np.array(rows, bool).reshape(len(around), len(told))


def _share(found: NDArray[np.bool_]) -> NDArray[np.float64]:
    return found.mean(axis=1) if found.shape[1] else np.full(len(found), _NOTHING)


def _lacking(voices: Sequence[Demand], around: Sequence[Setting]) -> NDArray[np.float64]:
    """Whether somebody's words are asked for who speaks nowhere in the sentence's article."""
    known: dict[str, float] = {}
    for one in around:
        if one.article not in known:
            said = any(speaks(voice, speech, one.article) > 0 for voice in voices for speech in speeches(one.article)[1])
            known[one.article] = float(bool(voices) and not said)
    return np.array([known[one.article] for one in around], float)
