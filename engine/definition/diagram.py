"""A process as a Mermaid state diagram, from the same model that runs. It must not know cases or files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.definition.model import Process

PLAIN: Final = frozenset(" .,-/()'!?…")


def mermaid(process: Process, language: str = "sv", *, staying: bool = True) -> str:
    """The diagram as text, the same for the same process.

    Args:
        process: What to draw: its states in the order written, and the steps between them.
        language: Of the labels, "sv" or "en".
        staying: Whether the steps that stay are listed in a note beside each state; else they are left out.
    """
    lines = ["stateDiagram-v2"]
    for key, state in process.states.items():
        lines.append(f'    state "{escaped(state.label.in_(language))}" as {_id(key)}')
    for key, step in process.steps.items():
        label = escaped(step.label.in_(language))
        if step.opens:
            lines.append(f"    [*] --> {_id(step.opens)} : {label}")
        elif step.to and not step.stays:
            lines += [f"    {_id(source)} --> {_id(step.to)} : {label}" for source in process.sources[key]]
    lines += [f"    {_id(key)} --> [*]" for key, state in process.states.items() if state.final]
    if staying:
        for key in process.states:
            lines += _note(process, key, language)
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """A label in which no character means anything to Mermaid."""
    return "".join(c if c.isalnum() or c in PLAIN else f"#{ord(c)};" for c in " ".join(text.split()))


def _id(state: str) -> str:
    """The name of a state in the diagram; never one of Mermaid's own words."""
    return f"s_{state}"


def _closed(label: str) -> str:
    """A line of a note that does not end the note."""
    return label.replace(" ", "#32;") if "end note" in label.lower() else label


def _note(process: Process, state: str, language: str) -> Iterator[str]:
    labels = [
        escaped(step.label.in_(language))
        for key, step in process.steps.items()
        if step.stays and state in process.sources[key]
    ]
    if labels:
        yield f"    note right of {_id(state)}"
        yield from (f"        {_closed(label)}" for label in labels)
        yield "    end note"
