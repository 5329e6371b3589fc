from __future__ import annotations

import pytest

from qa.agencies import credit
from qa.furniture import byline, prose
from qa.notes import notes
from qa.text import sentences

FIRST = "The crane on the east quay fell on Monday night, said Petra Ilves."
REST = "\n\n".join(f"Sentence {number} tells of the harbour and its cranes." for number in range(20))


def quotable(text: str, title: str = "") -> list[str]:
    return [span.of(text) for span in prose(text, sentences(text), title)]


@pytest.mark.parametrize(
    "line",
    [
        "By Petra Ilves",
        "*By Petra Ilves, Harbour Courier*",
        "Von Petra Ilves",
        "Par Jean de La Fontaine",
        "Saturday, January 5, 2019",
        "Published: 5 April 2023, 10:30 am BST | Updated 6 April 2023",
        "sexta-feira, 22 de outubro de 2010 às 20:13",
        "Reporting by Petra Ilves; editing by Jon Reddaway",
        "(Additional reporting by Petra Ilves in Wrenmouth)",
        "Petra Ilves contributed to this report.",
        "(AP)",
        "Reuters",
        "Source: Harbour News",
        "Photo: Petra Ilves",
        "© 2023 Harbour Courier",
        "Copyright 2023 The Associated Press. All rights reserved.",
        "Read more: Crane falls in Wrenmouth",
        "Related: Ten cranes that fell",
        "Lire aussi : la grue de Wrenmouth".replace(" :", ":"),
        "Share this article",
        "Follow us on Twitter for more about cranes.",
        "Sign up for our daily newsletter.",
        "Click here to see the crane.",
        "Advertisement",
    ],
)
def test_what_is_no_prose_is_not_quoted(line: str) -> None:
    assert quotable(f"{line}\n\n{FIRST}\n\n{REST}") == quotable(f"{FIRST}\n\n{REST}")
    assert line not in quotable(f"{FIRST}\n\n{REST}\n\n{line}")


@pytest.mark.parametrize(
    "line",
    [
        "By Monday evening the crane was gone.",
        "By Monday",
        "The report was published on 5 April 2023.",
        "Published in 1923, the book tells of cranes.",
        "Read the sign before you lift: it was put there in 1987.",
        "Related firms lost 2 million crowns.",
        "Follow the crane with your eyes and you will see the cracks.",
        "The share of cranes fell to 3 percent.",
        "Copyright law protects the plans of cranes.",
        "Reuters reported that the crane fell.",
        "Photographs show the crane on its side.",
        "2019",
        "“Sign up for the lifeboat today,” she said.",
        "Mayor Sunniva Okafor contributed 200 crowns.",
        "WRENMOUTH (AP) — The crane fell.",
    ],
)
def test_a_sentence_that_only_begins_like_one_is_quoted(line: str) -> None:
    assert line in quotable(f"{line}\n\n{FIRST}\n\n{REST}")


def test_a_by_line_in_the_middle_of_a_long_article_may_be_a_heading_and_stays() -> None:
    assert "By Petra Ilves" in quotable(f"{REST}\n\nBy Petra Ilves\n\n{REST}")


def test_a_headline_that_is_repeated_counts_once() -> None:
    text = f"# The crane falls\n\nThe crane falls\n\n{FIRST}\n\n{REST}"
    assert quotable(text, "The Crane Falls")[:2] == ["# The crane falls", FIRST]
    assert quotable(text, "Another title")[:2] == ["# The crane falls", "The crane falls"]


def test_where_nothing_else_is_left_everything_may_be_quoted() -> None:
    assert quotable("By Petra Ilves\n\nReuters\n") == ["By Petra Ilves", "Reuters"]
    assert quotable("---\ntitle: A\n---\nThe crane falls\n", "The crane falls") == ["The crane falls"]


@pytest.mark.parametrize(
    "odd",
    [
        "2019 " + "1:1." * 70 + "x",
        "By " + "A " * 50 + "x",
        "*" * 5000 + "x",
        "((((" * 2000 + "Correction",
        "this article was updated " * 4000,
        "Correction: " * 4000,
        "\n \t" * 20_000,
        "(" * 300 + " (AP" * 60,
    ],
)
def test_an_odd_text_is_judged_as_fast_as_any(odd: str) -> None:
    for text in (odd, f"{odd}\n\n{FIRST}"):
        spans = sentences(text)
        assert set(prose(text, spans)) <= set(spans)
        assert all(0 <= note.span.start < note.span.end <= len(text) for note in notes(text))
        assert credit(odd, text) in (None, "AP")


def test_part_of_a_text_is_judged_as_part_of_the_whole() -> None:
    text = f"By Petra Ilves\n\n{FIRST}\n\n{REST}"
    spans = sentences(text)
    assert prose(text, spans, within=spans[0]) == ()
    assert prose(text, spans, within=spans[1]) == (spans[1],)


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("Correction: The crane lifts 40 tonnes. We had written 60.", "correction"),
        ("**Correction, 5 April 2023:** the crane lifts 40 tonnes.", "correction"),
        ("Clarification: the crane is blue.", "correction"),
        ("An earlier version of this article gave another weight. It was wrong.", "correction"),
        ("This story has been corrected to say that the crane is blue.", "correction"),
        ("Editor's note: This article was first printed in May.", "editor"),
        ("(Editors’ note: names have been changed.)", "editor"),
        ("UPDATE (12 May): The crane has been taken down.", "update"),
        ("This article was updated on 6 April 2023 with a comment.", "update"),
        ("Korrektur: Der Kran hebt 40 Tonnen.", "correction"),
        ("In einer früheren Version dieses Artikels hieß es, der Kran sei rot.", "correction"),
        ("Anm. d. Red.: Der Kran steht noch.", "editor"),
        ("Une version précédente de cet article donnait un autre poids.", "correction"),
        ("Corrección: la grúa es azul.", "correction"),
    ],
)
def test_a_correction_an_editors_note_and_an_update_are_found_to_the_end_of_their_paragraph(note: str, kind: str) -> None:
    text = f"{FIRST}\n\n{note}\n\n{REST}"
    (found,) = notes(text)
    assert found.kind == kind
    assert found.span.of(text) == note.lstrip("*(")
    assert any(one in note for one in quotable(text))


@pytest.mark.parametrize(
    "text",
    [
        "Correction policy at the Courier",
        "Corrections officers were attacked: two were hurt.",
        "The correction: five percent, brokers said.",
        "“This story has been corrected,” she said.",
        "Updated: 5 April 2023",
        "He asked for an update: nobody answered.",
        "An earlier version of the crane stood there.",
    ],
)
def test_what_only_sounds_like_a_note_is_none(text: str) -> None:
    assert notes(f"{FIRST}\n\n{text}\n\n{REST}") == ()


def test_a_note_within_a_paragraph_begins_with_its_sentence() -> None:
    text = f"{FIRST} In addition, an earlier version of this story gave another weight."
    (found,) = notes(text)
    assert found.span.of(text).startswith("In addition,")


@pytest.mark.parametrize(
    ("author", "text", "agency"),
    [
        ("Associated Press", FIRST, "AP"),
        ("Petra Ilves; The Associated Press", FIRST, "AP"),
        (None, f"WRENMOUTH, April 5 (Reuters) - {FIRST}", "Reuters"),
        (None, f"WRENMOUTH (AP) — {FIRST}", "AP"),
        (None, f"{FIRST}\n\n— Agence France-Presse", "AFP"),
        (None, f"{FIRST}\n\nWith files from The Canadian Press", "The Canadian Press"),
        (None, f"{FIRST}\n\nReuters said nothing of it.", None),
        (None, f"The ap (ap) - {FIRST}", None),
        ("Petra Ilves", FIRST, None),
    ],
)
def test_an_agency_is_credited_where_by_line_dateline_or_last_line_names_it(
    author: str | None, text: str, agency: str | None
) -> None:
    assert credit(author, text) == agency


def test_a_by_line_names_people_and_no_days() -> None:
    assert byline("By Petra Ilves and Jon van Dam") == "Petra Ilves and Jon van Dam"
    assert byline("By 5 April 2023") is None
