"""Every format says what the content tree says, and what somebody wrote is a text and nothing else in all of them."""

import io
import re
import zipfile
from datetime import datetime
from html.parser import HTMLParser

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from engine.documents.glyph import shown
from engine.documents.markdown import write_markdown
from engine.documents.page import write_html
from engine.documents.pdf import write_pdf
from engine.documents.sheet import write_xlsx
from engine.documents.tree import Cell, Column, Document, Run, Table, plain
from engine.documents.word import write_docx
from tests.documents.papers import HOSTILE, paper

odd = st.text(
    st.one_of(st.sampled_from("<>&\"'`*_#[]()!|\\~$=+-@:/.{}\n\t\x00\u202e 1aå😀"), st.characters()),
    max_size=40,
)


class Page(HTMLParser):
    """Tags with their attributes, and the text, of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(sorted(name for name, _ in attrs))))

    def handle_data(self, data):
        self.text += data


def flat(text):
    return " ".join(text.split())


def tags_without_breaks(text):
    return [tag for tag in Page(text).tags if tag[0] not in ("br", "a")]


@given(odd)
def test_html__a_text_is_only_a_text(text):
    written = write_html(paper(f"x{text}"))
    assert tags_without_breaks(written) == tags_without_breaks(write_html(paper("x")))
    assert flat(plain(f"x{text}")) in flat(Page(written).text)


def markdown_of(text):
    """The kinds of everything in a Markdown text but its words, and its words."""
    kinds, words = [], []
    for token in MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text):
        inner = token.children or []
        if token.type != "inline":
            kinds.append(token.type)
        kinds += [
            one.type for one in inner if one.type not in ("text", "text_special", "hardbreak", "softbreak")
        ]
        words += [one.content if one.type in ("text", "text_special") else " " for one in inner] + [" "]
    return kinds, flat("".join(words))


@given(odd)
def test_markdown__a_text_is_only_a_text(text):
    kinds, words = markdown_of(write_markdown(paper(f"x{text}x")))
    assert kinds == markdown_of(write_markdown(paper("xx")))[0]
    assert flat(plain(f"x{text}x")) in words


def test_html__stands_alone_and_has_landmarks():
    written = write_html(paper())
    tags = [name for name, _ in Page(written).tags]
    assert '<html lang="sv">' in written
    assert {"header", "main", "footer", "h1", "h2", "caption", "figure", "title", "th"} <= set(tags)
    assert tags.count("h1") == tags.count("main") == 1
    assert not {"script", "link", "iframe", "object"} & set(tags)
    assert not re.search(r"(?:src|url\(|@import)", written.replace("prefers-color-scheme", ""))
    assert 'scope="row"' in written
    assert 'scope="col"' in written


@pytest.fixture(scope="module")
def hostile():
    """A paper of all hostile texts at once."""
    return "\n".join(HOSTILE)


def test_xlsx__no_cell_computes_and_numbers_are_numbers(hostile):
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(paper(hostile))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    sheet = book.worksheets[1]
    assert [sheet.cell(4, column).data_type for column in (1, 2, 3, 4)] == ["s", "n", "d", "n"]
    assert sheet.cell(5, 3).value == datetime(2026, 3, 2)  # noqa: DTZ001  a workbook knows no zones
    assert sheet.freeze_panes == "B4"
    assert len({name.casefold() for name in book.sheetnames}) == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_xlsx__a_text_that_begins_as_a_formula_is_a_text(text):
    table = Table("t", (Column("a"),), ((Cell(text),),))
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(Document("d", "sv", paper().made_on, (table,)))))
    cell = book.worksheets[1].cell(4, 1)
    assert (cell.data_type, cell.value) == ("s", plain(text))


def test_docx__has_headings_heads_alternative_texts_and_no_author(hostile):
    written = write_docx(paper(hostile))
    document = docx.Document(io.BytesIO(written))
    styles = [one.style.name if one.style else "" for one in document.paragraphs]
    assert [name for name in styles if name.startswith("Heading")] == ["Heading 1", "Heading 2", "Heading 3"]
    xml = zipfile.ZipFile(io.BytesIO(written)).read("word/document.xml").decode()
    assert xml.count("<w:tblHeader/>") == 2
    assert "onerror" in document.inline_shapes[0]._inline.docPr.get("descr")
    names = document.core_properties
    assert (names.author, names.last_modified_by, names.language) == ("", "", "sv-SE")
    assert 'w:lang w:val="sv-SE"' in zipfile.ZipFile(io.BytesIO(written)).read("word/styles.xml").decode()
    relations = zipfile.ZipFile(io.BytesIO(written)).read("word/_rels/document.xml.rels").decode()
    assert "hyperlink" not in relations
    assert document.tables[1].cell(1, 0).text.startswith("<script>")


def test_pdf__is_tagged_and_archivable_with_any_text(hostile):
    written = write_pdf(paper(hostile, rows=40))
    assert written.startswith(b"%PDF")
    assert b"/MarkInfo" in written
    assert b"pdfuaid:part" in written
    assert b"pdfaid:part" in written
    assert b"/Lang" in written


@given(odd)
def test_pdf__every_sign_gets_a_glyph_or_its_number(text):
    said = shown(plain(text))
    assert len(said) >= len(plain(text)) - sum(text.count(sign) for sign in "\ufe0e\ufe0f\u200d")
    assert shown("Åtgärd, 5 §, ≥ 2 ✓") == "Åtgärd, 5 §, ≥ 2 ✓"
    assert shown("a😀") == "a[U+1F600]"


@pytest.mark.parametrize("write", [write_html, write_markdown, write_docx, write_xlsx, write_pdf])
def test_format__same_paper_same_bytes(write):
    assert write(paper()) == write(paper())


def test_format__an_empty_table_says_so():
    nothing = paper(rows=0)
    assert write_html(nothing).count("Inga ärenden.") == 2
    assert write_markdown(nothing).count("Inga ärenden.") == 2


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//exempel.se", "https://a b", 'https://a"onx=']
)
def test_run__keeps_no_address_that_could_do_something(address):
    assert Run("x", link=address).link is None
    assert Run("x", link="https://exempel.se/å?a=1#b").link == "https://exempel.se/å?a=1#b"
