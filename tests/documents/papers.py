"""A paper with everything in it, and texts that would like to be more than texts."""

from datetime import date
from decimal import Decimal

from engine.documents.tree import (
    Cell,
    Column,
    Document,
    Facts,
    Figure,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Run,
    Table,
    line,
)

HOSTILE = (
    "<script>alert(1)</script>",
    '#import "@preview/x:1": *',
    "=cmd|'/C calc'!A0",
    "@SUM(1+1)",
    "+1-1",
    "[x](javascript:alert(1))",
    "{{ 7*7 }}{% raw %}",
    "--- *** === # * - 1. > | ` ~~~ $x$ \\ &amp; &#60;",
    "\x00\x01\x08\x1b[31m\x7f\x85\ufeff\ud800",
    "\u202eevil\u2066\u2069 שלום مرحبا",
    "x" * 300,
    "😀👩‍👧 漢字 \U0001f1f8\U0001f1ea",
    "]]>\"'</style></svg><img src=x onerror=alert(1)>",
    "http://exempel.se www.exempel.se namn@exempel.se",
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20" role="img" aria-labelledby="title desc">'
    '<title id="title">t</title><desc id="desc">d</desc><rect width="20" height="10" fill="#2f6690"/></svg>'
)


def paper(text="Fall i badrummet", rows=2, **more):
    """A paper in which a text stands everywhere that a text can stand."""
    table = Table(
        text,
        (Column(text), Column("Antal", number=True), Column("Dag"), Column("Andel", number=True)),
        tuple((Cell(text), Cell(str(n), n), Cell("2026-03-02", date(2026, 3, 2)), Cell("1,5", Decimal("1.5")))
              for n in range(rows)),
        total=(Cell("Summa"), Cell(str(rows), rows), Cell(""), Cell("")) if rows else None,
        empty="Inga ärenden.",
    )  # fmt: skip
    blocks = (
        Heading(2, line(text)),
        Paragraph((Run(text), Run("fet", strong=True), Run(" och "), Run(text, emphasis=True, link=text))),
        Items((line(text), line("två"))), Items((line(text),), ordered=True), Facts(((text, line(text)),)), table,
        Figure(SVG, text, text, table), Note(line(text)), Note(line(text), "warning"), PageBreak(),
        Heading(3, line("Slut")),
    )  # fmt: skip
    given = {"title": text, "language": "sv", "made_on": date(2026, 3, 2), "blocks": blocks, "subtitle": text,
             "training": "ÖVNING", "foot": text}  # fmt: skip
    return Document(**(given | more))
