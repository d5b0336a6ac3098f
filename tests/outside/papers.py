"""Opens the papers and reports of the example with programs of others: `make check-papers`.

Every DOCX is opened by LibreOffice and written as PDF; every PDF is held against the checkers `pdfua` (PDF/UA-1) and
`page-validation` (PDF/UA-1 and PDF/A-2a). What is not installed is said and passed over.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.app import App, Settings
from tests.documents.papers import HOSTILE, paper

MINUTES = 600


def make(folder: Path) -> None:
    """Write papers and reports into a folder: of each process the case that most has happened in."""
    url = f"sqlite:///{folder / 'example.sqlite'}"
    subprocess.run(
        [str(Path(sys.executable).with_name("hjul")), "demo", "--db", url], check=True, capture_output=True
    )
    app = App(Settings(url, "shell", None, "2026-11-23T08:00:00Z"))
    with app.as_system():
        for reference in _longest(app):
            for row in app.papers.list(reference):
                _write(
                    folder,
                    f"{reference}-{row.key}",
                    lambda f, r=reference, k=row.key: app.papers.write(r, k, format=f),
                )
        for key, _ in app.reports.list():
            _write(folder, key, lambda f, k=key: app.reports.write(k, year=2026, format=f))
    app.database.close()
    from engine.documents.write import write

    for number, text in enumerate(HOSTILE):
        _write(folder, f"hostile-{number}", lambda f, t=text: write(paper(t), f))


def _longest(app: App) -> Iterator[str]:
    found: dict[str, tuple[int, str]] = {}
    for row in app.register.cases(limit=2000).rows:
        length = len(app.cases.history(row.reference))
        found[row.process] = max(found.get(row.process, (0, "")), (length, row.reference))
    yield from (reference for _, reference in found.values())


def _write(folder: Path, name: str, made: Any) -> None:
    for format in ("pdf", "docx"):
        (folder / f"{name}.{format}").write_bytes(made(format))


def open_all(folder: Path) -> list[str]:
    """What LibreOffice could not open."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        tell("LibreOffice is not installed: no DOCX is opened (Debian: apt install libreoffice-writer)")
        return []
    files, out = sorted(folder.glob("*.docx")), folder / "opened"
    subprocess.run(
        [program, f"-env:UserInstallation=file://{folder / 'office'}", "--headless", "--convert-to", "pdf", "--outdir",
         str(out), *map(str, files)], check=True, capture_output=True, timeout=MINUTES,
    )  # fmt: skip
    tell(f"LibreOffice opened {len(list(out.glob('*.pdf')))} of {len(files)} DOCX")
    return [f"{one.name}: not opened" for one in files if not (out / f"{one.stem}.pdf").is_file()]


def check_all(folder: Path) -> list[str]:
    """What the checkers of PDF say."""
    files = sorted(folder.glob("*.pdf"))
    return [*_by_pdfua(files), *_by_page(files)]


def _by_pdfua(files: list[Path]) -> list[str]:
    if importlib.util.find_spec("pdfua") is None:
        tell("pdfua is not installed: pip install pdfua")
        return []
    program = [str(Path(sys.executable).with_name("pdfua")), "check"]
    said = {one: subprocess.run([*program, str(one)], capture_output=True, check=False) for one in files}
    tell(f"pdfua: {sum(one.returncode == 0 for one in said.values())} of {len(files)} PDF without findings")
    return [f"{name.name}: pdfua {one.stdout.decode()[:300]}" for name, one in said.items() if one.returncode]


def _by_page(files: list[Path]) -> list[str]:
    if importlib.util.find_spec("page") is None:
        tell("page-validation is not installed: pip install page-validation")
        return []
    checker: Any = importlib.import_module("page")
    found = []
    for one in files:
        for profile in ("ua1", "2a"):
            report = checker.validate_pdf(str(one), profile=profile)
            found += [
                f"{one.name}: page {profile} {failure.rule_id} {failure.message}" for failure in report.failures
                if not (failure.rule_id == "PDFA2A-STREAM-LENGTH-001" and _lengths_are_right(one))
            ]  # fmt: skip
    tell(f"page-validation: {len(files)} PDF, {len(found)} findings")
    return found


def _lengths_are_right(path: Path) -> bool:
    """Whether a stream that ends with a carriage return was taken for one that is too short."""
    return b"\r\nendstream" in path.read_bytes()


def tell(said: str) -> None:
    """Say something on the terminal."""
    sys.stdout.write(said + "\n")


def main() -> int:
    """Make, open, check."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        make(folder)
        problems = open_all(folder) + check_all(folder)
    for problem in problems:
        tell(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
