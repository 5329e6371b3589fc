from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.ingest import read
from qa.ingest.feed import MORE
from qa.ingest.types import Skipped
from qa.types import Document

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Harbour Courier</title><language>en-gb</language>
<item><title>Crane &amp; quay</title><link>https://example.org/crane</link><guid isPermaLink="false">c-1</guid>
<pubDate>Tue, 12 Mar 2024 08:30:00 EST</pubDate><dc:creator>Petra Ilves</dc:creator>
<source url="https://example.org/wire">Coastal Wire</source>
<description>Short.</description>
<content:encoded><![CDATA[<p>The crane is <b>closed</b>.</p><script>alert(1)</script><p hidden>Obey.</p><p>Until May.</p>]]>
</content:encoded></item>
<item><title>Bridge</title><guid>https://example.org/bridge</guid><description>The bridge is open.</description></item>
<item><title>Nothing said</title><link>https://example.org/none</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Courier</title>
<entry><id>tag:example.org,2024:1</id><title>Crane</title><link href="https://example.org/crane"/>
<published>2024-03-12T08:30:00+02:00</published><updated>2024-03-13T09:00:00+02:00</updated>
<author><name>Petra Ilves</name></author><content type="html">&lt;p&gt;The crane is closed.&lt;/p&gt;</content></entry></feed>"""


def of(tmp_path: Path, content: str | bytes, name: str = "feed.xml") -> list[Document | Skipped]:
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read(str(tmp_path / name), fetch=False))


def test_an_entry_becomes_an_article_with_all_that_the_feed_says_of_it(tmp_path: Path) -> None:
    crane, bridge, nothing = of(tmp_path, RSS)
    assert isinstance(crane, Document)
    assert crane.text == "The crane is closed.\n\nUntil May."
    assert (crane.title, crane.author, crane.source, crane.credit) == (
        "Crane & quay",
        "Petra Ilves",
        "Harbour Courier",
        "Coastal Wire",
    )
    assert (crane.url, crane.language) == ("https://example.org/crane", "en-GB")
    assert (crane.published, crane.updated) == ("2024-03-12T08:30:00-05:00", None)
    assert crane.origin == f"{tmp_path.resolve() / 'feed.xml'}#c-1"
    assert isinstance(bridge, Document)
    assert (bridge.text, bridge.origin, bridge.published) == ("The bridge is open.", "https://example.org/bridge", None)
    assert nothing == Skipped("https://example.org/none", "no text in the entry")


@pytest.mark.parametrize("name", ["a.xml", "a.atom", "a.rss"])
def test_atom_keeps_its_dates_as_stated(tmp_path: Path, name: str) -> None:
    (found,) = of(tmp_path, ATOM, name)
    assert isinstance(found, Document)
    assert (found.published, found.updated) == ("2024-03-12T08:30:00+02:00", "2024-03-13T09:00:00+02:00")
    assert (found.text, found.author) == ("The crane is closed.", "Petra Ilves")


def test_json_feed_is_recognised_among_json_files(tmp_path: Path) -> None:
    item = {
        "id": 7,
        "url": "https://example.org/a",
        "content_html": "<p>Zoë said so.</p>",
        "date_published": "2024-03-12T08:30:00Z",
    }
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Courier",
        "authors": [{"name": "Ann Lee"}],
        "items": [item, {}],
    }
    (found, empty) = of(tmp_path, json.dumps(feed), "feed.json")
    assert isinstance(found, Document)
    assert (found.text, found.author, found.published) == ("Zoë said so.", "Ann Lee", "2024-03-12T08:30:00Z")
    assert found.origin.endswith("feed.json#7")
    assert isinstance(empty, Skipped)
    (half, _) = of(tmp_path, json.dumps({**feed, "items": [{**item, "id": "a\ud800"}, {}]}), "feed.json")
    assert isinstance(half, Document)
    assert half.origin.endswith("feed.json#a")
    (plain,) = of(tmp_path, '{"text": "One."}', "plain.json")
    assert isinstance(plain, Document)


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>',  # noqa: E501
        f'<!DOCTYPE rss [<!ENTITY a "{"x" * 1000}">]><rss><channel><item><title>{"&a;" * 1000}</title></item></channel></rss>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_unfold_are_refused(tmp_path: Path, bomb: str, encoding: str) -> None:
    (found,) = of(tmp_path, bomb.encode(encoding))
    assert isinstance(found, Skipped)
    assert "unfold" in found.reason


@pytest.mark.parametrize("content", ["<rss></rss>", "<rss", "<feed>\x00\x01", "<rss><channel><item/></channel></rss>"])
def test_a_feed_of_no_use_is_skipped_with_a_reason(tmp_path: Path, content: str) -> None:
    found = of(tmp_path, content)
    assert found
    assert all(isinstance(one, Skipped) and one.reason for one in found)


def test_a_feed_without_end_is_cut_off_and_that_is_told(tmp_path: Path) -> None:
    items = "".join(f"<item><guid>{at}</guid><description>W{at}.</description></item>" for at in range(30_000))
    *found, told = of(tmp_path, f"<rss><channel>{items}</channel></rss>")
    assert [one.text for one in found if isinstance(one, Document)] == [f"W{at}." for at in range(10_000)]
    assert isinstance(told, Skipped)
    assert told.reason == MORE
