"""Files of every kind, made by hand as small as they can be: what a test puts in is what stands in them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence

Lines = Sequence[str | tuple[float, float, str]]
"""A page's lines from the top down; or with their places: from the left, from below, the words."""


def pdf(pages: Sequence[Lines], info: str = "") -> bytes:
    """A PDF of A4 pages in 12 point Helvetica, lines 14 points apart; ``info`` as ``/Title (...)``."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    kids = []
    for lines in pages:
        drawn = []
        for number, line in enumerate(lines):
            left, base, words = (50.0, 780.0 - 14 * number, line) if isinstance(line, str) else line
            spelled = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            drawn.append(b"BT /F1 12 Tf 1 0 0 1 %.1f %.1f Tm (%s) Tj ET" % (left, base, spelled))
        content = b"\n".join(drawn)
        objects.append(b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content))
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
        objects.append(page % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    objects.append(b"<<%s>>" % info.encode("latin-1"))
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects)
    tail = b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size + 1, size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size + 1, table) + tail


def zipped(members: Mapping[str, bytes | str], **options: int) -> bytes:
    """A ZIP file with these members in this order."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED, **options) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return box.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w") -> bytes:
    """A TAR file with these members in this order; ``mode`` as ``w:gz`` packs it."""
    box = io.BytesIO()
    with tarfile.open(fileobj=box, mode=mode) as file:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return box.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"


def docx(body: str, core: str = "") -> bytes:
    """A Word document with this XML for its body and its properties."""
    return zipped(
        {
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
            "docProps/core.xml": f'<c:p xmlns:c="{_CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/">{core}</c:p>',
        }
    )


def paragraph(words: str, style: str = "") -> str:
    """A paragraph of a Word document."""
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{kind}<w:r><w:t>{words}</w:t></w:r></w:p>"


def epub(chapters: Mapping[str, str], metadata: str = "", extra: Mapping[str, str] | None = None) -> bytes:
    """A book with these chapters (name: what stands in its page's body) in this order, below the folder OEBPS."""
    items = "".join(f'<item id="i{at}" href="{name}" media-type="application/xhtml+xml"/>' for at, name in enumerate(chapters))
    spine = "".join(f'<itemref idref="i{at}"/>' for at in range(len(chapters)))
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            f'xmlns:opf="http://www.idpf.org/2007/opf"><metadata>{metadata}</metadata><manifest>{items}</manifest>'
            f"<spine>{spine}</spine></package>",
            **{
                f"OEBPS/{name}": f"<html><head><title>x</title></head><body>{body}</body></html>"
                for name, body in chapters.items()
            },
            **(extra or {}),
        }
    )
