"""The articles that an answer cites, for reference managers: BibTeX and CSL-JSON. One entry for each version cited."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from qa.render import Look, phrases
from qa.render.data import Json, Record
from qa.render.safe import escaped, safe, web_link
from qa.types import Answer, Article, Citation, Summary

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?!\d)")
_KEY: Final = re.compile(r"[^A-Za-z0-9.:-]+")
_TEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "$&%#_"},
}
_TEX_SPECIAL: Final = re.compile("|".join(map(re.escape, _TEX)))


def bibtex(found: Answer | Summary, look: Look) -> str:
    """A ``@misc`` entry for each article, with the words cited as its annotation; without claims, a comment that says why."""
    del look
    entries = [_entry(key, article, cited) for key, article, cited in _articles(found)]
    return "\n\n".join(entries or [f"% {' '.join(safe(phrases.refusal(found)).replace('@', ' at ').split())}"]) + "\n"


def csl(found: Answer | Summary, look: Look) -> str:
    """A list of CSL-JSON items, ``article-newspaper`` each, with the words cited as ``annote``; empty without claims."""
    del look
    items = [_item(key, article, cited) for key, article, cited in _articles(found)]
    return escaped(json.dumps(items, ensure_ascii=False, indent=1)) + "\n"


def _articles(found: Answer | Summary) -> Iterator[tuple[str, Article, list[Citation]]]:
    """Each cited version in the order of its first citation, with a key of its own and its citations."""
    cited: dict[tuple[str, int], list[Citation]] = {}
    for one in found.citations if found.claims else ():
        cited.setdefault((one.article.id, one.article.version), []).append(one)
    taken: set[str] = set()
    for citations in cited.values():
        article = citations[0].article
        stem = _KEY.sub("-", article.id).strip("-") or "article"
        tried = (stem, f"{stem}-v{article.version}", *(f"{stem}-{at}" for at in range(2, len(cited) + 2)))
        key = next(one for one in tried if one.lower() not in taken)
        taken.add(key.lower())
        yield key, article, citations


def _pages(article: Article, citations: list[Citation]) -> str:
    """The pages that are cited, as ``3, 5-6``."""
    told = (page.partition(" ")[2] for one in citations for page in phrases.on_page(article, one.span))
    return ", ".join(dict.fromkeys(told))


def _quotes(citations: list[Citation]) -> str:
    return " ".join(phrases.quoted(one.quote) for one in citations)


def _entry(key: str, article: Article, cited: list[Citation]) -> str:
    year, month, day = (*_date(article), None, None, None)[:3]
    stated: dict[str, str | None] = {
        "title": f"{{{_tex(phrases.headline(article))}}}",
        "author": f"{{{_tex(article.author)}}}" if article.author else None,
        "howpublished": _tex(article.source) if article.source else None,
        "year": f"{year:04d}" if year else None,
        "month": _MONTHS[month - 1] if month else None,
        "day": str(day) if day else None,
        "language": _tex(article.language) if article.language else None,
        "url": web_link(article.url),
        "note": _tex(f"Article {article.id}, version {article.version}, sha256 {article.sha256}"),
        "pages": _pages(article, cited).replace("-", "--") or None,
        "annote": _tex(_quotes(cited)),
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in stated.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def _item(key: str, article: Article, cited: list[Citation]) -> Json:
    date = _date(article)
    stated: Record = {
        "title": phrases.headline(article),
        "author": [{"literal": article.author}] if article.author else None,
        "container-title": article.source,
        "section": article.section,
        "language": article.language,
        "issued": {"date-parts": [list(date)]} if date else None,
        "URL": web_link(article.url),
        "note": f"Article {article.id}, version {article.version}, sha256 {article.sha256}",
        "page": _pages(article, cited),
        "annote": _quotes(cited),
    }
    return {"id": key, "type": "article-newspaper", **{name: value for name, value in stated.items() if value}}


def _date(article: Article) -> tuple[int, ...]:
    """Year, month and day as far as they are stated."""
    found = _DATE.match(article.published or "")
    stated = tuple(int(part) for part in found.groups() if part) if found else ()
    return stated if len(stated) < 2 or 1 <= stated[1] <= len(_MONTHS) else stated[:1]


def _tex(text: str) -> str:
    """``text`` on one line, as words only: TeX sees no command, brace, comment or mathematics in it."""
    return _TEX_SPECIAL.sub(lambda found: _TEX[found.group()], " ".join(safe(text).split()))
