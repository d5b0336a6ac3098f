"""The large databases of measurements: as whole as the small one that they are made of."""

from __future__ import annotations

import shutil

from benchmarks.replica import multiply
from engine.audit.verify import verify_log
from engine.store.database import Database
from tests.cases.toy import ORDER
from tests.service.house import publish


def test_multiply__gives_more_cases_that_all_verify(house, tmp_path):
    path = tmp_path / "many.sqlite"
    reference = house.waiting()
    house.take("kim", house.tell(), "hand_over", why=f"se {reference}")
    for app in list(house.doors.values()):
        app.database.close()
    shutil.copyfile(house.by("head").database.url.database, path)
    before = _verified(path)
    multiply(path, 3)
    after = _verified(path)
    assert before.problems == after.problems == ()
    assert after.cases == 3 * before.cases > 3
    assert (
        after.events - before.events
        == 2 * house.rows("SELECT sum(seq) FROM streams WHERE kind = 'case'")[0][0]
    )


def test_multiply__renames_references_beyond_ascii(house, tmp_path):
    """A link of a copy leads to a copy, also where a prefix begins with a letter that ASCII has not."""
    text = ORDER.replace("version: 1", "version: 2").replace("reference: ORD", "reference: ÖRD")
    publish(house.by("keeper"), tmp_path / "definitions", order=text)
    reference = house.tell()
    order = house.by("keeper").cases.open_case("order", values={"what": "x"}, link_to=reference).reference
    assert order.startswith("ÖRD")
    for app in list(house.doors.values()):
        app.database.close()
    path = tmp_path / "many.sqlite"
    shutil.copyfile(house.by("head").database.url.database, path)
    multiply(path, 2)
    assert _verified(path).problems == ()


def _verified(path):
    database = Database(f"sqlite:///{path}")
    report = verify_log(database)
    database.close()
    return report
