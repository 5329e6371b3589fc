"""Where in a library quoted words may stand, and the versions of articles that are opened to look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.keywords import Keywords
from qa.library import Library
from qa.match import Ground, Quote
from qa.shingles import Shingles
from qa.speech import Speaker, Voices, voices
from qa.types import Article
from vectorstore.types import Span

_CANDIDATES = 10
"""Versions that are looked into for one quotation, at most, from each way to find some."""
_SHORT = 6
"""Words; of a shorter run the index of shingles may hold nothing."""
_CHUNKS = 40
"""Chunks that have a phrase which are read, at most."""
_WRAPPED = re.compile(r"\w[\[\]]|[\[\]]\w|[-‐‑]\s*\n|[\u00ad\u200b-\u200d\u2060\ufeff]")


@dataclass
class Source:
    """One version of an article, opened once for all that is looked for in it."""

    article: Article
    current: bool
    """Whether no later version has taken its place."""
    spans: Sequence[Span]
    """Its sentences."""

    @cached_property
    def ground(self) -> Ground:
        """Its text, ready to be searched."""
        return Ground(self.article.text)

    @cached_property
    def plain(self) -> str:
        """Its text in lower case: enough to see that a word is not there."""
        return self.article.text.casefold()

    @cached_property
    def voices(self) -> Voices:
        """Who speaks where in it."""
        return voices(self.article.text, self.spans)

    def may_hold(self, quote: Quote) -> bool:
        """False where a word of the quotation is not to be found."""
        wrapped = _WRAPPED.search(self.plain) or _WRAPPED.search(quote.text)
        simple = (word for part in quote.parts for word in part.words if word.isascii() and word.isalnum())
        return wrapped is not None or all(word in self.plain for word in simple)

    def overlap(self, quote: Quote) -> float:
        """Of the quotation's words, how many are to be found."""
        return sum(word.text in self.plain for word in quote.words) / max(1, len(quote.words))

    def names(self, speaker: str | None) -> bool:
        """Whether the article has the last word of a speaker's name; that of None it has."""
        return speaker is None or speaker.split()[-1].casefold() in self.plain

    def speaker(self, span: Span) -> tuple[Speaker, bool] | None:
        """Who says the words at ``span``, and whether the article says so in that paragraph, not in one before."""
        places = [*self.voices.quotations, *self.voices.sentences]
        found = next(((place, speech.speaker) for place, speech in places if speech and _meet(place, span)), None)
        if found is None:
            return None
        place, speaker = found
        cue = speaker.cue or speaker.mention
        between = self.article.text[min(cue.end, place.end) : max(cue.start, place.start)]
        return speaker, "\n" not in between.strip()

    def quoted(self, span: Span) -> bool:
        """Whether any of the words at ``span`` stand between quotation marks."""
        return any(_meet(place, span) for place, _ in self.voices.quotations)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


class Whereabouts:
    """Finds the versions that may hold some words, by what the library has indexed of them."""

    def __init__(self, library: Library) -> None:
        """Raises ConfigError for a library that has no index of word runs yet."""
        self._library = library
        self._shingles = Shingles(library.connection)
        self._shingles.need()
        self._keywords = Keywords(library.connection)
        self._sources: dict[int, Source] = {}

    def source(self, key: int) -> Source:
        """The version with that key, opened once."""
        if key not in self._sources:
            tables = "versions v JOIN articles a ON a.id = v.article_id"
            query = f"SELECT v.article_id, v.version, a.current = v.key FROM {tables} WHERE v.key = ?"
            id, version, current = self._library.connection.execute(query, [key]).fetchone()
            article = self._library.article(id, version)
            self._sources[key] = Source(article, bool(current), self._library.sentences(article))
        return self._sources[key]

    def keys(self, quote: Quote) -> Iterator[int]:
        """Keys of versions, likeliest first."""
        return (key for stage in self.stages(quote) for key in stage)

    def stages(self, quote: Quote, speaker: str | None = None, first: Iterable[int] = ()) -> Iterator[list[int]]:
        """Keys of versions in stages, likeliest first, each key once.

        Of a run of words that is not short the first stage misses none, unless all of its pieces are very common: the later
        ones then only serve to find what altered words were taken from.
        """
        seen: set[int] = set()
        for found in self._ways(quote, speaker, first):
            stage = [key for key in dict.fromkeys(found) if key not in seen]
            seen.update(stage)
            yield stage
        if not seen and is_short(quote):
            yield self._by_letters(quote.text)

    def _ways(self, quote: Quote, speaker: str | None, first: Iterable[int]) -> Iterator[Iterable[int]]:
        longest = _longest(quote)
        if is_short(quote):
            yield [*first, *(self._by_phrase(longest, speaker) if speaker else [])]
        runs = dict.fromkeys([*quote.runs, *(part.words for part in quote.parts)])
        yield [key for run in runs for key in self._shingles.candidates(run, _CANDIDATES)]
        yield self._by_phrase(longest, None)
        found = [int(id.partition("-")[0]) for id, _ in self._keywords.search(quote.text, _CANDIDATES)]
        yield self._versions(found)

    def _by_phrase(self, run: Sequence[str], speaker: str | None) -> list[int]:
        """Versions with a chunk that has the words in a row, and the speaker's last name."""
        name = speaker.split()[-1] if speaker else ""
        match = f'"{" ".join(run)}"' + (f' AND "{name}"' if name.isalnum() else "")
        query = "SELECT rowid FROM keywords WHERE keywords MATCH ? LIMIT ?"
        return self._versions([row for (row,) in self._library.connection.execute(query, [match, _CHUNKS])])

    def _versions(self, chunks: Sequence[int]) -> list[int]:
        """The versions that these chunks are of, in their order."""
        query = f"SELECT id, version_key FROM chunks WHERE id IN ({', '.join('?' * len(chunks))})"
        owners = dict(self._library.connection.execute(query, chunks).fetchall())
        return list(dict.fromkeys(owners[id] for id in chunks if id in owners))

    def _by_letters(self, text: str) -> list[int]:
        """Versions that hold the very letters: for a word or two of a script without blanks, which no index holds."""
        tables = "articles a JOIN versions v ON v.key = a.current JOIN texts t ON t.sha256 = v.sha256"
        query = f"SELECT v.key FROM {tables} WHERE instr(t.text, ?) LIMIT ?"
        return [key for (key,) in self._library.connection.execute(query, [text, _CANDIDATES])]


def _longest(quote: Quote) -> tuple[str, ...]:
    return max((part.words for part in quote.parts), key=len, default=())


def is_short(quote: Quote) -> bool:
    """Whether the index of shingles may hold nothing of its longest run of words."""
    return len(_longest(quote)) < _SHORT
