"""What ``advice.screen.pauses`` tells: number, times and spread of the pauses, and the input in the longest stretch."""

from __future__ import annotations

from policy.european import Document, european, only, said

RULE = "advice.screen.pauses"


def activity(*spans: tuple[str, str, float | None]) -> Document:
    rows = [
        {"start": f"2026-01-13T{start}", "end": f"2026-01-13T{end}"} | ({} if share is None else {"intensity": share})
        for start, end, share in spans
    ]
    return european("2026-01-13T08:00/12:00", activity=rows)


def test_number_times_and_spread_of_the_pauses_are_told() -> None:
    document = activity(("08:00", "08:40", None), ("08:45", "09:00", None), ("09:10", "10:10", None))

    text = said(only(document, RULE))

    assert "Pauses between the stretches of the day: 2." in text
    assert "The pauses began at 08:40, 09:00." in text
    assert "The stretches around them last from 15 min to 1 h." in text
    assert "Input came in" not in text


def test_a_day_without_a_pause_tells_none() -> None:
    text = said(only(activity(("08:00", "08:40", None)), RULE))

    assert "Pauses between the stretches of the day: 0." in text
    assert "The pauses began" not in text


def test_more_pauses_than_anybody_would_read_are_counted_only() -> None:
    spans = [
        (f"{8 + number // 6:02}:{number % 6}0", f"{8 + number // 6:02}:{number % 6}5", None) for number in range(15)
    ]

    assert "The pauses began" in said(only(activity(*spans[:13]), RULE))
    text = said(only(activity(*spans[:14]), RULE))
    assert "Pauses between the stretches of the day: 13." in text
    assert "The pauses began" not in text


def test_the_input_in_the_longest_stretch_is_a_mean_by_time() -> None:
    document = activity(("08:00", "08:30", 0.9), ("08:33", "08:43", 0.5), ("10:00", "10:10", 0.1))

    assert "Input came in 80.0 % of the minutes of activity in the longest stretch." in said(only(document, RULE))


def test_it_is_told_only_where_all_of_the_stretch_has_it() -> None:
    document = activity(("08:00", "08:30", 0.9), ("08:33", "08:43", None))

    assert "Input came in" not in said(only(document, RULE))
