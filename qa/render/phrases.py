"""What every format says in the same words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from qa.notes import notes
from qa.types import Answer, Article, Citation, Claim, Dropped, Summary, Variant
from vectorstore.types import Span

NOTHING_FOUND: Final = "Not found in these articles."
_NOTED: Final = {"correction": "a correction", "editor": "an editor's note", "update": "an update"}
_LONGEST_NOTE: Final = 300
"""Code points of a note that are shown beside a citation."""
_QUOTED: Final = re.compile("“[^”]*”")
_REACHES: Final = re.compile(r"[/@]|www\.|\b0\d|\+\d|\d{7}")
_SUPPORT: Final = {"partly": "only partly supported", "unsupported": "not supported"}


def headline(article: Article) -> str:
    """What to call an article: its title, or where it was read from."""
    return article.title.strip() or article.origin


def day(article: Article) -> str | None:
    """The date of publication without its time of day."""
    return article.published[:10] if article.published else None


def byline(article: Article) -> list[str]:
    """Outlet, author, date, and that of a later change, as far as they are known."""
    return [part for part in (article.source, article.author, day(article), revised(article)) if part]


def revised(article: Article) -> str | None:
    """The day on which the article was last changed; None where that is not known, or no later than its publication."""
    later = article.updated is not None and article.updated[:10] > (article.published or "")[:10]
    return f"updated {article.updated[:10]}" if article.updated and later else None


def noted(article: Article) -> list[str]:
    """That its editors noted something on the article, and what, a line for each note."""
    found = ((_NOTED[note.kind], " ".join(note.span.of(article.text).split())) for note in notes(article.text))
    return [f"this article carries {kind}: {quoted(_shortened(words))}" for kind, words in found]


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_NOTE else words[:_LONGEST_NOTE].rpartition(" ")[0] + " …"


def changed(article: Article) -> list[str]:
    """That the article was changed after it was first read, where it was."""
    return [f"changed since first read: version {article.version}"] if article.version > 1 else []


def place(citation: Citation) -> str:
    """Where in the article the quote stands."""
    return where(citation.article, citation.span)


def where(article: Article, span: Span) -> str:
    """The place of ``span``: the page where there are pages, and the code points."""
    return ", ".join([*on_page(article, span), f"chars {span.start}-{span.end}"])


def on_page(article: Article, span: Span) -> list[str]:
    """``p. 3``, or ``pp. 3-4`` of words that go on overleaf; nothing where there are no pages."""
    first, last = article.page(span.start), article.page(max(span.start, span.end - 1))
    if first is None:
        return []
    return [f"p. {first}" if first == last else f"pp. {first}-{last}"]


def copies(citation: Citation) -> list[str]:
    """That copies of the article say the same, where they do."""
    return ["and " + counted(len(citation.copies), "copy").replace("copys", "copies")] if citation.copies else []


def variants(citation: Citation) -> list[str]:
    """What each copy says otherwise, a sentence a copy."""
    return [f"{otherwise('another copy', one)} ({one.article.id})" for one in citation.variants]


def otherwise(who: str, one: Variant) -> str:
    """What ``who`` says otherwise, and its sentence."""
    said = (" ".join([quoted(says)] * bool(says) + [f"not {quoted(other)}"] * bool(other)) for says, other in one.instead)
    return f"{who} says {'; '.join(said)}: {quoted(one.quote)}"


def quoted(words: str) -> str:
    """``words`` in quotation marks; in single ones where they hold double ones."""
    return f"‘{words}’" if any(mark in words for mark in '"“”„«»') else f"“{words}”"


def doubt(claim: Claim) -> str | None:
    """A reservation to be read with the claim; None where its words are supported."""
    said = _SUPPORT.get(claim.support)
    return f"{said}: {claim.why}" if said and claim.why else said


def refusal(found: Answer | Summary) -> str:
    """Why there are no claims."""
    return found.message or NOTHING_FOUND


def _harmless(found: re.Match[str]) -> str:
    """A quoted piece of what was proposed, without addresses and numbers to call: nothing has proven those."""
    return "“…”" if _REACHES.search(found.group()) else found.group()


def dropped(lost: Iterable[Dropped]) -> str | None:
    """How many proposed sentences are not shown, and why; None where all are."""
    reasons = Counter(_QUOTED.sub(_harmless, one.why) for one in lost)
    if not reasons:
        return None
    said = "; ".join(why if count == 1 else f"{why} ({count} times)" for why, count in reasons.items())
    return f"{counted(reasons.total(), 'proposed sentence')} left out: {said}"


def closing(found: Answer | Summary) -> list[str]:
    """Confidence, who drafted, how many articles were cited and from how many origins, tokens, seconds."""
    parts = [f"confidence {found.confidence:.2f}"] if isinstance(found, Answer) else []
    parts.append(f"{found.model} ({found.prompt})" if found.prompt else found.model)
    articles = {(one.article.id, one.article.version): one.origin or one.article.id for one in found.citations}
    if articles and found.claims:
        origins = len(set(articles.values()))
        told = f", {counted(origins, 'origin')}" if origins < len(articles) else ""
        parts.append(counted(len(articles), "article") + told)
    tokens = found.usage.input_tokens + found.usage.output_tokens
    if tokens:
        parts.append(counted(tokens, "token"))
    return [*parts, f"{sum(found.seconds.values()):.2f} s"]


def counted(number: int, noun: str) -> str:
    """``1 article``, ``2 articles``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
