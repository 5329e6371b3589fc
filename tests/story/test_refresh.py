"""A feed followed through an update, a correction and a removal, over a real HTTP server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.conftest import Qa
from tests.story.test_survival import started
from tests.unit.test_ingest_web import Server, served

CRANE = "The harbour crane is unsafe, said Hanne Voss, who looked at it for three days. It will stay closed until May."
BRIDGE = "The bridge in the north of the town was opened on Monday, four months late, by the mayor and a brass band."
FERRY = "The ferry to the islands will sail twice a day from June on, the harbour office said in its yearly report."


@pytest.fixture
def server() -> Iterator[Server]:
    yield from served()


class Site:
    """A feed and its pages; each content has an ETag of its own."""

    def __init__(self, server: Server) -> None:
        self.server, self.items = server, ""
        self.url = self.publish()

    def page(self, name: str, words: str, status: int = 200) -> None:
        html = f"<html><head><title>{name}</title></head><body><article><p>{words}</p></article></body></html>"
        self.server.put(f"/{name}", html.encode(), "text/html", status, ETag=f'"{hash(words)}"')

    def item(self, name: str, day: int, whole: str = "") -> None:
        link = f"http://127.0.0.1:{self.server.server_port}/{name}"
        encoded = f"<content:encoded>{whole}</content:encoded>" if whole else ""
        self.items += f"<item><title>{name}</title><link>{link}</link><guid>{link}</guid>"
        self.items += f"<pubDate>Mon, {day:02} Apr 2024 08:00:00 +0200</pubDate>{encoded}</item>"

    def publish(self) -> str:
        head = '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Harbour Courier</title>'
        feed = f"{head}{self.items}</channel></rss>"
        return self.server.put("/feed", feed.encode(), "application/rss+xml", ETag=f'"{hash(feed)}"')


def test_a_feed_is_followed_through_an_update_a_correction_and_a_removal(qa: Qa, server: Server) -> None:
    site = Site(server)
    site.page("crane", CRANE)
    site.item("crane", 8)
    site.item("bridge", 15, f"<![CDATA[<p>{BRIDGE}</p>]]>")
    site.publish()
    assert qa("add", site.url).told(1), "an address of this machine is refused unless it is allowed"
    allowed = {"QA_ALLOW_PRIVATE": "yes"}

    first = qa("add", site.url, "--json", **allowed).record
    assert (len(first["added"]), first["skipped"]) == (2, [])
    articles = {one["title"]: one for one in qa("list", "--json").record["articles"]}
    assert articles["crane"]["published"] == "2024-04-08T08:00:00+02:00"
    assert {one["source"] for one in articles.values()} == {"Harbour Courier"}

    asked = len(server.asked)
    same = qa("refresh", "--json", "--quiet", **allowed)
    assert (same.code, same.err) == (0, "")
    assert same.record["counts"] | {"unchanged": 0} == dict.fromkeys(same.record["counts"], 0)
    assert sorted(same.record["unchanged"]) == sorted(first["added"])
    conditional = [headers for path, headers in server.requests if path in ("/feed", "/crane")][-2:]
    assert all("If-None-Match" in headers for headers in conditional)
    assert len(server.asked) == asked + 3

    site.page("crane", CRANE.replace("May", "June"))
    site.page("ferry", FERRY)
    site.item("ferry", 22)
    site.publish()
    update = qa("refresh", "--json", **allowed).record
    assert (len(update["added"]), update["updated"], update["gone"]) == (1, [articles["crane"]["id"]], [])
    assert qa("show", articles["crane"]["id"], "--text").out.endswith("until June.")

    site.page("crane", "Gone.", 410)
    removal = qa("refresh", site.url, **allowed)
    assert removal.code == 0
    assert f"gone: {articles['crane']['id']}" in removal.err
    assert qa("refresh", "--prune", "--json", **allowed).record["removed"] == [articles["crane"]["id"]]
    assert len(qa("list", "--json").record["articles"]) == 2
    assert qa("doctor").code == 0


def test_refresh_says_what_it_cannot_do(qa: Qa, server: Server, tmp_path: Path) -> None:
    assert qa("refresh").told(4)
    site = Site(server)
    site.item("bridge", 15, BRIDGE)
    site.publish()
    qa("add", site.url, "--allow-private")
    assert qa("refresh", "elsewhere").told(4)
    server.shutdown()
    server.server_close()
    assert "none of the sources" in qa("refresh", "--allow-private").err
    mailed = qa("refresh", "--allow-private", "--quiet")
    assert mailed.told(7)
    assert "connection refused" in mailed.err
    assert "above" not in mailed.err
    (tmp_path / "a.txt").write_text(CRANE)
    qa("add", "a.txt")
    assert qa("refresh", "--quiet", "--allow-private").code == 0


def test_a_killed_add_of_a_feed_and_three_refreshes_at_once_take_each_change_once(qa: Qa, home: Path, server: Server) -> None:
    site = Site(server)
    for day in range(1, 9):
        site.page(f"page-{day}", f"{CRANE} This was written on day {day} of the month.")
        site.item(f"page-{day}", day)
    site.publish()
    killed = started(home, "add", site.url, "--allow-private")
    time.sleep(0.7)
    killed.kill()
    killed.wait()
    assert qa("add", site.url, "--allow-private").code == 0
    for day in range(1, 9):
        site.page(f"page-{day}", f"{CRANE} This was corrected on day {day} of the month.")
    at_once = [started(home, "refresh", "--allow-private") for _ in range(3)]
    assert [one.wait(timeout=120) for one in at_once] == [0, 0, 0]
    articles = qa("list", "--json").record["articles"]
    assert sorted((one["title"], one["version"]) for one in articles) == [(f"page-{day}", 2) for day in range(1, 9)]
    assert qa("doctor").code == 0
