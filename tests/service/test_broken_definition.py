"""A definition that somebody has changed in the database is a fault that is named, to everybody who meets it."""

import pytest

from engine.errors import DocumentError


@pytest.mark.parametrize("broken", ["X'00'", "X'7B7D'", "X'5B5D'"])
def test_broken_definition__is_named_and_not_stumbled_over(house, broken):
    reference = house.tell()
    if house.url.startswith("postgresql"):
        broken = "decode('" + broken[2:-1] + "', 'hex')"
    house.run(f"UPDATE definitions SET document = {broken}")
    fresh = house.door(as_login="keeper")
    for ask in (
        fresh.register.tasks,
        fresh.register.cases,
        lambda: fresh.cases.show(reference),
    ):
        with pytest.raises(DocumentError):
            ask()
    said = {one.kind for one in fresh.audit.verify().problems}
    assert {"rights", "definition_bytes", "definition_unreadable"} <= said
