"""Layout of what commands print: columns, headings, indented lists.

Words for times, places and verdicts are in ``shown/wording.py``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 100
_NARROWEST = 24
# What moves the cursor, colours, or turns the order of reading: a name out of a foreign file may hold it.
_OBEYED = (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN = {code: "\N{REPLACEMENT CHARACTER}" for code in _OBEYED if chr(code) not in "\n\t"}
_ESCAPED = {code: f"\\u{code:04x}" for code in _SHOWN}


def harmless(text: str) -> str:
    """Return a text that a terminal shows and does not obey."""
    return text.translate(_SHOWN)


def harmless_json(text: str) -> str:
    """Return the same JSON document, with what a terminal would obey written as escapes."""
    return text.translate(_ESCAPED)


def width() -> int:
    """Return how many signs a line may have: those of the terminal, but no more than reads well."""
    import shutil  # late: needed at a terminal only

    return min(WIDTH, max(_NARROWEST, shutil.get_terminal_size((WIDTH, 24)).columns))


def fold(line: str) -> list[str]:
    """Return a line as lines that fit, further ones indented; bytes that are shown as they leave stay one line."""
    if len(line) <= width() or line.startswith("{"):
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    hanging = f"{indent}  " if len(indent) + 2 < _NARROWEST // 2 else indent
    return textwrap.wrap(
        line,
        width(),
        subsequent_indent=hanging,
        break_on_hyphens=False,
        break_long_words=False,
        drop_whitespace=True,
    )


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
        lines += textwrap.wrap(sentence, width(), initial_indent=f"{indent}- ", subsequent_indent=f"{indent}  ")
    return lines


def section(heading: str, lines: Sequence[str], empty: str) -> list[str]:
    """Return a blank line, the heading, and the lines, or the sentence that says there are none."""
    return ["", heading, *(lines or [f"  {empty}"])]
