"""A page of HTML as a person would read it aloud: headings, paragraphs, lists and tables, nothing else.

What belongs to using the page and not to what it says (menus, forms, the link that skips them) is left out.
Pure.  Not here: where the page comes from (``visit``).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from fyraften_agent.cli.show import WIDTH, columns

_LEFT_OUT = frozenset({"head", "script", "style", "template", "nav", "form", "svg"})
_TEXTS = {"p": "paragraph", "li": "item", "dt": "paragraph", "dd": "item", "div": "paragraph"}
_HEADINGS = ("h1", "h2", "h3", "h4")
_CELLS = ("td", "th")
_NARROWEST = 20


@dataclass
class Block:
    """One piece of a page. ``kind`` is ``heading``, ``paragraph``, ``item`` or ``table``; a table has rows."""

    kind: str
    text: str = ""
    level: int = 0
    rows: list[list[str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the block for a JSON document."""
        more: dict[str, Any] = {"level": self.level} if self.kind == "heading" else {}
        return {"kind": self.kind, "text": self.text, **more, **({"rows": self.rows} if self.kind == "table" else {})}


def blocks_of(html: str) -> list[Block]:
    """Return the pieces of a page in the order in which they stand."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.finished()


def text_of(blocks: Iterable[Block]) -> list[str]:
    """Return the pieces as lines: headings underlined, tables with aligned columns."""
    lines: list[str] = []
    before = ""
    for block in blocks:
        if lines and not (block.kind == before == "item"):
            lines.append("")
        lines += _lines_of(block)
        before = block.kind
    return lines


def _lines_of(block: Block) -> list[str]:
    match block.kind:
        case "heading":
            return [block.text, ("=" if block.level == 1 else "-") * len(block.text)]
        case "item":
            return textwrap.wrap(block.text, WIDTH, initial_indent="- ", subsequent_indent="  ")
        case "table":
            return [*textwrap.wrap(block.text, WIDTH), *columns(_folded(_even(block.rows)))]
    return textwrap.wrap(block.text, WIDTH)


def _even(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    longest = max(map(len, rows), default=0)
    return [[*row, *[""] * (longest - len(row))] for row in rows]


def _folded(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the rows with the last column folded, so that no line is wider than a page."""
    if not rows or not rows[0]:
        return []
    others = sum(max(len(row[column]) for row in rows) + 2 for column in range(len(rows[0]) - 1))
    folded = []
    for row in rows:
        first, *more = textwrap.wrap(row[-1], max(_NARROWEST, WIDTH - others - 2)) or [""]
        folded += [[*row[:-1], first], *([*[""] * (len(row) - 1), line] for line in more)]
    return folded


class _Reader(HTMLParser):
    """Collects blocks. Text outside of anything that is known becomes a paragraph of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._table: Block | None = None
        self._kind, self._level = "paragraph", 0
        self._is_in_caption = False
        self._words: list[str] = []
        self._left_out: list[str] = []

    def finished(self) -> list[Block]:
        """Return the blocks."""
        self._end_text()
        return self._blocks

    @property
    def _is_in_title(self) -> bool:
        return self._is_in_caption or self._kind == "heading"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self._left_out:
            if tag == self._left_out[-1]:
                self._left_out.append(tag)
        elif tag in _LEFT_OUT or (tag == "a" and ("class", "skip") in attributes):
            self._end_text()
            self._left_out.append(tag)
        elif tag == "table":
            self._end_text()
            self._table = Block("table")
            self._blocks.append(self._table)
        elif tag == "span" and self._is_in_title:
            # What a page sets apart by colour alone.
            self._words.append(" (")
        elif self._table is not None:
            self._start_in_table(tag, self._table)
        elif tag in _HEADINGS:
            self._start_text("heading", _HEADINGS.index(tag) + 1)
        elif tag in _TEXTS:
            self._start_text(_TEXTS[tag])

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            if tag == self._left_out[-1]:
                self._left_out.pop()
        elif tag == "table":
            self._table = None
        elif tag == "span" and self._is_in_title:
            self._words.append(")")
        elif self._table is not None:
            self._end_in_table(tag, self._table)
        elif tag in _HEADINGS or tag in _TEXTS or tag in ("main", "section", "header", "footer", "ul", "ol"):
            self._end_text()

    def handle_data(self, words: str) -> None:
        if not self._left_out:
            self._words.append(words)

    def _start_in_table(self, tag: str, table: Block) -> None:
        if tag == "tr":
            table.rows.append([])
        elif tag == "li":
            # A list inside a cell becomes sentences one after the other.
            self._words.append(" ")
        elif tag in _CELLS or tag == "caption":
            self._words.clear()
            self._is_in_caption = tag == "caption"

    def _end_in_table(self, tag: str, table: Block) -> None:
        if tag in _CELLS and table.rows:
            table.rows[-1].append(self._taken())
        elif tag == "caption":
            table.text = self._taken()
            self._is_in_caption = False

    def _start_text(self, kind: str, level: int = 0) -> None:
        self._end_text()
        self._kind, self._level = kind, level

    def _end_text(self) -> None:
        text = self._taken()
        if text:
            self._blocks.append(Block(self._kind, text, self._level))
        self._kind, self._level = "paragraph", 0

    def _taken(self) -> str:
        text = " ".join("".join(self._words).split())
        self._words.clear()
        return text
