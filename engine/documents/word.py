"""DOCX by python-docx: real headings, table heads that repeat, alternative texts, the paper's own language.

Nothing in the file says who made it. The same document gives the same bytes. It must not know what the paper is about.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

from engine.documents.picture import draw_png
from engine.documents.tree import (
    Block,
    Cell,
    Document,
    Facts,
    Figure,
    Heading,
    Items,
    Line,
    Note,
    PageBreak,
    Paragraph,
    Table,
    line,
)

if TYPE_CHECKING:
    from docx.document import Document as Paper

LOCALES: Final = {"sv": "sv-SE", "en": "en-GB"}
STAMP: Final = (1980, 1, 1, 0, 0, 0)
WIDTH_CM: Final = 17.0
MANY: Final = 8
"""Columns; with more a table is set in smaller type."""


def write_docx(document: Document) -> bytes:
    """A document as a DOCX file."""
    import docx  # noqa: PLC0415  python-docx is loaded when a paper is written, not before

    paper = docx.Document()
    _Writer(paper, document).write()
    buffer = io.BytesIO()
    paper.save(buffer)
    return _repacked(buffer.getvalue())


class _Writer:
    """Writes one document into one paper."""

    def __init__(self, paper: Paper, document: Document) -> None:
        self.paper = paper
        self.document = document
        self.locale = LOCALES.get(document.language, document.language)

    def write(self) -> None:
        self._prepare()
        if self.document.training:
            self._paragraph(line(self.document.training), strong=True)
        self._paragraph(line(self.document.title), "Heading 1")
        if self.document.subtitle:
            self._paragraph(line(self.document.subtitle))
        for block in self.document.blocks:
            self._block(block)

    def _prepare(self) -> None:
        from docx.shared import Cm, Pt, RGBColor  # noqa: PLC0415

        properties = self.paper.core_properties
        made = datetime.combine(self.document.made_on, time())
        for name in ("author", "last_modified_by", "comments", "keywords", "subject", "category"):
            setattr(properties, name, "")
        properties.title = self.document.title[:255]
        properties.language = self.locale
        properties.created = properties.modified = made
        properties.revision = 1
        section = self.paper.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
        for style in self.paper.styles:
            _set_language(style.element, self.locale)
            if style.name and style.name.startswith(("Heading", "Caption", "Intense Quote")):
                style.font.color.rgb = RGBColor(0, 0, 0)
        _set_language(self.paper.styles.element.find(_tag("w:docDefaults")), self.locale)
        self.paper.styles["Normal"].font.size = Pt(10.5)
        section.different_first_page_header_footer = True  # the first page says it in its text
        if self.document.training:
            section.header.paragraphs[0].add_run(self.document.training).bold = True
        for footer in (section.first_page_footer.paragraphs[0], section.footer.paragraphs[0]):
            footer.add_run(self.document.foot.replace("\n", " ") + "  ")
            _add_field(footer, "PAGE")
            footer.add_run(" (")
            _add_field(footer, "NUMPAGES")
            footer.add_run(")")

    def _block(self, block: Block) -> None:
        match block:
            case Heading(level, runs):
                self._paragraph(runs, f"Heading {level}")
            case Paragraph(runs):
                self._paragraph(runs)
            case Items(items, ordered):
                self._items(items, ordered=ordered)
            case Facts(rows):
                self._facts(rows)
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)
            case Note(runs, _):
                self._paragraph(runs, "Intense Quote")
            case PageBreak():
                self.paper.add_page_break()  # type: ignore[no-untyped-call]

    def _paragraph(self, runs: Line, style: str | None = None, *, strong: bool = False) -> Any:
        paragraph = self.paper.add_paragraph(style=style)
        _fill(paragraph, runs, strong=strong)
        return paragraph

    def _items(self, items: tuple[Line, ...], *, ordered: bool) -> None:
        for number, item in enumerate(items, 1):
            if ordered:  # the number is text: Word would go on counting from the list before
                paragraph = self._paragraph((*line(f"{number}. "), *item), "List")
            else:
                paragraph = self._paragraph(item, "List Bullet")
            paragraph.paragraph_format.space_after = 0

    def _facts(self, rows: tuple[tuple[str, Line], ...]) -> None:
        if not rows:
            return
        from docx.shared import Cm  # noqa: PLC0415

        table = self.paper.add_table(rows=len(rows), cols=2)
        table.style = "Table Grid"
        _look(table, first_row=False)
        _set_widths(table, [int(Cm(5)), int(Cm(WIDTH_CM - 5))])
        for row, (name, said) in zip(table.rows, rows, strict=True):
            _keep_whole(row)
            row.cells[0].width, row.cells[1].width = Cm(5), Cm(WIDTH_CM - 5)
            _fill(row.cells[0].paragraphs[0], line(name), strong=True)
            _fill(row.cells[1].paragraphs[0], said)
        self.paper.add_paragraph()

    def _table(self, table: Table) -> None:
        if table.caption:
            caption = self._paragraph(line(table.caption), "Caption")
            caption.paragraph_format.keep_with_next = True
        if not table.rows and table.empty:
            self._paragraph(line(table.empty))
            return
        rows: list[tuple[Cell, ...]] = [tuple(Cell(column.label) for column in table.columns), *table.rows]
        if table.total is not None:
            rows.append(table.total)
        grid = self.paper.add_table(rows=len(rows), cols=len(table.columns))
        grid.style = "Table Grid"
        _look(grid, first_row=True)
        last = len(rows) - 1 if table.total is not None else -1
        widths = _widths(table)
        _set_widths(grid, widths)
        is_crowded = len(table.columns) > MANY
        if is_crowded:
            _narrow(grid)
        for number, (row, cells) in enumerate(zip(_rows(grid), rows, strict=True)):
            _keep_whole(row)
            if number == 0:
                _repeat(row)
            for column, (tc, cell) in enumerate(zip(row.tc_lst, cells, strict=True)):
                _put_cell(
                    tc, cell.said, strong=number in (0, last), right=table.columns[column].number,
                    width=widths[column], small=is_crowded,
                )  # fmt: skip
        self.paper.add_paragraph()

    def _figure(self, figure: Figure) -> None:
        from docx.shared import Cm  # noqa: PLC0415

        caption = self._paragraph(line(figure.title), "Caption")
        caption.paragraph_format.keep_with_next = True
        picture = self.paper.add_picture(io.BytesIO(draw_png(figure.svg)), width=Cm(WIDTH_CM))
        named = picture._inline.docPr  # noqa: SLF001  python-docx has no other way to an alternative text
        named.set("title", figure.title)
        named.set("descr", figure.description)
        if figure.table is not None:
            self._table(figure.table)


def _tag(name: str) -> str:
    from docx.oxml.ns import qn  # noqa: PLC0415

    return qn(name)


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415

    found = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        found.set(_tag(f"w:{key}"), value)
    return found


def _set_language(element: Any, locale: str) -> None:
    for one in element.iter(_tag("w:lang")):
        one.set(_tag("w:val"), locale)


def _fill(paragraph: Any, runs: Line, *, strong: bool = False) -> None:
    for run in runs:
        if run.link is not None and not run.link.startswith("#"):
            _add_link(paragraph, run.text, run.link)
            continue
        written = paragraph.add_run(run.text)
        written.bold = True if strong or run.strong else None
        written.italic = True if run.emphasis else None


def _add_link(paragraph: Any, text: str, address: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415

    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = _element("hyperlink")
    link.set(_tag("r:id"), key)
    written = paragraph.add_run(text)
    written.underline = True
    link.append(written._element)  # noqa: SLF001  a link is an element around the run
    paragraph._element.append(link)  # noqa: SLF001


def _add_field(paragraph: Any, name: str) -> None:
    field = _element("fldSimple", instr=name)
    field.append(_element("r"))
    paragraph._element.append(field)  # noqa: SLF001  python-docx knows no fields


def _look(table: Any, *, first_row: bool) -> None:
    """Say which cells are heads, for those who do not see it."""
    look = table._element.tblPr.find(_tag("w:tblLook"))  # noqa: SLF001
    if look is None:
        look = _element("tblLook")
        table._element.tblPr.append(look)  # noqa: SLF001
    for key in [name for name in look.attrib if name != _tag("w:val")]:
        del look.attrib[key]
    look.set(_tag("w:val"), "00A0" if first_row else "0080")
    look.set(_tag("w:firstRow"), "1" if first_row else "0")
    look.set(_tag("w:firstColumn"), "1")


def _set_widths(table: Any, widths: list[int]) -> None:
    """Fix the widths of the columns: not every program reads those of the cells."""
    table.autofit = False
    for column, width in zip(table._element.tblGrid.gridCol_lst, widths, strict=True):  # noqa: SLF001
        column.w = width


def _narrow(table: Any) -> None:
    """Less room beside the text of each cell, for a table of many columns."""
    margins = _element("tblCellMar")
    for side in ("left", "right"):
        margin = _element(side)
        margin.set(_tag("w:w"), "30")
        margin.set(_tag("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr  # noqa: SLF001
    look = properties.find(_tag("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)


def _rows(table: Any) -> Iterator[Any]:
    yield from table._element.tr_lst  # noqa: SLF001  asking python-docx for each cell is quadratic


def _properties(row: Any) -> Any:
    element = getattr(row, "_tr", row)
    return element.get_or_add_trPr()


def _keep_whole(row: Any) -> None:
    _properties(row).append(_element("cantSplit"))


def _repeat(row: Any) -> None:
    _properties(row).append(_element("tblHeader"))


def _put_cell(tc: Any, text: str, *, strong: bool, right: bool, width: int, small: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415
    from docx.text.paragraph import Paragraph as Written  # noqa: PLC0415

    tc.width = width
    paragraph = Written(tc.p_lst[0], tc)
    run = paragraph.add_run(text)
    if strong:
        run.bold = True
    if small:
        run.font.size = Pt(8)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _widths(table: Table) -> list[int]:
    """The widths of the columns, in the units of Word: numbers narrow, what is wide or first has the rest."""
    from docx.shared import Cm  # noqa: PLC0415

    of_numbers = 0.8 if len(table.columns) > MANY else 1.2
    shares = [of_numbers if column.number else 3.0 if column.wide or not number else 2.0
              for number, column in enumerate(table.columns)]  # fmt: skip
    return [int(Cm(WIDTH_CM * share / sum(shares))) for share in shares]


def _repacked(data: bytes) -> bytes:
    """The same file with no time of day in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            new.writestr(zipfile.ZipInfo(name, STAMP), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
