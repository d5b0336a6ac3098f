"""Small groups in a published table of two ways: which cells are left out, so that none comes back from the margins.

The margins are those of the tables of one way and are settled there (`small_group`); here the cells are. All that is
left out, cells and margins, must keep more than one value that it may have to one who subtracts rows, columns and
totals in every combination. The table is a network for that: each cell an edge from its row to its column, the margins
edges back, the sums what flows; a number that is left out is in doubt when there is another way round for one unit
more, or one less. It must not know what is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from engine.statistics.small_group import SMALLEST, is_small

Cell: TypeAlias = "tuple[int, int]"
Node: TypeAlias = "tuple[str, int]"
"""A row (`r`), a column (`c`), or one of the two sums of sums."""
Edge: TypeAlias = "tuple[Node, Node]"

ROW_SUMS: Final[Node] = ("sum", 0)
COLUMN_SUMS: Final[Node] = ("sum", 1)


def hidden_cells(
    cells: Sequence[Sequence[int]],
    *,
    rows: Collection[int] = (),
    columns: Collection[int] = (),
    total_is_shown: bool = True,
) -> frozenset[Cell] | None:
    """Which cells of a table to leave out, by row and column.

    Args:
        cells: The numbers, row by row, all rows as long.
        rows: The rows whose sums are left out.
        columns: The columns whose sums are left out.
        total_is_shown: Whether the sum of all is shown.

    Returns:
        The cells, or None when every cell must be left out: nothing less keeps the small ones apart.
    """
    table = _Published(cells, frozenset(rows), frozenset(columns), total_is_shown)
    table.hidden = {cell for cell in table.places() if is_small(table.number(cell))}
    return frozenset(table.hidden) if table.protect() else None


@dataclass
class _Published:
    """A table as it would be published: what it holds, and what is left out of it so far."""

    cells: Sequence[Sequence[int]]
    rows: frozenset[int]
    columns: frozenset[int]
    total_is_shown: bool
    hidden: set[Cell] = field(default_factory=set)

    def protect(self) -> bool:
        """Leave out more until nothing that is left out can be worked out; False when that cannot be done."""
        while True:
            before = len(self.hidden)
            if not (self._protect_lines() and self._protect_edges()):
                return False
            if len(self.hidden) == before:
                return True

    def places(self) -> Iterator[Cell]:
        return ((row, column) for row, line in enumerate(self.cells) for column in range(len(line)))

    def number(self, cell: Cell) -> int:
        return self.cells[cell[0]][cell[1]]

    # --- sums of what is left out in one line

    def _protect_lines(self) -> bool:
        width = len(self.cells[0]) if self.cells else 0
        lines = [self._line(("r", row)) for row in range(len(self.cells)) if row not in self.rows]
        lines += [self._line(("c", column)) for column in range(width) if column not in self.columns]
        return all(self._protect_line(line) for line in lines)

    def _protect_line(self, line: Sequence[Cell]) -> bool:
        """The sum of what is left out of a line with a shown sum is known: it must settle nothing by itself."""
        while out := [cell for cell in line if cell in self.hidden]:
            known = sum(self.number(cell) for cell in out)
            least = sum(self._least(cell) for cell in out)
            if len(out) > 1 and known > least and known >= SMALLEST:
                return True
            if not self._hide_one(line):
                return False
        return True

    def _hide_one(self, line: Sequence[Cell]) -> bool:
        """Leave out one more number of a line, or all the noughts in it when there is no other."""
        left = [cell for cell in line if cell not in self.hidden]
        numbers = [cell for cell in left if self.number(cell)]
        if numbers:
            self.hidden.add(min(numbers, key=self._cost))
        self.hidden.update(() if numbers else left)
        return bool(left)

    def _cost(self, cell: Cell) -> tuple[bool, int, Cell]:
        """A number is left out rather where both its row and its column have others: it protects those as well."""
        row, column = cell
        alone = not (
            any(r == row and c != column for r, c in self.hidden)
            and any(c == column and r != row for r, c in self.hidden)
        )
        return (alone, self.number(cell), cell)

    def _least(self, cell: Cell) -> int:
        """The least that a number may be to its reader: noughts are shown, but where a whole line is left out."""
        row, column = cell
        is_whole = all((row, c) in self.hidden for c in range(len(self.cells[row]))) or all(
            (r, column) in self.hidden for r in range(len(self.cells))
        )
        return 0 if is_whole else 1

    # --- everything together

    def _protect_edges(self) -> bool:
        """Each number that is left out may be another, given all that is shown."""
        for edge in list(self._edges()):
            lines = [self._line(node) for node in edge if node[0] != "sum"]
            while not self._is_in_doubt(edge):
                if not any(self._hide_one(line) for line in lines):
                    return False
        return True

    def _line(self, node: Node) -> list[Cell]:
        side, number = node
        if side == "r":
            return [(number, column) for column in range(len(self.cells[number]))]
        return [(row, number) for row in range(len(self.cells))]

    def _edges(self) -> dict[Edge, tuple[int, int]]:
        """Everything that is left out: edge -> its number, and the least that it may be."""
        found: dict[Edge, tuple[int, int]] = {}
        for row, column in sorted(self.hidden):
            cell = (row, column)
            found[("r", row), ("c", column)] = (self.number(cell), self._least(cell))
        for row in sorted(self.rows):
            found[ROW_SUMS, ("r", row)] = (sum(self.cells[row]), 1)
        for column in sorted(self.columns):
            found[("c", column), COLUMN_SUMS] = (sum(line[column] for line in self.cells), 1)
        if not self.total_is_shown:
            found[COLUMN_SUMS, ROW_SUMS] = (sum(map(sum, self.cells)), 1)
        return found

    def _is_in_doubt(self, edge: Edge) -> bool:
        """Whether the number may be one more or one less, when others make up for it."""
        edges = self._edges()
        number, least = edges.pop(edge)
        ways: dict[Node, list[Node]] = {}
        for (start, end), (flow, bound) in edges.items():
            ways.setdefault(start, []).append(end)
            if flow > bound:
                ways.setdefault(end, []).append(start)
        start, end = edge
        return _leads(ways, end, start) or (number > least and _leads(ways, start, end))


def _leads(ways: dict[Node, list[Node]], start: Node, end: Node) -> bool:
    seen, queue = {start}, [start]
    while queue:
        for node in ways.get(queue.pop(), ()):
            if node == end:
                return True
            if node not in seen:
                seen.add(node)
                queue.append(node)
    return False
