"""What people see of a case when they may not read it: what they wrote themselves, and nothing by looking back."""


def fields(app, reference, as_of=None):
    return {field.field for field in app.cases.show(reference, as_of).fields}


def test_show__lets_a_reporter_read_what_they_wrote_last(house):
    reference = house.tell()
    house.take("keeper", reference, "question", why="var?")
    house.take("kim", reference, "answer", story="på hyllan")
    page = house.by("kim").cases.show(reference)
    assert [(field.field, field.value) for field in page.fields] == [("story", "på hyllan")]


def test_history__lets_a_reporter_read_their_own_rows_only(house):
    reference = house.tell()
    house.take("keeper", reference, "question", why="var?")
    house.take("kim", reference, "answer", story="på hyllan")
    rows = house.by("kim").cases.history(reference)
    assert [[change.value for change in row.changes] for row in rows] == [["våt bok"], [], ["på hyllan"]]


def test_show__does_not_open_marked_content_by_looking_back(house):
    reference = house.tell()
    house.clock.now = "2026-03-03T08:00:00.000000Z"
    house.take("kim", reference, "hand_over", why="allvar")
    before = "2026-03-02T09:00:00.000000Z"
    assert fields(house.by("keeper"), reference) == set()
    assert fields(house.by("keeper"), reference, before) == set()
    assert "story" in fields(house.by("head"), reference, before), "the hand-over let the head keep reading"


def test_steps__tell_no_condition_of_a_case_to_one_who_neither_reads_it_nor_may_take_them(house):
    reference = house.waiting()
    reasons = {
        person: [
            why.id for step in house.by(person).cases.steps(reference) if step.step == "close" for why in step.why_not
        ]
        for person in ("kim", "head")
    }  # fmt: skip
    assert reasons["kim"] == ["step.not_allowed"]
    assert set(reasons["head"]) - {"step.not_allowed"}, "whoever reads the case is told what is lacking"


def test_show__logs_a_reading_of_marked_content_that_looks_back(house):
    reference = house.tell()
    house.clock.now = "2026-03-03T08:00:00.000000Z"
    house.take("kim", reference, "hand_over", why="allvar")
    seen = len(house.accesses())
    house.by("head").cases.show(reference, "2026-03-02T09:00:00.000000Z")
    rows = [(person, of, action, outcome) for person, _, of, action, outcome in house.accesses()[seen:]]
    assert rows == [("head", reference, "show", "shown")]
