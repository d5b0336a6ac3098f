"""Names that shall not stand on a paper: found however they are written, and nothing else is."""

from datetime import date

import pytest

from engine.documents.masking import mask
from engine.documents.tree import Document, Paragraph, line, text_of
from engine.documents.write import write
from tests.documents.papers import paper


def said(text, *names):
    document = Document("t", "sv", date(2026, 3, 2), (Paragraph(line(text)),))
    (block,) = mask(document, names, "[X]").blocks
    assert isinstance(block, Paragraph)
    return text_of(block.runs)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anna Berg såg det.", "[X] såg det."),
        ("anna  BERG", "[X]"),
        ("Enligt Anna\nBergs rapport", "Enligt [X] rapport"),
        ("Berg, Anna (usk)", "[X] (usk)"),
        ("(anna01)", "([X])"),
        ("Anna sov. Bergåsen.", "Anna sov. Bergåsen."),
        ("Hanna Berg och Anna Bergman", "Hanna Berg och Anna Bergman"),
    ],
)
def test_mask__finds_a_name_however_it_is_written(text, found):
    assert said(text, "Anna Berg", "anna01", "") == found


def test_mask__a_name_of_signs_is_no_pattern():
    assert said("a.c abc", "a.c d") == "a.c abc"
    assert said("Bo (Bosse) Ek", "Bo (Bosse) Ek") == "[X]"


@pytest.mark.parametrize("format", ["html", "md"])
def test_mask__reaches_every_part_of_a_paper(format):
    document = mask(paper("Åsa Öberg"), ["Åsa Öberg"], "X-X")
    page = write(document, format).decode()
    assert "Öberg" not in page.replace(document.title, "")
    assert "X-X" in page


def test_mask__without_names_changes_nothing():
    assert mask(paper(), ["", "  "], "X") == paper()
