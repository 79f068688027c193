"""Layout of what commands print: columns, headings, indented lists.

Words for times, places and verdicts are in ``wording.py``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 100


def columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """Return the rows as lines with the columns aligned, two spaces apart."""
    if not rows:
        return []
    widths = [max(len(row[index]) for row in rows if index < len(row)) for index in range(max(map(len, rows)))]
    lines = ("  ".join(cell.ljust(widths[index]) for index, cell in enumerate(row)) for row in rows)
    return [(indent + line).rstrip() for line in lines]


def bullets(sentences: Iterable[str], indent: str = "  ") -> list[str]:
    """Return each sentence as a list item, folded to the width of a page."""
    lines = []
    for sentence in sentences:
        lines += textwrap.wrap(sentence, WIDTH, initial_indent=f"{indent}- ", subsequent_indent=f"{indent}  ")
    return lines


def section(heading: str, lines: Sequence[str], empty: str) -> list[str]:
    """Return a blank line, the heading, and the lines, or the sentence that says there are none."""
    return ["", heading, *(lines or [f"  {empty}"])]
