"""The house of the services, on SQLite, for what is done to a whole database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.service.house import House
from tests.service.made import made_sqlite_house

__all__ = ["made_sqlite_house"]


@pytest.fixture
def house(sqlite_house, tmp_path) -> Iterator[House]:
    """A house as it was made."""
    path = tmp_path / "hjul.sqlite"
    shutil.copyfile(sqlite_house, path)
    found = House(f"sqlite:///{path}")
    yield found
    found.close()
