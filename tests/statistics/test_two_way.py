"""No number that is left out of a published table of two ways can be worked out from what is shown."""

from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.statistics.small_group import hidden_parts, is_small
from engine.statistics.two_way import hidden_cells


def margins(cells):
    """The sums that the tables of one way leave out: of rows, of columns, and whether the total is shown."""
    rows, columns = [sum(line) for line in cells], [sum(line) for line in zip(*cells, strict=True)]
    first, second = hidden_parts(rows), hidden_parts(columns)
    is_shown = first is not None and second is not None
    if not is_shown:
        first = hidden_parts(rows, total_is_shown=False)
        second = hidden_parts(columns, total_is_shown=False)
    assert first is not None
    assert second is not None
    return first, second, is_shown


def least(cells, hidden, cell):
    """What a reader knows of a cell: noughts are shown, unless a whole line is left out."""
    row, column = cell
    whole = all((row, c) in hidden for c in range(len(cells[0]))) or all(
        (r, column) in hidden for r in range(len(cells))
    )
    return 0 if whole else 1


def possible(cells, hidden, rows, columns, is_shown):
    """Cell -> every value it has in some table of whole numbers that agrees with all that is shown."""
    total = sum(map(sum, cells))
    most = total + (0 if is_shown else 2)
    places = sorted(hidden)
    found: dict[tuple[int, int], set[int]] = {place: set() for place in places}
    table = [list(line) for line in cells]

    def fill(number):
        if number == len(places):
            if agrees(table, cells, rows, columns, is_shown):
                for row, column in places:
                    found[row, column].add(table[row][column])
            return
        row, column = places[number]
        is_last = number + 1 == len(places) or places[number + 1][0] != row
        bound = min(
            most - sum(map(sum, table)),
            most if row in rows else sum(cells[row]) - sum(table[row][c] for c in range(len(table[row]))),
            most
            if column in columns
            else sum(line[column] for line in cells) - sum(line[column] for line in table),
        )
        for value in range(least(cells, hidden, (row, column)), bound + 1):
            table[row][column] = value
            if not is_last or row in rows or sum(table[row]) == sum(cells[row]):
                fill(number + 1)
            table[row][column] = 0

    for row, column in places:
        table[row][column] = 0
    fill(0)
    return found


def agrees(table, cells, rows, columns, is_shown):
    ours, theirs = [sum(line) for line in table], [sum(line) for line in cells]
    down, wanted = ([sum(line) for line in zip(*one, strict=True)] for one in (table, cells))
    return (
        all(n == m if row not in rows else n > 0 for row, (n, m) in enumerate(zip(ours, theirs, strict=True)))
        and all(n == m if c not in columns else n > 0 for c, (n, m) in enumerate(zip(down, wanted, strict=True)))
        and (not is_shown or sum(ours) == sum(theirs))
    )  # fmt: skip


def tables(rows, columns, most):
    line = st.lists(st.integers(0, most), min_size=columns, max_size=columns)
    return st.lists(line, min_size=rows, max_size=rows)


small = st.one_of(tables(2, 2, 8), tables(2, 3, 6), tables(3, 2, 6), tables(3, 3, 3), tables(1, 3, 7))
LARGEST = 15
"""More cases in a table, and looking at every other table that agrees takes too long."""


@settings(deadline=None, max_examples=60)
@given(small)
def test_hidden_cells__leave_every_number_that_is_left_out_in_doubt(cells):
    rows, columns, is_shown = margins(cells)
    assume(sum(map(sum, cells)) <= LARGEST)
    hidden = hidden_cells(cells, rows=rows, columns=columns, total_is_shown=is_shown)
    if hidden is None:
        return
    small_ones = {(r, c) for r, line in enumerate(cells) for c, n in enumerate(line) if is_small(n)}
    assert small_ones <= hidden
    found = possible(cells, hidden, rows, columns, is_shown)
    assert all(len(values) > 1 for values in found.values())
    assert all(cells[row][column] in values for (row, column), values in found.items())


@given(small)
def test_hidden_cells__show_no_small_group_as_the_sum_of_two(cells):
    rows, columns, is_shown = margins(cells)
    hidden = hidden_cells(cells, rows=rows, columns=columns, total_is_shown=is_shown)
    if hidden is None:
        return
    for row, line in enumerate(cells):
        out = [n for column, n in enumerate(line) if (row, column) in hidden]
        assert row in rows or not out or sum(out) >= 5
    for column, line in enumerate(zip(*cells, strict=True)):
        out = [n for row, n in enumerate(line) if (row, column) in hidden]
        assert column in columns or not out or sum(out) >= 5


@given(tables(3, 4, 30).map(lambda cells: [[0 if is_small(n) else n for n in line] for line in cells]))
def test_hidden_cells__hide_nothing_where_no_group_is_small(cells):
    assert hidden_cells(cells) == frozenset()


def test_hidden_cells__takes_a_rectangle_for_one_small_cell():
    cells = [[2, 9, 20], [7, 30, 8], [40, 11, 12]]
    assert sorted(hidden_cells(cells) or ()) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_hidden_cells__are_all_in_a_line_of_ones_and_its_noughts():
    ones = [[1, 1, 1, 1, 1, 0], [9, 9, 9, 9, 9, 9], [8, 8, 8, 8, 8, 8]]
    hidden = hidden_cells(ones)
    assert hidden is not None
    assert {(0, column) for column in range(6)} <= hidden


def test_hidden_cells__also_keep_a_sum_of_a_row_that_is_left_out():
    hidden = hidden_cells([[6, 0, 3], [20, 9, 30], [7, 8, 9]], rows={0, 2})
    assert hidden is not None
    assert any(row == 0 for row, _ in hidden)


def test_hidden_cells__of_a_year_of_units_are_found_in_no_time():
    cells = [[(row * 7 + column * 3) % 11 for column in range(12)] for row in range(40)]
    hidden = hidden_cells(cells)
    assert hidden is not None
    assert len(hidden) < 40 * 12


def test_possible__finds_what_subtraction_gives_away():
    cells = list(map(list, product((3,), (9,))))
    assert possible(cells, {(0, 0)}, frozenset(), frozenset(), True) == {(0, 0): {3}}
