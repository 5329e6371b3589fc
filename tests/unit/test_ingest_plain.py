from __future__ import annotations

from pathlib import Path

import pytest

from qa.ingest import read
from qa.ingest.dates import stated
from qa.types import Document

BODY = "The crane fell on Monday. Nobody was hurt, said Petra Ilves.\n"


@pytest.fixture
def article(tmp_path: Path):
    def write(text: str, name: str = "harbour-crane_falls.md") -> Document:
        (tmp_path / name).write_bytes(text.encode())
        (found,) = read(str(tmp_path / name), fetch=False)
        assert isinstance(found, Document)
        assert found.text == text.removeprefix("\ufeff")
        return found

    return write


def test_front_matter_states_everything_and_stays_in_the_text(article) -> None:
    found = article(
        "---\ntitle: \"Crane: it fell\"\nauthor: 'Petra Ilves'\noutlet: Courier\nurl: https://example.org/crane\n"
        f"date: 5 April 2023\ntags: [a, b]\n---\n\n# Another heading\n\n{BODY}"
    )
    assert (found.title, found.author, found.source) == ("Crane: it fell", "Petra Ilves", "Courier")
    assert (found.url, found.published) == ("https://example.org/crane", "2023-04-05")
    assert found.id is None


def test_front_matter_states_change_language_section_and_agency_under_any_of_their_names(article) -> None:
    one = article(f"---\nupdated: 2023-04-06\nlanguage: en-GB\nsection: Harbour\ncredit: Reuters\n---\n\n{BODY}")
    two = article(f"---\nmodified: 6 April 2023\nlang: en_gb\ncategory: Harbour\nagency: Reuters\n---\n\n{BODY}")
    for found in (one, two):
        assert (found.updated, found.language, found.section, found.credit) == ("2023-04-06", "en-GB", "Harbour", "Reuters")
    assert article(f"---\nlanguage: English\nupdated: lately\n---\n\n{BODY}").language is None


def test_a_dateline_credits_an_agency(article) -> None:
    assert article(f"The crane falls\n\nWRENMOUTH (AP) — {BODY}").credit == "AP"


def test_several_authors_in_front_matter_are_named_together(article) -> None:
    assert article(f"---\nauthors: [Petra Ilves, 'Jon Reddaway']\n---\n{BODY}").author == "Petra Ilves, Jon Reddaway"
    assert article(f"---\nauthors:\n  - Petra Ilves\n  - Jon Reddaway\n---\n{BODY}").author == "Petra Ilves, Jon Reddaway"


def test_front_matter_that_never_ends_is_text(article) -> None:
    assert article(f"---\ntitle: Not a title\n\n{BODY}").title == "Harbour crane falls"


def test_an_ambiguous_date_in_front_matter_is_not_replaced_by_another(article) -> None:
    assert article(f"---\npublished: 01/02/2023\n---\n\n5 April 2023\n\n{BODY}").published is None


@pytest.mark.parametrize(
    "top",
    [
        "# The crane falls\n\n",
        "\n## **The crane falls** ##\n",
        "# [The crane falls](https://example.org)\n",
        "The crane falls\n\n",
        "The crane falls\r\n\r\n",
        "The crane falls\n===============\n",
        "The crane falls\nBy Petra Ilves\n",
        "The crane falls\nApril 5, 2023\n",
        "Saturday, April 5, 2025\n\nBy Petra Ilves\n\nThe crane falls\n\n",
        "**The crane falls**\n\n",
    ],
)
def test_a_heading_or_a_headline_is_the_title(article, top: str) -> None:
    assert article(top + BODY).title == "The crane falls"


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "The crane fell.\n\n" + BODY,
        "“The crane fell.”\n\n" + BODY,
        "The crane falls",
        "The crane falls\nand so does this line.\n\n",
        "A word " * 40 + "\n\n" + BODY,
        "#nofilter\n" + BODY,
    ],
)
def test_without_a_headline_the_title_is_the_file_name_made_readable(article, text: str) -> None:
    assert article(text).title == "Harbour crane falls"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Petra Ilves", "Petra Ilves"),
        ("by: Zoë Brontë-Çelik", "Zoë Brontë-Çelik"),
        ("BY PETRA ILVES", "PETRA ILVES"),
        ("*By Petra Ilves*", "Petra Ilves"),
        ("By Petra Ilves, Harbour Courier", "Petra Ilves"),
        ("By Petra Ilves | Staff writer", "Petra Ilves"),
        ("By Petra Ilves in Wrenmouth", "Petra Ilves"),
        ("By Petra Ilves and Jon van Dam", "Petra Ilves and Jon van Dam"),
        ("By Petra Ilves, Ada Koch and Jon Reddaway", "Petra Ilves, Ada Koch and Jon Reddaway"),
        ("By Jon Reddaway Jr.", "Jon Reddaway Jr."),
        ("By Reuters", "Reuters"),
        ("By Monday evening the crane was gone.", None),
        ("By noon", None),
        ("By 5 April 2023", None),
        ("By and by", None),
        ("Bystanders", None),
    ],
)
def test_a_by_line_near_the_top_names_the_author(article, line: str, author: str | None) -> None:
    assert article(f"The crane falls\n\n{line}\n\n{BODY}").author == author


def test_a_by_line_far_down_names_nobody(article) -> None:
    assert article("A line.\n" * 20 + "\nBy Petra Ilves\n").author is None


@pytest.mark.parametrize(
    "line", ["5 April 2023", "Published: April 5, 2023", "Posted on April 5, 2023 at 10:30 am", "2023-04-05"]
)
def test_a_date_on_a_line_of_its_own_near_the_top_is_the_date(article, line: str) -> None:
    assert article(f"The crane falls\n\n{line}\n\n{BODY}").published == "2023-04-05"


@pytest.mark.parametrize(
    "line", ["20230405", "Updated April 5, 2023", "WRENMOUTH, April 5, 2023", "It fell on April 5, 2023.", "04/05/2023"]
)
def test_a_date_that_is_not_plainly_the_articles_own_is_left_alone(article, line: str) -> None:
    assert article(f"The crane falls\n\n{line}\n\n{BODY}").published is None


def test_no_date_comes_from_the_file_or_the_clock(article) -> None:
    assert article(BODY, "2023-04-05-crane.txt").published is None


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2023-04-05", "2023-04-05"),
        (" 2023-04-05 ", "2023-04-05"),
        ("20230405", "2023-04-05"),
        ("2023-04-05T10:30:00Z", "2023-04-05T10:30:00Z"),
        ("2023-04-05 10:30", "2023-04-05T10:30"),
        ("2023-04-05 10:30:00 +0200", "2023-04-05T10:30:00+02:00"),
        ("2023-04-05T10:30:00.123+02:00", "2023-04-05T10:30:00.123+02:00"),
        ("Wed, 05 Apr 2023 10:30:00 +0200", "2023-04-05T10:30:00+02:00"),
        ("5 Apr 2023 10:30 GMT", "2023-04-05T10:30:00+00:00"),
        ("Wednesday, 5th April 2023", "2023-04-05"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("April 5, 2023, 10:30 a.m. EDT", "2023-04-05"),
        ("Wed Apr 05 2023 10:30:00 GMT+0000 (UTC)", "2023-04-05"),
        ("1 May\u00a02023", "2023-05-01"),
    ],
)
def test_a_plain_date_is_told_in_iso_8601(written: str, date: str) -> None:
    assert stated(written) == date


@pytest.mark.parametrize(
    "written",
    [
        "",
        "01/02/2023",
        "5.4.2023",
        "2023",
        "April 2023",
        "5 April",
        "5 April 23",
        "31 February 2023",
        "2023-02-30",
        "2023-13-01",
        "2023-04-05T25:00",
        "2023-04-05T10:30:00+99:99",
        "Wed, 05 Apr 2023 99:99:00 +0200",
        "0001-01-01T00:00:00Z",
        "5 Foo 2023",
        "circa 5 April 2023",
        "yesterday",
        "1680688200",
        "5 April 2023 " * 20,
    ],
)
def test_what_is_not_one_plain_date_is_none(written: str) -> None:
    assert stated(written) is None
