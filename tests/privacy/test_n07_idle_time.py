"""N7: what the employee says about their time is never shortened because no input was seen."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeLaptop
from fyraften_agent.recording.activity import Changes, MeasuredSession
from fyraften_agent.store.store import Store

ZONE = "Europe/Copenhagen"
T = 1_795_000_000
lengths = st.integers(1, 8 * 3600)


def measured(store: Store, seconds: int, *, is_open: bool) -> None:
    store.write_measured(Changes(sessions=(MeasuredSession(1, T, T + seconds, is_open),)), ZONE, None)


@given(lengths, st.lists(lengths, max_size=5), st.integers(-3600, 3600), lengths)
def test_a_correction_stands_whatever_is_measured_afterwards(
    first: int, later: list[int], moved: int, said: int
) -> None:
    with Store.open(None) as store:
        measured(store, first, is_open=True)
        store.edit_session(1, T + first, start=T + moved, end=T + moved + said)
        for seconds in sorted(later):
            measured(store, first + seconds, is_open=False)

        (kept,) = store.sessions(0, 2 * T)

    assert (kept.start, kept.end) == (T + moved, T + moved + said)


@given(lengths, lengths)
def test_hours_added_by_hand_need_no_input_and_keep_their_length(start: int, seconds: int) -> None:
    with Store.open(None) as store:
        number = store.add_session(T + start, T + start + seconds, ZONE, "home", "fixed", True, T)
        store.begin_measuring(None, None)

        kept = store.session(number)

    assert kept is not None
    assert (kept.start, kept.end, kept.confirmed) == (T + start, T + start + seconds, True)


def test_three_hours_of_a_meeting_without_input_are_proposed_as_work_and_wait_for_a_word(tmp_path: Path) -> None:
    with Store.open(tmp_path / "work.sqlite3") as store:
        laptop = FakeLaptop(store)
        laptop.start()
        laptop.work(3600)
        laptop.screen.is_kept_awake = True
        laptop.idle(3 * 3600)
        laptop.screen.is_kept_awake = False
        laptop.work(60)
        laptop.collector.stop()

        sessions = store.sessions(0, 2**40)

    assert sum(one.end - one.start for one in sessions) >= 4 * 3600
    assert not all(one.confirmed for one in sessions)
