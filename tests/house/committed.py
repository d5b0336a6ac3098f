"""Finds what no committed file may hold: paths of one machine, and hosts of package registries.

For: `make lint`, which runs it as `python -m tests.house.committed`. A path that exists on one machine only,
or a registry that only one network reaches, breaks a fresh clone elsewhere. The patterns are written so that
they do not find themselves.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

RULES = {
    "a path of one machine": re.compile(r"(?<![\w.~-])/(?:home|root|work|tmp|Users)/[\w.]"),
    "a host of a package registry": re.compile(
        r"\b(?:pypi[.]org|pythonhosted[.]org|registry[.]npmjs[.]org|npmjs[.]com|deb[.]debian[.]org"
        r"|security[.]debian[.]org|proxy[.]golang[.]org|crates[.]io)\b"
        r"|--(?:extra-)?index-url|--find[-]links|\bfile:///(?:opt|srv|mnt)\b"
        r"|https?://[^\s\"'>]*/simple/",
    ),
}


class Finding(NamedTuple):
    """One line that breaks a rule."""

    place: str
    rule: str
    line: str


def findings(root: Path) -> list[Finding]:
    """List what breaks a rule in text files under `root` that are committed, or would be by `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
    )
    names = sorted({name for name in listed.stdout.decode().split("\0") if name})
    return [
        Finding(f"{name}:{number}", rule, line.strip())
        for name in names
        for number, line in enumerate(_lines(root / name), start=1)
        for rule, pattern in RULES.items()
        if pattern.search(line)
    ]


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        return []
    content = path.read_bytes()
    return [] if b"\0" in content else content.decode(errors="replace").splitlines()


def main() -> int:
    """Print each finding; 1 when there is any."""
    found = findings(Path())
    for finding in found:
        print(f"{finding.place}: {finding.rule}: {finding.line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
