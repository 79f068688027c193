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
    document = activity(("08:00", "08:40", None), ("08:45", "09:00", None), ("09:10:30", "10:10:30", None))

    text = said(only(document, RULE))

    assert "2 pauses lie between stretches of 15 min to 1 h; they begin at 08:40, 09:00." in text
    assert "A pause is at least 5 min without activity, also in our reading." in text
    assert "Input came in" not in text


def test_a_single_pause_is_told_with_the_stretches_around_it() -> None:
    text = said(only(activity(("08:00", "08:40:10", None), ("08:46", "09:00", None)), RULE))

    assert "One pause lies between stretches of 14 min and 40 min 10 s; it begins at 08:40:10." in text


def test_a_day_without_a_pause_tells_none() -> None:
    assert "There is no pause in the activity of the day." in said(only(activity(("08:00", "08:40", None)), RULE))


def test_more_pauses_than_anybody_would_read_are_counted_only() -> None:
    spans = [
        (f"{8 + number // 6:02}:{number % 6}0", f"{8 + number // 6:02}:{number % 6}5", None) for number in range(15)
    ]

    assert "12 pauses lie between stretches of 5 min to 5 min; they begin at 08:05, " in said(
        only(activity(*spans[:13]), RULE)
    )
    text = said(only(activity(*spans[:14]), RULE))
    assert "13 pauses lie between stretches of 5 min to 5 min." in text


def test_the_input_in_the_longest_stretch_is_a_mean_by_time() -> None:
    document = activity(("08:00", "08:30", 0.9), ("08:33", "08:43", 0.5), ("10:00", "10:10", 0.1))

    assert "Input came in 80.0 % of the minutes of activity in it." in said(only(document, RULE))


def test_input_after_the_longest_stretch_has_no_part_in_it() -> None:
    document = activity(("08:00", "08:30", 0.9), ("08:35", "08:40", 0.5))

    assert "Input came in 90.0 % of the minutes of activity in it." in said(only(document, RULE))


def test_it_is_told_only_where_all_of_the_stretch_has_it() -> None:
    document = activity(("08:00", "08:30", 0.9), ("08:33", "08:43", None))

    assert "Input came in" not in said(only(document, RULE))
