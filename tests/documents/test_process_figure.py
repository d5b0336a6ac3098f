"""A process drawn can stand in a paper, beside others, as any figure."""

from __future__ import annotations

import re
from datetime import date

from engine.definition.drawing.svg import svg
from engine.definition.load import load_text
from engine.documents.page import write_html
from engine.documents.tree import Document, Figure
from tests.cases.toy import LISTS, ORDER, REPAIR


def test_figure__of_processes_on_one_page_keep_their_names_apart():
    figures = tuple(Figure(svg(load_text(text, LISTS).process), "Så går det", "") for text in (REPAIR, ORDER))
    page = write_html(Document("Processer", "sv", date(2026, 3, 1), figures))
    ids = re.findall(r'\bid="([^"]+)"', page)
    told = [name for names in re.findall(r'aria-labelledby="([^"]+)"', page) for name in names.split()]
    assert len(told) == 4
    assert set(told) <= set(ids)
    assert len(set(ids)) == len(ids)
