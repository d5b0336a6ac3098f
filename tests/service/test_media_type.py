"""The kind of a file is told by its bytes."""

import zipfile

import pytest

from engine.service.media_type import media_type


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        ("Hej på dig\n".encode(), "text/plain"),
        ("Hej på dig\n".encode("latin-1"), "text/plain"),
        (b"<script>alert(1)</script>", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        (b"MZ\x90\0\x03", "application/octet-stream"),
        (("å" * 5000).encode()[:8192], "text/plain"),
        (b"PK\x03\x04 broken", "application/zip"),
    ],
)
def test_media_type__is_told_by_the_first_bytes(head, kind, tmp_path):
    (tmp_path / "x").write_bytes(head)
    assert media_type(head, str(tmp_path / "x")) == kind


def test_media_type__tells_documents_of_offices_apart(tmp_path):
    path = tmp_path / "x"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    kind = media_type(path.read_bytes()[:8192], str(path))
    assert kind == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
