from __future__ import annotations

from io import BytesIO

from qa.ingest import read
from qa.ingest.types import Skipped
from qa.types import Document

NITF = """<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-5.dtd">
<nitf xml:lang="en"><head><title>Other</title>
<pubdata name="Harbour Courier" date.publication="20240312T101500Z" position.section="Local"/>
<docdata><date.issue norm="20240311"/><doc.copyright holder="Harbour Media"/></docdata></head>
<body><body.head><hedline><hl1>Crane falls</hl1></hedline><byline>By <person>Petra Ilves</person></byline>
<distributor>PA</distributor>
<dateline><location>Wrenmouth</location></dateline></body.head>
<body.content><block><p>The crane &#233;tait <em>shut</em>.</p><p>Nobody was hurt.</p></block>
<media><media-metadata name="x"/><media-caption><p>A crane.</p></media-caption></media></body.content></body></nitf>"""
INNER = NITF.partition("?>")[2].partition('dtd">')[2]


def item(content: str, meta: str = "", guid: str = "urn:x:1", version: str = "1", status: str = "usable") -> str:
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="{version}" xml:lang="en-GB">
<rightsInfo><copyrightHolder literal="Harbour Media"/></rightsInfo>
<itemMeta><provider literal="Wire"/><versionCreated>2024-03-12T11:00:00+01:00</versionCreated>
<pubStatus qcode="stat:{status}"/>{meta}</itemMeta>
<contentMeta><headline>Crane falls</headline><by>By Petra Ilves</by>
<dateline>WRENMOUTH</dateline><creditline>Wire/Agency</creditline>
</contentMeta><contentSet>{content}</contentSet></newsItem>"""


HTML = (
    '<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
    "<body><p>It fell.</p><p>On Monday.</p></body></html></inlineXML>"
)


def added(content: str) -> list[Document | Skipped]:
    return list(read("-", BytesIO(content.encode()), fetch=False))


def one(content: str) -> Document:
    (found,) = added(content)
    assert isinstance(found, Document), found
    return found


def test_nitf_states_headline_by_line_paper_date_section_and_who_sent_it() -> None:
    found = one(NITF)
    assert found.text == "The crane était shut.\n\nNobody was hurt.\n\nA crane."
    assert (found.title, found.author, found.source) == ("Crane falls", "Petra Ilves", "Harbour Courier")
    assert (found.published, found.section, found.language, found.credit) == ("2024-03-12T10:15:00Z", "Local", "en", "PA")
    assert dict(found.extra) == {"dateline": "Wrenmouth"}


def test_newsml_with_a_page_inside_states_what_its_envelope_says() -> None:
    found = one(item(HTML))
    assert found.text == "It fell.\n\nOn Monday."
    assert (found.title, found.author, found.source, found.credit) == ("Crane falls", "Petra Ilves", "Wire", "Wire/Agency")
    assert (found.published, found.updated, found.language) == ("2024-03-12T11:00:00+01:00", None, "en-GB")
    assert dict(found.extra) == {"guid": "urn:x:1", "dateline": "WRENMOUTH"}


def test_a_later_version_tells_when_it_was_changed_and_never_guesses_when_it_was_first() -> None:
    found = one(item(HTML, version="3"))
    assert (found.published, found.updated) == (None, "2024-03-12T11:00:00+01:00")
    found = one(item(HTML, "<firstCreated>2024-03-11T09:00:00Z</firstCreated>", version="3"))
    assert (found.published, found.updated) == ("2024-03-11T09:00:00Z", "2024-03-12T11:00:00+01:00")


def test_newsml_with_nitf_or_plain_words_inside_is_read() -> None:
    found = one(item(f"<inlineXML>{INNER}</inlineXML>"))
    assert found.text.startswith("The crane était shut.")
    assert (found.section, found.source) == ("Local", "Wire")
    assert one(item('<inlineData contenttype="text/plain">It fell.\n\nAll of it.</inlineData>')).text == "It fell.\n\nAll of it."


def test_a_message_of_several_items_gives_an_article_each_and_tells_what_has_none() -> None:
    items = item(HTML) + item("<remoteContent href='a.jpg'/>", guid="urn:x:2") + item(HTML, guid="urn:x:3", status="canceled")
    message = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}</itemSet></newsMessage>'
    article, picture, gone = added(message)
    assert isinstance(article, Document)
    assert isinstance(picture, Skipped)
    assert isinstance(gone, Skipped)
    assert (picture.reason, gone.reason) == ("its text is not in it", "withdrawn by whoever sent it")
    assert picture.source.endswith("#urn:x:2")


def test_entities_from_inside_or_outside_are_never_expanded() -> None:
    bombs = ('<!ENTITY a "ha"><!ENTITY b "&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/passwd">')
    for declared in bombs:
        (found,) = added(f"<!DOCTYPE nitf [{declared}]><nitf><body><body.content><p>&b;</p></body.content></body></nitf>")
        assert found == Skipped("stdin", "declares entities of its own, which are never expanded")


def test_xml_that_is_something_else_broken_or_very_deep_is_told() -> None:
    for content, reason in (
        ("<packageItem/>", "no news item in it"),
        ("<nitf><body>", "not XML"),
        ("<nitf>" + "<p>" * 100_000, "not XML"),
        ("<nitf/>", "no text in it"),
    ):
        (found,) = added(content)
        assert isinstance(found, Skipped)
        assert reason in found.reason
