"""Reads the rows of an SQLite file page by page, without asking the database: for a file that it cannot open any more.

Every page that looks like one with rows is read by itself, whatever the pages that lead to it have become; what cannot
be read is passed over.  The write-ahead log is followed as far as its checksums hold, to the last whole transaction.
Nothing here says that a row is right, nor of which table it is: see ``salvage``, which believes a row by its seal.
Pure: bytes in, rows out.  The format: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from fyraften_agent.store.seals import Value

PAGE_SIZE = 1024
"""The size of a page in the files of raw data, for where the file does not tell any more."""

_TABLE_LEAF, _TABLE_INTERIOR, _INDEX_LEAF, _INDEX_INTERIOR = 0x0D, 0x05, 0x0A, 0x02
_KINDS = (_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR)
_LOG_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
_MOST_COLUMNS = 64
_INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class Row(NamedTuple):
    """A row as it stands in a page; ``number`` is its rowid, None where it is kept under a key of its own."""

    number: int | None
    values: tuple[Value, ...]


def page_sizes(file: bytes) -> list[int]:
    """Return the sizes that a page may have: the one the file tells, and the usual one."""
    told = int.from_bytes(file[16:18], "big")
    told = 65536 if told == 1 else told
    return list(dict.fromkeys([told, PAGE_SIZE] if 512 <= told <= 65536 and told & (told - 1) == 0 else [PAGE_SIZE]))


def pages(file: bytes, log: bytes, size: int) -> dict[int, bytes]:
    """Return the pages by their number, counted from 1, as the file is with its write-ahead log."""
    found = {at // size + 1: file[at : at + size] for at in range(0, len(file) - size + 1, size)}
    newer, count = _pages_of_log(log, size)
    return {number: page for number, page in {**found, **newer}.items() if count is None or number <= count}


def rows(found: dict[int, bytes], number: int) -> Iterator[Row]:
    """Yield what can be read of the rows on one page; of a page that has lost its kind, as each kind."""
    page = found[number]
    start = 100 if number == 1 else 0
    kinds = (page[start],) if page[start] in _KINDS else _KINDS
    for kind in kinds:
        for at in _cells(page, start, kind):
            row = _row(found, page, at, kind)
            if row is not None:
                yield row


def roots(found: dict[int, bytes]) -> dict[tuple[str, str, str], int]:
    """Return where each table and index begins: by kind, name and the table's name; as far as that can be read.

    An index of some rows only is left out: it says nothing of the others.
    """
    there: dict[tuple[str, str, str], int] = {}
    for number in found:
        for row in rows(found, number):
            match row.values:
                case ("table" | "index" as kind, str(name), str(table), int(root), words) if root in found:
                    if kind == "table" or " WHERE " not in str(words):
                        there[kind, name, table] = root
    return there


def tree(found: dict[int, bytes], root: int) -> tuple[list[Row], int | None]:
    """Return the rows below a page, and how many there are; None where a page on the way is damaged."""
    got: list[Row] = []
    count: int | None = 0
    waiting, seen = [root], set[int]()
    while waiting:
        number = waiting.pop()
        page = found.get(number)
        if page is None or number in seen or page[0] not in (*_KINDS, _TABLE_INTERIOR):
            count = None
            continue
        seen.add(number)
        cells = _cells(page, 0, page[0])
        if not _is_accounted_for(page, cells):
            count = None
        elif page[0] != _TABLE_INTERIOR and count is not None:
            count += len(cells)
        if page[0] != _TABLE_INTERIOR:
            got += [row for row in (_row(found, page, at, page[0]) for at in cells) if row is not None]
        if page[0] in (_TABLE_INTERIOR, _INDEX_INTERIOR):
            waiting += [int.from_bytes(page[at : at + 4], "big") for at in (*cells, 8)]
    return got, count


def _is_accounted_for(page: bytes, cells: list[int]) -> bool:
    """Say whether the area of the rows is filled by the rows and the gaps between them that the page tells of."""
    free, count, area = struct.unpack(">HHH", page[1:7])
    filled = page[7]
    try:
        filled += sum(_room(page, at) for at in cells)
        for _ in range(len(page) // 4):
            if not free:
                break
            free, room = struct.unpack(">HH", page[free : free + 4])
            filled += room
    except (IndexError, ValueError, struct.error):
        return False
    return count == len(cells) and filled == len(page) - (area or 65536)


def _room(page: bytes, at: int) -> int:
    """Return how many bytes a row takes on its page."""
    begin, kind = at, page[0]
    at += 4 if kind in (_INDEX_INTERIOR, _TABLE_INTERIOR) else 0
    length, at = _number(page, at)
    if kind == _TABLE_INTERIOR:
        return max(4, at - begin)
    if kind == _TABLE_LEAF:
        _, at = _number(page, at)
    here = _length_here(len(page), length, kind)
    return max(4, at + here - begin + (4 if here < length else 0))


def _pages_of_log(log: bytes, size: int) -> tuple[dict[int, bytes], int | None]:
    """Return the newest version of each page in the write-ahead log, and how many pages the file has by then.

    Up to the last transaction that is whole; the number of pages is None where there is none.
    """
    nothing: tuple[dict[int, bytes], int | None] = {}, None
    if len(log) < 32:
        return nothing
    magic, _version, told_size, _sequence, *salts = struct.unpack(">IIIIII", log[:24])
    order = _LOG_MAGIC.get(magic)
    if order is None or told_size != size:
        return nothing
    check = _checksum(log[:24], (0, 0), order)
    if check != struct.unpack(">II", log[24:32]):
        return nothing
    whole, count = nothing
    begun: dict[int, bytes] = {}
    for at in range(32, len(log) - size - 23, size + 24):
        number, ends_with, *frame_salts = struct.unpack(">IIII", log[at : at + 16])
        page = log[at + 24 : at + 24 + size]
        check = _checksum(log[at : at + 8] + page, check, order)
        if frame_salts != salts or check != struct.unpack(">II", log[at + 16 : at + 24]):
            break
        begun[number] = page
        if ends_with:
            whole, begun, count = {**whole, **begun}, {}, ends_with
    return whole, count


def _checksum(content: bytes, before: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = before
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _cells(page: bytes, start: int, kind: int) -> list[int]:
    """Return where on the page its rows begin.

    Below the area of the rows there may be copies of rows that have gone elsewhere since.  A single pointer into there
    is a damaged one; several say that the beginning of the area is.
    """
    count, area = struct.unpack(">HH", page[start + 3 : start + 7])
    first = start + (12 if kind in (_INDEX_INTERIOR, _TABLE_INTERIOR) else 8)
    count = min(count, (len(page) - first) // 2)
    pointers = list(struct.unpack(f">{count}H", page[first : first + 2 * count]))
    below = [at for at in pointers if at < area]
    return [at for at in pointers if at >= first and (len(below) != 1 or at != below[0])]


def _row(found: dict[int, bytes], page: bytes, at: int, kind: int) -> Row | None:
    try:
        at += 4 if kind == _INDEX_INTERIOR else 0
        length, at = _number(page, at)
        number = None
        if kind == _TABLE_LEAF:
            number, at = _number(page, at)
            number -= 2**64 if number >= 2**63 else 0
        return Row(number, _record(_payload(found, page, at, length, kind)))
    except (IndexError, ValueError, KeyError, struct.error):
        return None


def _payload(found: dict[int, bytes], page: bytes, at: int, length: int, kind: int) -> bytes:
    """Return the bytes of a row, with those that did not fit on its page."""
    here = _length_here(len(page), length, kind)
    if here == length:
        return _exactly(page[at : at + length], length)
    content = _exactly(page[at : at + here], here)
    following = int.from_bytes(page[at + here : at + here + 4], "big")
    for _ in range(len(found)):
        if len(content) >= length:
            break
        content += found[following][4:]
        following = int.from_bytes(found[following][:4], "big")
    return _exactly(content[:length], length)


def _length_here(size: int, length: int, kind: int) -> int:
    """Return how many bytes of a row are on its own page."""
    most = size - 35 if kind == _TABLE_LEAF else (size - 12) * 64 // 255 - 23
    if length <= most:
        return length
    least = (size - 12) * 32 // 255 - 23
    here = least + (length - least) % (size - 4)
    return least if here > most else here


def _exactly(content: bytes, length: int) -> bytes:
    if len(content) != length:
        raise ValueError("a row that is cut short")
    return content


def _record(content: bytes) -> tuple[Value, ...]:
    head, at = _number(content, 0)
    kinds: list[int] = []
    while at < head:
        kind, at = _number(content, at)
        kinds.append(kind)
    if at != head or len(kinds) > _MOST_COLUMNS:
        raise ValueError("no head of a row")
    values: list[Value] = []
    for kind in kinds:
        value, at = _value(content, at, kind)
        values.append(value)
    if at != len(content):
        raise ValueError("a row of another length")
    return tuple(values)


def _value(content: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in _INTEGER_SIZES:
        end = at + _INTEGER_SIZES[kind]
        return int.from_bytes(_exactly(content[at:end], end - at), "big", signed=True), end
    if kind == 7:
        return float(struct.unpack(">d", content[at : at + 8])[0]), at + 8
    if kind in (8, 9):
        return kind - 8, at
    if kind < 12:
        raise ValueError("no kind of value")
    end = at + (kind - 12) // 2
    part = _exactly(content[at:end], end - at)
    return (part if kind % 2 == 0 else part.decode("utf-8")), end


def _number(content: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where the next thing begins."""
    value = 0
    for place in range(9):
        byte = content[at + place]
        if place == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("no number")
