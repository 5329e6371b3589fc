"""Feeds and sitemaps read again: what is called gone, and what is too much."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest

from qa.ingest import read, sitemap
from qa.ingest.feed import MORE, MOST
from qa.ingest.types import Lost, Seen, Skipped
from qa.ingest.web import Web
from qa.types import Document
from tests.unit.test_ingest_web import PAGE, Server, served


@pytest.fixture
def server() -> Iterator[Server]:
    yield from served()


class Remembered:
    """What a library would remember."""

    def __init__(self) -> None:
        self.learned: dict[str, Seen] = {}
        self.origins: set[str] = set()

    def seen(self, url: str, /) -> Seen | None:
        return self.learned.get(url)

    def has(self, origin: str, /) -> bool:
        return origin in self.origins

    def read(self, url: str) -> list[Document | Skipped]:
        web = Web(private=True, memory=self)
        found = list(read(url, fetch=True, web=lambda: web))
        self.learned |= web.learned
        self.origins |= {one.origin for one in found if isinstance(one, Document)}
        return found

    def lost(self, url: str) -> list[str]:
        return [one.source.rpartition("#")[2] for one in self.read(url) if isinstance(one, Lost)]


def publish(server: Server, days: Sequence[int]) -> str:
    """A feed whose entries have no pages, an entry a day of March."""
    items = [{"id": f"{day}", "content_text": f"Day {day}.", "date_published": f"2024-03-{day:02}T08:00:00Z"} for day in days]
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    return server.put("/feed", feed.encode(), "application/feed+json", ETag=f'"{hash(feed)}"')


def test_a_summary_is_not_taken_for_the_article_and_that_is_told(server: Server) -> None:
    pages = [f"http://127.0.0.1:{server.server_port}/{name}" for name in ("summary", "blocked", "whole")]
    texts = ({"summary": "A crane fell."}, {}, {"content_text": "A crane fell on Monday."})
    items = [{"id": page, "url": page, **text} for page, text in zip(pages, texts, strict=True)]
    server.put("/robots.txt", b"User-agent: *\nDisallow: /blocked\nDisallow: /summary\nDisallow: /whole")
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    summary, blocked, whole = Remembered().read(server.put("/feed", feed, "application/feed+json"))
    assert isinstance(summary, Skipped)
    assert isinstance(blocked, Skipped)
    assert summary.reason.endswith("; the feed has only a summary, which is not the article's words")
    assert "robots.txt" in summary.reason
    assert "summary, which" not in blocked.reason
    assert isinstance(whole, Document)


@pytest.mark.parametrize("pinned", [[1], [1, 2]])
def test_a_feed_that_pins_old_entries_and_forgets_others_has_lost_none(server: Server, pinned: list[int]) -> None:
    memory = Remembered()
    memory.read(publish(server, [14, 13, 12, 11, *pinned]))
    assert memory.lost(publish(server, [16, 15, 14, 13, *pinned])) == []
    assert memory.lost(publish(server, [26, 25, 24, 23, *pinned])) == []


def test_an_entry_without_a_page_is_gone_where_those_around_it_are_still_there_until_it_is_taken(server: Server) -> None:
    memory = Remembered()
    memory.read(publish(server, [14, 13, 12, 11, 10]))
    url = publish(server, [15, 14, 12, 11, 10])
    assert memory.lost(url) == ["13"]
    assert memory.lost(url) == ["13"], "it is told again though the feed is as it was"
    memory.origins.remove(f"{url}#13")
    assert memory.lost(url) == []
    assert memory.lost(url) == []
    assert server.requests[-1][1].get("If-None-Match")


def test_more_further_sitemaps_than_are_read_are_told_and_one_that_cannot_be_read_too(server: Server) -> None:
    page = server.put("/crane", PAGE.encode(), "text/html")
    inner = server.put("/0.xml", f"<urlset><url><loc>{page}</loc></url></urlset>".encode(), "application/xml")
    links = "".join(f"<sitemap><loc>{inner.replace('/0', f'/{at}')}</loc></sitemap>" for at in range(sitemap.FURTHER + 5))
    url = server.put("/sitemap.xml", f"<sitemapindex>{links}</sitemapindex>".encode(), "application/xml")
    article, *told = Remembered().read(url)
    assert isinstance(article, Document)
    assert [one.reason for one in told if isinstance(one, Skipped)][-1] == sitemap.FURTHER_MORE
    assert len(told) == sitemap.FURTHER
    assert len(server.asked) == sitemap.FURTHER + 2


def test_a_sitemap_that_names_ever_more_sitemaps_ends(server: Server) -> None:
    for at in range(sitemap.FURTHER + 5):
        link = f"http://127.0.0.1:{server.server_port}/{at + 1}.xml"
        server.put(f"/{at}.xml", f"<sitemapindex><sitemap><loc>{link}</loc></sitemap></sitemapindex>".encode(), "application/xml")
    (told,) = Remembered().read(f"http://127.0.0.1:{server.server_port}/0.xml")
    assert isinstance(told, Skipped)
    assert told.reason == sitemap.FURTHER_MORE


def test_no_more_pages_are_taken_of_a_sitemap_than_are_told() -> None:
    lines = b"http://a.example/%d\n"
    assert len(sitemap.listed(b"".join(lines % at for at in range(sitemap.MOST + 9)))) == sitemap.MOST + 1
    names, further = sitemap.read(
        b"<sitemapindex>" + b"<sitemap><loc>http://a.example/</loc></sitemap>" * 99 + b"</sitemapindex>"
    )
    assert (names, further) == ([], ["http://a.example/"])


def test_no_more_entries_are_taken_of_a_json_feed_than_are_told(server: Server) -> None:
    items = [{"id": f"{at}", "content_text": "A crane."} for at in range(MOST + 9)]
    content = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    *found, told = Remembered().read(server.put("/feed", content, "application/feed+json"))
    assert len(found) == MOST
    assert isinstance(told, Skipped)
    assert told.reason == MORE
