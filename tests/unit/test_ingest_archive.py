from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest

from qa.ingest import read
from qa.ingest.types import Skipped
from qa.types import Document
from tests.papers import pdf, tarred, zipped

LIMIT = 100_000


def added(path: Path, content: bytes, limit: int = LIMIT) -> list[Document | Skipped]:
    path.write_bytes(content)
    return list(read(str(path), limit=limit, fetch=False))


def texts(found: list[Document | Skipped]) -> dict[str, str]:
    return {item.origin: item.text for item in found if isinstance(item, Document)}


def reasons(found: list[Document | Skipped]) -> list[str]:
    return [item.reason for item in found if isinstance(item, Skipped)]


MEMBERS = {
    "one.txt": b"One.",
    "in/two.md": b"# Two\n\nText.",
    "three.jsonl": b'{"id": "x", "text": "Three."}',
    "photo.png": b"\x89PNG",
}
READ = {"one.txt": "One.", "in/two.md": "# Two\n\nText.", "three.jsonl#x": "Three."}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", zipped(MEMBERS)),
        ("a.tar", tarred(MEMBERS)),
        ("a.tgz", tarred(MEMBERS, "w:gz")),
        ("a.tar.gz", tarred(MEMBERS, "w:gz")),
        ("a.tar.bz2", tarred(MEMBERS, "w:bz2")),
        ("a.tar.xz", tarred(MEMBERS, "w:xz")),
    ],
)
def test_every_member_is_read_as_a_file_would_be_and_known_by_the_archive_and_its_name(
    tmp_path: Path, name: str, content: bytes
) -> None:
    found = added(tmp_path / name, content)
    assert texts(found) == {f"{tmp_path / name}#{member}": text for member, text in READ.items()}
    assert not reasons(found)
    assert {item.kind for item in found} == {"text", "JSON"}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_single_packed_file_is_read_by_the_name_within(tmp_path: Path, pack) -> None:
    (found,) = added(tmp_path / "crane.txt.gz", pack(b"The crane fell."))
    assert isinstance(found, Document)
    assert (found.text, found.title, found.origin) == ("The crane fell.", "Crane", f"{tmp_path / 'crane.txt.gz'}#crane.txt")


def test_archives_within_archives_are_read_to_their_bound(tmp_path: Path) -> None:
    content: bytes = b"The crane fell."
    name = "a.txt"
    for depth in range(4):
        content, name = zipped({name: content}), f"{depth}.zip"
        found = added(tmp_path / "a.zip", content)
        if depth < 3:
            assert list(texts(found).values()) == ["The crane fell."]
        else:
            assert reasons(found) == ["more than 2 archives deep in another"]


def test_names_that_point_elsewhere_links_and_devices_are_left_out_and_nothing_is_written(tmp_path: Path) -> None:
    box = io.BytesIO()
    with tarfile.open(fileobj=box, mode="w") as file:
        for name in ("../out.txt", "/etc/out.txt", "fine.txt"):
            info = tarfile.TarInfo(name)
            info.size = 4
            file.addfile(info, io.BytesIO(b"Text"))
        for kind, name in ((tarfile.SYMTYPE, "link.txt"), (tarfile.LNKTYPE, "hard.txt"), (tarfile.CHRTYPE, "device.txt")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            file.addfile(info)
    (tmp_path / "in").mkdir()
    found = added(tmp_path / "in" / "a.tar", box.getvalue())
    assert list(texts(found).values()) == ["Text"]
    assert reasons(found) == ["its name points out of the archive"] * 2 + ["a link or a device, which is not followed"] * 3
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as zip_file:
        zip_file.writestr(link, "/etc/passwd")
        zip_file.writestr("..\\out.txt", "Text")
    assert len(reasons(added(tmp_path / "in" / "b.zip", box.getvalue()))) == 2
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.tar", "b.zip", "in"]


def test_a_member_over_the_limit_is_left_out_and_the_others_are_read(tmp_path: Path) -> None:
    members = {"large.txt": b"word " * LIMIT, "small.txt": b"One."}
    for name, content in (("a.zip", zipped(members)), ("a.tar.gz", tarred(members, "w:gz"))):
        found = added(tmp_path / name, content + b"\0" * 5000)
        assert list(texts(found).values()) == ["One."]
        assert reasons(found) == ["0.5 MB is over the limit of 0.1 MB"]


def test_a_bomb_is_stopped_at_a_hundred_times_its_size(tmp_path: Path) -> None:
    zeros = {f"{at}.txt": b"\0" * (LIMIT - 1) for at in range(300)}
    for name, content in (
        ("a.zip", zipped(zeros)),
        ("a.tar.gz", tarred(zeros, "w:gz")),
        ("b.tar.gz", tarred({"a.txt": b"\0" * 30_000_000}, "w:gz")),
        ("nested.zip", zipped({f"{at}.zip": zipped({"a.txt": b"\0" * (LIMIT - 1)}) for at in range(300)})),
    ):
        found = added(tmp_path / name, content)
        assert any("times its size; the rest is left out" in reason for reason in reasons(found)), name
        assert len(found) < 290
    assert reasons(added(tmp_path / "a.txt.gz", gzip.compress(b"\0" * 30_000_000))) == ["unpacked it is over the limit of 0.1 MB"]


def test_a_header_that_claims_to_be_long_is_not_read(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 5_000_000
    assert "cannot be unpacked" in reasons(added(tmp_path / "a.tar", info.tobuf() + b"x" * 6_000_000, 10_000_000))[0]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tgz", "a.xz"])
def test_a_damaged_archive_is_told_and_what_came_before_the_damage_is_kept(tmp_path: Path, name: str) -> None:
    assert reasons(added(tmp_path / name, b"")) == ["empty"]
    assert "damaged" in reasons(added(tmp_path / name, b"no archive at all, but some words that are long enough" * 20))[0]
    cut = tarred({"one.txt": b"One.", "two.txt": bytes(range(256)) * 300})[:40_000]
    if name == "a.tar":
        found = added(tmp_path / name, cut)
        assert list(texts(found).values()) == ["One."]
        assert any("damaged" in reason for reason in reasons(found))


def test_a_locked_member_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": b"One."}))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    assert reasons(added(tmp_path / "a.zip", bytes(content))) == ["locked with a password"]


def test_a_member_that_unpacks_to_more_than_it_declares_is_damaged(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": b"x" * 90_000}))
    at = content.index(b"PK\1\2")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert reasons(added(tmp_path / "a.zip", bytes(content))) == ["damaged: it cannot be unpacked"]
    assert zlib.crc32(b"x") != 0


def test_hidden_junk_in_an_archive_is_passed_over(tmp_path: Path) -> None:
    found = added(tmp_path / "a.zip", zipped({"__MACOSX/._a.txt": b"x", ".git/a.txt": b"x", "a.txt": b"One."}))
    assert len(found) == 1


def test_an_archive_that_comes_down_a_pipe_is_recognised() -> None:
    for content in (zipped(MEMBERS), tarred(MEMBERS), tarred(MEMBERS, "w:gz")):
        found = list(read("-", io.BytesIO(content), fetch=False))
        assert [item.text for item in found if isinstance(item, Document)] == list(READ.values())
    (found,) = read("-", io.BytesIO(pdf([["It fell."]])), fetch=False)
    assert isinstance(found, Document)
    assert (found.text, found.kind) == ("It fell.", "PDF")


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": b"One.", "b.txt": b"Two."}))
    at = content.index(b"PK\1\2")
    content[at + 46] = 0
    assert list(texts(added(tmp_path / "a.zip", bytes(content))).values()) == ["Two."]


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_way_of_packing_that_cannot_be_unpacked_bit_by_bit_is_not_read(tmp_path: Path, way: int) -> None:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", way) as zip_file:
        zip_file.writestr("one.txt", "One. " * 1000)
    assert reasons(added(tmp_path / "a.zip", box.getvalue())) == ["packed in a way that is not read"]
