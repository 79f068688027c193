"""Tables of other programs: which headings are understood, and what is refused rather than guessed."""

from __future__ import annotations

import pytest

from agent_records import ZONE
from fyraften_agent.exchange.foreign_csv import TableError, read_csv
from fyraften_policy.periods import parse_instant


def at(text: str) -> int:
    return parse_instant(text, ZONE)


@pytest.mark.parametrize(
    "table",
    [
        "start,end\n2026-11-18T08:00,2026-11-18T10:30\n",
        "\ufeffStart;End\n2026-11-18 08:00:00;2026-11-18 10:30:00\n",
        "Begin\tStop\n2026-11-18T07:00:00Z\t2026-11-18T09:30:00.250Z\n",
        "Project,Start date,Start time,End date,End time\nx,2026-11-18,08:00:00,2026-11-18,10:30:00\n",
        "date,start_time,end_time\n2026-11-18,8:00,10:30\n",
        "start,duration\n2026-11-18T08:00+0100,2:30:00\n",
        "start,end,zone\n2026-11-18T02:00,2026-11-18T04:30,America/New_York\n",
    ],
)
def test_times_are_read_from_every_usual_heading(table: str) -> None:
    incoming = read_csv(table, ZONE)

    (session,) = incoming.sessions
    assert (session.start, session.end) == (at("2026-11-18T08:00"), at("2026-11-18T10:30"))
    assert incoming.skipped == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("18/11/2026 08:00,2026-11-18T10:30", "start: 18/11/2026 08:00 is no time. Write it as 2026-11-20T13:00"),
        ("2026-11-18T08:00,", "end:  is no time. Write it as 2026-11-20T13:00"),
        ("2026-10-25T02:30,2026-10-25T04:00", "there twice"),
        ("2026-03-29T02:30,2026-03-29T04:00", "does not exist in Europe/Copenhagen"),
    ],
)
def test_what_could_mean_two_things_is_left_out_with_the_reason(line: str, reason: str) -> None:
    incoming = read_csv(f"start,end\n{line}\n2026-11-18T08:00,2026-11-18T10:30\n", ZONE)

    (skipped,) = incoming.skipped
    assert skipped.where == "2"
    assert reason in skipped.reason(str) or "twice" in skipped.reason(str)
    assert len(incoming.sessions) == 1


def test_what_was_done_is_not_read() -> None:
    incoming = read_csv("start,end,Description,Project\n2026-11-18T08:00,2026-11-18T10:30,secret,hush\n", ZONE)

    assert incoming.not_read == ("Description", "Project")
    assert "secret" not in repr(incoming.sessions)


@pytest.mark.parametrize("table", ["", "a,b\n1,2\n", "start\n2026-11-18T08:00\n", "end\n2026-11-18T08:00\n"])
def test_a_table_without_begin_or_end_is_refused(table: str) -> None:
    with pytest.raises(TableError, match="heading"):
        read_csv(table, ZONE)


@pytest.mark.parametrize(
    ("column", "value"),
    [("place", "moon"), ("workstation", "boat"), ("confirmed", "perhaps"), ("zone", "Europe/Atlantis")],
)
def test_a_word_that_is_not_known_leaves_the_line_out(column: str, value: str) -> None:
    incoming = read_csv(f"start,end,{column}\n2026-11-18T08:00,2026-11-18T10:30,{value}\n", ZONE)

    assert incoming.sessions == ()
    assert value in incoming.skipped[0].reason(str).casefold() or value in incoming.skipped[0].reason(str)


def test_a_label_is_one_line_and_steers_no_terminal() -> None:
    (session,) = read_csv(
        'start,end,place,place_label\n2026-11-18T08:00,2026-11-18T09:00,home,"a\nb\x1bc"\n', ZONE
    ).sessions

    assert session.label == "a b c"
