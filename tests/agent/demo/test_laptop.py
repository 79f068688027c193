"""What happens to a laptop, seen in what the real collector keeps: sleep and shutdown are known, a crash is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest

from fyraften_agent.demo.laptop import Laptop, Surroundings
from fyraften_agent.demo.script import ZONE, at
from fyraften_agent.demo.simulated import SimulatedClock
from fyraften_agent.errors import NoConsentError
from fyraften_agent.sending.preparing import Sending
from fyraften_agent.store.store import Store
from fyraften_agent.telling.notices import Notice
from fyraften_policy.intervals import Interval, subtract

DAY, NEXT = date(2026, 11, 9), date(2026, 11, 10)
START = at(DAY, "08:00")


class Scene:
    """A laptop with nobody around who minds; ``told`` and ``looked_up`` count what came out of it."""

    def __init__(self, store: Store) -> None:
        self.store, self.looked_up = store, 0
        self.told: list[Notice] = []
        self.agrees = True
        self.clock = SimulatedClock(START, ZONE)
        around = Surroundings(
            may_record=lambda: self.agrees,
            tell=self._tell,
            prepare_reports=lambda now, zone: False,
            sending=lambda now, zone: Sending(),
            send=lambda: None,
            react=self._look_up,
        )
        self.laptop = Laptop(self.clock, store, b"k" * 32, around, str)
        self.laptop.be_on("home")

    def _tell(self, notice: Notice) -> bool:
        self.told.append(notice)
        return True

    def _look_up(self) -> None:
        self.looked_up += 1

    def work(self, seconds: int) -> None:
        now = self.clock.now()
        self.laptop.use_until(now + seconds, range(now + 5, now + seconds, 30))

    def unknown(self, until: int) -> list[Interval]:
        return subtract([Interval(START, until)], self.store.observed(START, until))


@pytest.fixture
def scene() -> Iterator[Scene]:
    with Store.open(None) as store:
        yield Scene(store)


def test_input_becomes_a_session_with_the_right_bounds(scene: Scene) -> None:
    scene.laptop.start_recording()
    scene.work(1800)
    scene.laptop.stop_recording()

    (session,) = scene.store.sessions(0, START * 2)
    assert session.start == START + 5
    assert START + 1800 - 40 <= session.end < START + 1800
    assert session.source == "measured"


def test_the_person_looks_up_and_is_asked_where_they_are(scene: Scene) -> None:
    scene.laptop.start_recording()
    scene.work(60)

    assert [notice.key.partition(":")[0] for notice in scene.told] == ["place"]
    assert scene.looked_up == 1


def test_a_night_asleep_is_known_time(scene: Scene) -> None:
    scene.laptop.start_recording()
    scene.work(1800)
    scene.laptop.use_until(scene.clock.now() + 60)
    scene.laptop.sleep_until(at(NEXT, "08:00"))
    scene.work(600)
    scene.laptop.stop_recording()

    assert scene.unknown(at(NEXT, "08:10")) == []
    assert len(scene.store.sessions(0, START * 2)) == 2


def test_a_night_after_a_shutdown_is_known_time(scene: Scene) -> None:
    scene.laptop.start_recording()
    scene.work(1800)
    scene.laptop.shut_down()
    scene.laptop.start_computer(at(NEXT, "08:00"))
    scene.work(600)
    scene.laptop.stop_recording()

    # The moment in which the computer started.
    assert sum(hole.length for hole in scene.unknown(at(NEXT, "08:10"))) <= 30


def test_a_night_after_power_was_lost_is_not_known(scene: Scene) -> None:
    scene.laptop.start_recording()
    scene.work(1800)
    scene.laptop.lose_power()
    is_on = scene.laptop.is_on
    scene.laptop.start_computer(at(NEXT, "08:00"))
    scene.work(600)
    scene.laptop.stop_recording()

    (hole,) = scene.unknown(at(NEXT, "08:10"))
    assert not is_on
    assert hole.end == at(NEXT, "08:00")
    assert START + 1800 - 120 <= hole.start <= START + 1800


def test_nothing_is_recorded_in_a_pause(scene: Scene) -> None:
    scene.laptop.start_recording()
    scene.work(1800)
    start = scene.clock.now()
    scene.store.pause(start, start + 3600)
    scene.laptop.stop_recording()
    scene.work(3600)
    scene.laptop.start_recording()
    scene.work(600)
    scene.laptop.stop_recording()

    (hole,) = scene.unknown(start + 3600 + 600)
    assert hole.end == start + 3600
    assert all(not (start < session.end <= start + 3600) for session in scene.store.sessions(0, START * 2))


def test_without_consent_nothing_starts(scene: Scene) -> None:
    scene.agrees = False

    with pytest.raises(NoConsentError):
        scene.laptop.start_recording()
    assert scene.store.sessions(0, START * 2) == []
    assert scene.store.observed(0, START * 2) == []


def test_another_network_is_another_place(scene: Scene) -> None:
    scene.laptop.start_recording()
    scene.work(1800)
    scene.laptop.sleep_until(scene.clock.now() + 3600)
    scene.laptop.be_on("office")
    scene.work(1800)
    scene.laptop.stop_recording()

    networks = [session.fingerprint for session in scene.store.sessions(0, START * 2)]
    assert len(networks) == 2
    assert all(before != after for before, after in pairwise(networks))
    assert "home" not in str(networks)
