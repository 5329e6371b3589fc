from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from qa.ingest import read
from qa.ingest.types import Skipped
from qa.ingest.web import Web
from qa.types import Document
from tests.unit.test_ingest_web import PAGE, Server, served

NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@pytest.fixture
def server() -> Iterator[Server]:
    yield from served()


def of(url: str, most: int = 200) -> list[Document | Skipped]:
    return list(read(url, fetch=True, web=lambda: Web(private=True, most=most)))


def test_the_pages_of_nested_and_packed_sitemaps_are_read_with_what_they_say(server: Server) -> None:
    page = server.put("/crane", PAGE.encode(), "text/html")
    told = f"<n:news xmlns:n='{NEWS}'><n:publication_date>2024-03-12</n:publication_date></n:news>"
    inner = server.put(
        "/s.xml.gz", gzip.compress(f"<urlset><url><loc>{page}</loc>{told}</url></urlset>".encode()), "application/gzip"
    )
    index = f"<sitemapindex><sitemap><loc>{inner}</loc></sitemap></sitemapindex>".encode()
    (found,) = of(server.put("/sitemap.xml", index, "application/xml"))
    assert isinstance(found, Document)
    assert (found.origin, found.published) == (page, "2024-03-12")


def test_a_list_of_addresses_is_a_sitemap_and_its_bound_is_told(server: Server) -> None:
    pages = [server.put(f"/{at}", PAGE.encode(), "text/html") for at in range(3)]
    *found, told = of(server.put("/sitemap.txt", "\n".join(pages).encode(), "text/plain"), most=2)
    assert len(found) == 2
    assert isinstance(told, Skipped)
    assert told.reason.startswith("1 more pages")


def test_a_sitemap_that_names_itself_ends_and_a_bomb_is_refused(server: Server) -> None:
    url = server.put("/sitemap.xml", b"", "application/xml")
    server.put("/sitemap.xml", f"<sitemapindex><sitemap><loc>{url}</loc></sitemap></sitemapindex>".encode(), "application/xml")
    assert of(url) == []
    bomb = b'<!DOCTYPE urlset [<!ENTITY a "ha">]><urlset><url><loc>&a;</loc></url></urlset>'
    (found,) = of(server.put("/b.xml", bomb, "application/xml"))
    assert isinstance(found, Skipped)
    assert "entities" in found.reason
