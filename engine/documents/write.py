"""One content tree in any format: the renderers by name, each loaded when it is used."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from engine.documents.tree import Document

Format: TypeAlias = Literal["html", "pdf", "docx", "xlsx", "md"]
FORMATS: Final[tuple[Format, ...]] = ("html", "pdf", "docx", "xlsx", "md")
TEXTS: Final = frozenset({"html", "md"})
"""The formats that are text, and may go to a pipe as such."""


def write(document: Document, format: Format) -> bytes:
    """A document in a format; text is UTF-8."""
    match format:
        case "html":
            from engine.documents.page import write_html  # noqa: PLC0415

            return write_html(document).encode()
        case "md":
            from engine.documents.markdown import write_markdown  # noqa: PLC0415

            return write_markdown(document).encode()
        case "pdf":
            from engine.documents.pdf import write_pdf  # noqa: PLC0415

            return write_pdf(document)
        case "docx":
            from engine.documents.word import write_docx  # noqa: PLC0415

            return write_docx(document)
        case "xlsx":
            from engine.documents.sheet import write_xlsx  # noqa: PLC0415

            return write_xlsx(document)
