"""Draws the shipped processes for the handbook, each from its definition. It must not know any process."""

from __future__ import annotations

from pathlib import Path

from engine.definition.drawing.svg import svg
from engine.definition.load import load_process

SHIPPED = Path(__file__).parents[2] / "processes"


def shipped() -> tuple[str, ...]:
    """The processes that come with Hjul."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/process.yaml")))


def draw(key: str, language: str) -> str:
    """A process as SVG."""
    return svg(load_process(SHIPPED / key / "process.yaml").process, language)
