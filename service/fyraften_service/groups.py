"""Group figures: which cells may be shown, and what is shown of them. Pure.

Cells form one hierarchy whose root is the organisation. What can be worked out from the shown cells by adding and
subtracting are exactly the remainders "a shown cell without the shown cells inside it", and sums of these. So it is
enough that every remainder holds nobody or at least ``k`` contributors:

    organisation 31                 shown
      sales      14                 shown
      support    12                 folded: the remainder would be 5, so support goes into it
      depot       5                 folded: fewer than 10
      "other"    17                 shown: support and depot

Figures are never exact: counts are ranges, shares are rounded to 5 %, and a share that would tell what everybody or
nobody answered is not given. Not here: where reports come from, and when figures are published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HIDDEN = "hidden"
NEARLY_ALL = "nearly_all"
_RANGES = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True)
class Cell:
    """A group declared in advance; the root, the whole organisation, has no parent."""

    code: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class Row:
    """One line of a publication: a cell, or what is left of a cell beside the shown cells inside it ("other").

    ``members`` are the cells whose own contributors it is about; empty if it is held back. ``contains`` are the cells
    folded into an "other".
    """

    cell: str
    other: bool
    shown: bool
    members: frozenset[str]
    contains: tuple[str, ...] = ()


def arrange(cells: Sequence[Cell], contributors: Mapping[str, int], k: int) -> list[Row]:
    """Decide what is shown.

    Args:
        cells: the hierarchy, in the order to show.
        contributors: reports by cell, each counted only in the cell it names.
        k: the smallest group.

    Returns:
        One row for each cell in the order of the tree, and an "other" after a shown cell's children where there is one.
    """
    tree = _Tree(cells, contributors)
    return tree.rows(tree.root, k) if tree.total(tree.root) >= k else tree.held_back(tree.root)


class _Tree:
    def __init__(self, cells: Sequence[Cell], contributors: Mapping[str, int]) -> None:
        (self.root,) = (cell.code for cell in cells if cell.parent is None)
        self._children = {cell.code: [child.code for child in cells if child.parent == cell.code] for cell in cells}
        self._own = contributors

    def inside(self, code: str) -> frozenset[str]:
        return frozenset({code}).union(*(self.inside(child) for child in self._children[code]))

    def total(self, code: str) -> int:
        return sum(self._own.get(member, 0) for member in self.inside(code))

    def held_back(self, code: str) -> list[Row]:
        inner = [row for child in self._children[code] for row in self.held_back(child)]
        return [Row(code, other=False, shown=False, members=frozenset()), *inner]

    def rows(self, code: str, k: int) -> list[Row]:
        """Return the rows of a cell that is shown."""
        shown = self._shown_children(code, k)
        found = [Row(code, other=False, shown=True, members=self.inside(code))]
        for child in self._children[code]:
            found += self.rows(child, k) if child in shown else self.held_back(child)
        rest = self.inside(code).difference(*(self.inside(child) for child in shown))
        if shown and sum(self._own.get(member, 0) for member in rest) >= k:
            folded = tuple(child for child in self._children[code] if child not in shown)
            found.append(Row(code, other=True, shown=True, members=rest, contains=folded))
        return found

    def _shown_children(self, code: str, k: int) -> set[str]:
        shown = {child for child in self._children[code] if self.total(child) >= k}
        rest = self.total(code) - sum(self.total(child) for child in shown)
        if shown and 0 < rest < k:
            # One is enough: it has k contributors or more itself. The order of the tree decides between equals.
            shown.remove(min((child for child in self._children[code] if child in shown), key=self.total))
        return shown


def count_range(count: int, k: int) -> str:
    """Return the range a count is shown as, such as ``10–19``; its lower end is never below the smallest group."""
    bounds = sorted({k, *(bound for bound in _RANGES if bound > k)})
    start = max(bound for bound in bounds if bound <= count)
    later = [bound for bound in bounds if bound > start]
    return f"{start}–{later[0] - 1}" if later else f"{start}+"


def shares(counts: Sequence[int]) -> list[str]:
    """Return how the answers to one question are shown: a rounded percentage, ``nearly_all`` or ``hidden``.

    Nearly all is everybody, or everybody but one. Answers of one person or none are hidden, and with them the smallest
    others until at least two answers of at least two people are: then the rest to 100 % does not tell them apart.
    """
    n = sum(counts)
    rounded = [(40 * count + n) // (2 * n) * 5 for count in counts]
    for place, count in enumerate(counts):
        if n - count <= 1 or rounded[place] == 100:
            return [NEARLY_ALL if index == place else HIDDEN for index in range(len(counts))]
    hidden = {place for place, count in enumerate(counts) if count <= 1 or rounded[place] == 0}
    for place in sorted(range(len(counts)), key=lambda place: counts[place]):
        if not hidden or (len(hidden) >= 2 and sum(counts[other] for other in hidden) >= 2):
            break
        hidden.add(place)
    return [HIDDEN if place in hidden else str(rounded[place]) for place in range(len(counts))]


def figures(
    cells: Sequence[Cell],
    reports: Iterable[tuple[str, Mapping[str, str]]],
    questions: Mapping[str, Sequence[str]],
    k: int,
) -> list[dict[str, object]]:
    """Return a week's figures as plain values, ready to be kept and shown.

    Args:
        reports: for each contributor the cell and the answer to every question.
        questions: the possible answers of each question, ``unknown`` among them: everybody counts in every share.
    """
    found = list(reports)
    contributors = Counter(cell for cell, _ in found)
    names = {cell.code: cell.name for cell in cells}
    lines = []
    for row in arrange(cells, contributors, k):
        answers = [answer for cell, answer in found if cell in row.members]
        lines.append(
            {
                "cell": row.cell,
                "name": names[row.cell],
                "other": row.other,
                "contains": [names[code] for code in row.contains],
                "contributors": count_range(len(answers), k) if row.shown else None,
                "questions": _questions(answers, questions) if row.shown else [],
            }
        )
    return lines


def _questions(answers: Sequence[Mapping[str, str]], questions: Mapping[str, Sequence[str]]) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = []
    for name, values in questions.items():
        counted = Counter(answer[name] for answer in answers)
        shown = shares([counted[value] for value in values])
        lines.append({"name": name, "shares": [list(pair) for pair in zip(values, shown, strict=True)]})
    return lines
