"""Compares what a page says is printed with what is printed, and writes it anew when that is wanted.

    python -m tests.docs.transcript docs/tutorial/first-deviation.md

runs the pages and writes what is printed now into them; read the difference before it is committed. What differs
between two runs of the same is made alike on both sides before it is compared: hashes, ids made by chance, the folder
(written `/srv/hjul`), and trailing blanks. A line `...` on the page stands for any lines, so that a page may leave out
what its question is not about. It must not know how a command is run.
"""

from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

from tests.docs.page import Example, File, Page, read_page
from tests.docs.shell import Shell

FOLDER = "/srv/hjul"
ANY = "..."
ALIKE = (
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{12}(?:[0-9a-f]{52})?\b", re.IGNORECASE), "<hash>"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """An example that prints something else than its page says."""

    example: Example
    printed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """A page that has been run: the shell it left, and what differs."""

    shell: Shell
    differences: list[Difference]


def run_page(page: Page, folder: Path, ended: dict[Path, Ended] | None = None) -> list[Difference]:
    """Run a page in a folder that is not there yet; give what differs.

    Args:
        page: The page.
        folder: Where it is run.
        ended: Pages that have been run, by path, and need not be again; this one is added.
    """
    ended = {} if ended is None else ended
    if page.path in ended:
        return ended[page.path].differences
    shell = _begin(page, folder, ended)
    differences: list[Difference] = []
    for part in page.parts:
        if isinstance(part, File):
            (folder / part.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / part.name).write_text(part.text, "utf-8")
            continue
        printed = tuple(shell.do(part.command).replace(str(folder), FOLDER).splitlines())
        if not is_alike(part.printed, printed):
            differences.append(Difference(part, printed))
    ended[page.path] = Ended(shell, differences)
    return differences


def _begin(page: Page, folder: Path, ended: dict[Path, Ended]) -> Shell:
    if page.before is None:
        folder.mkdir(parents=True)
        return Shell(folder)
    if page.before not in ended:
        run_page(read_page(page.before), folder.with_name(f"{folder.name}-before"), ended)
    left = ended[page.before].shell
    copytree(left.folder, folder)
    return Shell(folder, dict(left.variables))


def is_alike(said: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Whether what a page says is what is printed, where `...` on the page is any lines."""
    return _fits([_plain(line) for line in said], [_plain(line) for line in printed])


def _fits(said: list[str], printed: list[str]) -> bool:
    """Find the parts between `...` one after the other, the first at the beginning and the last at the end."""
    parts: list[list[str]] = [[]]
    for line in said:
        if line == ANY:
            parts.append([])
        else:
            parts[-1].append(line)
    first, *rest = parts
    if not rest:
        return first == printed
    if printed[: len(first)] != first:
        return False
    at = len(first)
    for part in rest[:-1]:
        places = (n for n in range(at, len(printed)) if printed[n : n + len(part)] == part)
        found = next(places, None)
        if found is None:
            return False
        at = found + len(part)
    last = rest[-1]
    return len(printed) - at >= len(last) and printed[len(printed) - len(last) :] == last


def _plain(line: str) -> str:
    for pattern, word in ALIKE:
        line = pattern.sub(word, line)
    return line.rstrip()


def rewrite(page: Page, differences: list[Difference]) -> None:
    """Write what is printed now into a page."""
    lines = page.path.read_text("utf-8").splitlines()
    for one in reversed(differences):
        lines[one.example.first : one.example.last] = [line.rstrip() for line in one.printed]
    page.path.write_text("\n".join(lines) + "\n", "utf-8")


def main(names: list[str]) -> int:
    """Run and rewrite the pages that are named."""
    ended: dict[Path, Ended] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(names):
            page = read_page(Path(name).resolve())
            differences = run_page(page, Path(folder) / str(number), ended)
            rewrite(page, differences)
            for one in differences:
                sys.stdout.write(f"{name}:{one.example.line}: $ {one.example.command}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
