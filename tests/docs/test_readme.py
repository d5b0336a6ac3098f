"""The front page and those of the processes show each process as its definition draws it."""

import re
from pathlib import Path

from docs.generate import PAGES

ROOT = Path(__file__).parents[2]


def shown(page):
    return re.findall(r"!\[[^]]+\]\(([^)]+\.svg)\)", (ROOT / page).read_text("utf-8"))


def test_readme__draws_the_deviation_from_its_definition():
    assert shown("README.md") == ["docs/processes/avvikelse.svg"]


def test_process_page__shows_a_picture_that_is_generated():
    drawn = {name.removeprefix("processes/") for name in PAGES if name.endswith(".svg")}
    pages = [path for path in (ROOT / "docs" / "processes").glob("*.md") if path.name != "README.md"]
    assert pages
    for path in pages:
        assert shown(path) == [f"{path.stem}.en.svg"]
        assert {f"{path.stem}.svg", f"{path.stem}.en.svg"} <= drawn
