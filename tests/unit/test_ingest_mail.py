from __future__ import annotations

from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

from qa.ingest import read
from qa.ingest.types import Skipped
from qa.types import Document
from tests.papers import pdf

HEAD = b"From: =?utf-8?q?Petra_Ilv=C3=A9s?= <p@example.org>\r\nSubject: The =?iso-8859-1?q?gr=FC=DFe?=\r\n"
DATED = HEAD + b"Date: Wed, 05 Apr 2023 10:30:00 +0200 (CEST)\r\n"


def added(content: bytes) -> list[Document | Skipped]:
    return list(read("-", BytesIO(content), fetch=False))


def one(content: bytes) -> Document:
    (found,) = added(content)
    assert isinstance(found, Document)
    return found


def test_a_message_states_its_subject_its_sender_and_its_date_with_the_zone() -> None:
    found = one(DATED + b"Content-Language: en\r\n\r\nThe crane fell.\r\n\r\nNobody was hurt.\r\n")
    assert (found.title, found.author, found.published) == ("The grüße", "Petra Ilvés", "2023-04-05T10:30:00+02:00")
    assert found.text == "The crane fell.\n\nNobody was hurt.\n"
    assert (found.language, found.kind) == ("en", "e-mail")


def test_a_part_is_decoded_as_it_declares() -> None:
    words = "Größe über “alles”."
    for charset, transfer in (("windows-1252", "quoted-printable"), ("utf-8", "base64")):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Crane"
        message.set_content(words + "\n", charset=charset, cte=transfer)
        found = one(message.as_bytes())
        assert found.text == words + "\n"
        assert "guessed_encoding" not in found.extra


def test_the_plain_part_is_preferred_and_html_is_read_where_there_is_none() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Crane"
    message.set_content("Plain.\n")
    message.add_alternative("<p>Marked.</p>", subtype="html")
    assert one(message.as_bytes()).text == "Plain.\n"
    message.clear_content()
    message.set_content(
        "<style>p {}</style><p>One &amp;<br>two.</p><div style='display:none'>Hidden</div><p>Three.</p>", subtype="html"
    )
    assert one(message.as_bytes()).text == "One &\ntwo.\n\nThree."


def test_attachments_with_a_reader_are_articles_of_their_own(tmp_path: Path) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "c@example.org", "Passed on"
    inner.set_content("Inner.\n")
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.org", "Crane"
    message.set_content("Outer.\n")
    message.add_attachment(pdf([["It fell."]]), maintype="application", subtype="pdf", filename="../report.pdf")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="photo.png")
    message.add_attachment(inner)
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    found = [item for item in read(str(tmp_path / "a.eml"), fetch=False) if isinstance(item, Document)]
    assert [(item.origin.removeprefix(f"{tmp_path}/"), item.text, item.kind) for item in found] == [
        ("a.eml", "Outer.\n", "e-mail"),
        ("a.eml#report.pdf", "It fell.", "PDF"),
        ("a.eml#message-3.eml", "Inner.\n", "e-mail"),
    ]


def test_a_date_without_a_zone_or_none_at_all_is_not_made_up() -> None:
    assert one(HEAD + b"Date: yesterday\r\n\r\nIt fell.").published is None
    assert one(HEAD + b"X-A: b\r\n\r\nIt fell.").published is None


def test_a_message_without_words_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(HEAD + b"\r\n")
    (found,) = read(str(tmp_path / "a.eml"), fetch=False)
    assert found == Skipped(str(tmp_path / "a.eml"), "no text in it")


def test_headers_without_end_and_messages_within_messages_are_refused_before_they_are_read() -> None:
    for content in (
        HEAD + b"X-A: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nIt fell.",
        HEAD + b"X-A: " + b"(" * 200_000 + b"\n\nIt fell.",
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\nContent-Type: message/rfc822\n\n" * 1_000,
    ):
        (found,) = added(content)
        assert isinstance(found, Skipped)
        assert "too long" in found.reason
