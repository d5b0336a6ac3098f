"""What kind of file some bytes are, told by the bytes and never by the name.

Only kinds that people attach are known; the rest is `application/octet-stream`, and any text is plain text, so that
nothing which was attached is ever shown as a page or a script.
"""

from __future__ import annotations

from typing import Final
from zipfile import BadZipFile, ZipFile

HEAD: Final = 8192
"""How many of the first bytes are enough."""
UNKNOWN: Final = "application/octet-stream"
_BEGINNINGS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
)
_BRANDS: Final = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif", b"avif": "image/avif",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4",
}  # fmt: skip
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."


def media_type(head: bytes, path: str) -> str:
    """The kind of a file.

    Args:
        head: Its first bytes, `HEAD` of them where there are so many.
        path: Where the whole of it is; read further only when it is a ZIP.
    """
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(
            head[8:12], UNKNOWN
        )
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"PK\x03\x04"):
        return _packed(path)
    return "text/plain" if _is_text(head) else UNKNOWN


def _packed(path: str) -> str:
    """The kind of a ZIP: documents of offices are such, and say so in what they hold."""
    try:
        with ZipFile(path) as packed:
            names = set(packed.namelist())
            if "mimetype" in names and packed.getinfo("mimetype").file_size < 100:
                said = packed.read("mimetype").decode("ascii", "replace").strip()
                if said.startswith(_OPEN):
                    return said
            for inside, kind in (
                ("word/document.xml", "wordprocessingml.document"),
                ("xl/workbook.xml", "spreadsheetml.sheet"),
                ("ppt/presentation.xml", "presentationml.presentation"),
            ):
                if inside in names:
                    return _OFFICE + kind
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        pass
    return "application/zip"


def _is_text(head: bytes) -> bool:
    cut = head[:-3] if len(head) >= HEAD else head  # the last letter may have been cut in two
    if any(byte < 32 and byte not in (9, 10, 12, 13) for byte in cut):
        return False
    try:
        cut.decode("utf-8", "strict" if cut is head else "ignore")
    except UnicodeDecodeError:
        return b"\x7f" not in cut and not any(
            128 <= byte < 160 for byte in cut
        )  # Latin 1, as older programs write
    return True
