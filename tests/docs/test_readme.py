"""The front page shows the deviation as its definition draws it."""

from pathlib import Path

from engine.definition.diagram import mermaid
from engine.definition.load import load_process

ROOT = Path(__file__).parents[2]


def test_readme__draws_the_deviation_from_its_definition():
    document = load_process(ROOT / "processes" / "avvikelse" / "process.yaml")
    drawn = mermaid(document.process, "sv", staying=False).strip()
    assert f"```mermaid\n{drawn}\n```" in (ROOT / "README.md").read_text("utf-8")
