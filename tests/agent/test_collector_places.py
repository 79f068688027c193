"""The collector's networks and places on a simulated laptop."""

from __future__ import annotations

from pathlib import Path

from fakes import FakeLaptop
from simulated_days import ALWAYS, bounds


def test_a_session_belongs_to_the_network_it_began_on_and_another_place_begins_another(laptop: FakeLaptop) -> None:
    laptop.network = b"router at home"
    laptop.start()
    laptop.work(600)
    laptop.store.assign(laptop.store.current_fingerprint() or "", "home", 0)
    laptop.network = b"router at work"
    laptop.work(600)
    laptop.store.assign(laptop.store.current_fingerprint() or "", "fixed_site", 0)

    first, second = laptop.store.sessions(0, ALWAYS)
    assert (first.place, second.place) == ("home", "fixed_site")
    assert first.end < second.start <= first.end + 70


def test_a_second_network_of_the_same_place_does_not_part_a_session(laptop: FakeLaptop) -> None:
    laptop.network = b"wi-fi"
    laptop.start()
    laptop.store.assign(laptop.store.current_fingerprint() or "", "home", 0)
    laptop.network = b"cable"
    laptop.idle(60)
    laptop.store.assign(laptop.store.current_fingerprint() or "", "home", 0)
    laptop.network = b"wi-fi"
    laptop.idle(60)
    laptop.work(600)
    laptop.network = b"cable"
    laptop.work(600)

    assert len(bounds(laptop.store)) == 1


def test_a_network_that_is_gone_or_comes_late_does_not_part_a_session(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(120)
    laptop.network = b"router at home"
    laptop.work(120)
    laptop.store.assign(laptop.store.current_fingerprint() or "", "home", 0)
    laptop.network = None
    laptop.work(120)
    gone = laptop.store.current_fingerprint()
    laptop.network = b"router at home"
    laptop.work(120)

    (session,) = laptop.store.sessions(0, ALWAYS)
    assert session.place == "home"
    assert gone is None


def test_a_new_network_is_asked_about_once(laptop: FakeLaptop) -> None:
    laptop.network = b"router at home"
    laptop.start()
    for _ in range(3):
        laptop.work(60)
        laptop.pause_for_breath()
    laptop.collector.stop()
    laptop.start()
    laptop.work(60)
    laptop.pause_for_breath()

    assert [notice.key.split(":")[0] for notice in laptop.told] == ["place"]
    assert not laptop.store.is_unasked(laptop.store.current_fingerprint() or "")


def test_a_network_is_kept_as_a_keyed_fingerprint_only(laptop: FakeLaptop, tmp_path: Path) -> None:
    laptop.network = b"00:11:22:33:44:55 192.0.2.1"
    laptop.start()
    laptop.work(60)
    laptop.collector.evaluate()

    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert (laptop.store.current_fingerprint() or "").encode() in content
    assert b"00:11:22" not in content
    assert b"192.0.2.1" not in content


def test_a_place_that_was_put_off_is_asked_about_again_until_it_is_said(laptop: FakeLaptop) -> None:
    laptop.network = b"router"
    laptop.start()
    laptop.work(60)
    laptop.pause_for_breath()
    (asked,) = laptop.store.notices.all()
    laptop.store.notices.snooze(asked.key, laptop.clock.now() + 600, None)
    laptop.work(660)
    laptop.pause_for_breath()
    again = len(laptop.told)
    laptop.store.notices.snooze(asked.key, laptop.clock.now() + 600, None)
    laptop.store.assign(asked.key.partition(":")[2], "home", laptop.clock.now())
    laptop.work(660)
    laptop.collector.look_again()
    laptop.pause_for_breath()

    assert again == 2
    assert len([notice for notice in laptop.told if notice.key == asked.key]) == 2


def test_a_display_on_the_desk_makes_a_fixed_workstation_of_a_mobile_place(laptop: FakeLaptop) -> None:
    laptop.network = b"router at home"
    laptop.start()
    sofa = laptop.store.add_place("home", "sofa", "mobile", 0)
    laptop.store.assign(laptop.store.current_fingerprint() or "", sofa, 0)
    laptop.work(600)
    at_first = laptop.store.sessions(0, ALWAYS)[0].workstation
    laptop.is_docked = True
    laptop.work(600)
    laptop.is_docked = False
    laptop.work(600)
    (session,) = laptop.store.sessions(0, ALWAYS)
    laptop.store.edit_session(session.id, 0, workstation="mobile")

    assert (at_first, session.workstation) == ("mobile", "fixed")
    assert laptop.store.sessions(0, ALWAYS)[0].workstation == "mobile"
