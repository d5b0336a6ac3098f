"""Compiles the message catalogues (`.po`) that people edit to the `.mo` files that gettext reads.

For: the hatchling build hook (wheels and editable installs alike) and for `make catalogues`, which runs it as
`python -m engine.language.build`, with `--check` to say what a catalogue lacks. Messages are keyed by ids
such as `refused.missing_field` with `{name}` arguments: every language has every id, with the same arguments.
Must not know: what the messages say, or anything of the engine; it belongs to the build, not to the wheel.
"""

from __future__ import annotations

import string
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

LOCALE = Path("engine/language/locale")


class CatalogueBuildHook(BuildHookInterface[Any]):
    """Compiles every catalogue before hatchling collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Compile, and name the results as artifacts, since version control ignores them.

        Args:
            version: `standard` or `editable`; both need the catalogues.
            build_data: what hatchling will collect; the compiled files are added.

        Raises:
            ValueError: A catalogue cannot be read or has a message without a text.
        """
        root = Path(self.root)
        if self.target_name == "wheel":
            build_data["artifacts"] += [f"/{path.relative_to(root)}" for path in compile_all(root)]


def compile_all(root: Path) -> list[Path]:
    """Compile every catalogue under the project `root`; return the `.mo` files, in order of path.

    Raises:
        ValueError: A catalogue cannot be read or has a message without a text.
    """
    return [compile_catalogue(source) for source in _catalogues(root)]


def compile_catalogue(source: Path) -> Path:
    """Compile one `.po` file to the `.mo` beside it. Readers see the old file or the new, never a part of it.

    Raises:
        ValueError: The catalogue cannot be read or has a message without a text.
    """
    catalogue = _read(source)
    missing = sorted(str(message.id) for message in _messages(catalogue) if not _texts(message))
    if missing:
        raise ValueError(f"{source}: no text for {', '.join(missing)}")
    target = source.with_suffix(".mo")
    unfinished = target.with_suffix(".mo.new")
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    unfinished.replace(target)
    return target


def check_all(root: Path) -> list[str]:
    """Say what the catalogues under `root` lack, one line per fault; an empty list when they are complete.

    Complete is: the same ids in every language, a text for each, no text marked as unsure (`fuzzy`), and in
    every language the same `{arguments}`.

    Raises:
        ValueError: A catalogue cannot be read.
    """
    catalogues = {source: {str(m.id): m for m in _messages(_read(source))} for source in _catalogues(root)}
    everything = sorted({key for messages in catalogues.values() for key in messages})
    faults = []
    for source, messages in catalogues.items():
        place = source.relative_to(root)
        for key in everything:
            if key not in messages or not _texts(messages[key]):
                faults.append(f"{place}: {key} has no text")
            elif messages[key].fuzzy:
                faults.append(f"{place}: {key} is marked as unsure (fuzzy)")
    for key in everything:
        used = {
            source.parent.parent.name: _arguments(messages[key])
            for source, messages in catalogues.items()
            if key in messages
        }
        if len(set(used.values())) > 1:
            said = "; ".join(
                f"{language}: {', '.join(sorted(names)) or '-'}" for language, names in used.items()
            )
            faults.append(f"{key}: different arguments in the languages ({said})")
    return faults


def _catalogues(root: Path) -> list[Path]:
    return sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po"))


def _read(source: Path) -> Catalog:
    with source.open("rb") as file:
        return read_po(file, locale=source.parent.parent.name, abort_invalid=True)


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _texts(message: Message) -> tuple[str, ...]:
    """Give the texts of a message (several for a plural), or nothing when one of them is empty."""
    texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return texts if texts and all(texts) else ()


def _arguments(message: Message) -> frozenset[str]:
    fields = (field for text in _texts(message) for _, field, _, _ in string.Formatter().parse(text))
    return frozenset(field for field in fields if field)


def main(arguments: list[str]) -> int:
    """Compile the catalogues of the checkout in the current folder, or with `--check` say what they lack."""
    if arguments == ["--check"]:
        faults = check_all(Path())
        sys.stdout.writelines(f"{fault}\n" for fault in faults)
        return 1 if faults else 0
    compile_all(Path())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
