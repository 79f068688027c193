"""``fyraften notices``."""

from __future__ import annotations

import pytest

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.store.store import Store

KEY = "stop_by:2026-11-20"
TEXT = "Stop by 20:00 to keep 11 h of rest\n30 min are left."


@pytest.fixture
def told(person: CommandLine) -> CommandLine:
    """A person who was told something, for whom something waits, and for whom something is over."""
    now = person.clock.now()
    with Store.open(person.paths.work) as store:
        store.notices.wait("pause:2026-11-19", "A good moment for a pause\nA body.", now - 3600)
        store.notices.hold("pause:2026-11-19", "call")
        store.notices.end_all_but((), now - 3500)
        store.notices.tell(KEY, TEXT, now - 600, shown=True)
        store.notices.wait("place:5f3a", "Where are you working?\nSay once.", now - 60)
        store.notices.hold("place:5f3a", "full_screen")
    return person


def test_without_a_notice_it_says_so(person: CommandLine) -> None:
    assert person.run("notices").out == "Nothing was told yet, and nothing waits.\n"
    assert person.json("notices") == {"notices": []}


def test_every_notice_is_listed_with_what_became_of_it(told: CommandLine) -> None:
    out = told.run("notices").out
    document = told.json("notices")

    assert "→ no longer true, so not shown; it had waited: a program kept the screen awake" in " ".join(out.split())
    assert "→ shown at" in out
    assert "→ waits: a window filled the screen" in out
    assert [(one["number"], one["matter"], one["state"], one["held"], one["shown"]) for one in document["notices"]] == [
        (1, "pause", "over", "call", False),
        (2, "stop_by", "told", None, True),
        (3, "place", "waiting", "full_screen", False),
    ]
    assert document["notices"][1]["title"] == "Stop by 20:00 to keep 11 h of rest"
    assert document["notices"][1]["body"] == "30 min are left."


def test_a_notice_is_put_off_with_a_reason_that_is_kept(told: CommandLine) -> None:
    answer = told.json("notices", "snooze", "2", "30m", "--reason", "on the phone")
    listed = told.run("notices").out

    assert (answer["state"], answer["snooze_reason"]) == ("snoozed", "on the phone")
    assert ": on the phone" in listed
    with Store.open(told.paths.work) as store:
        assert store.notices.is_told(KEY, told.clock.now() + 1799)
        assert not store.notices.is_told(KEY, told.clock.now() + 1800)


def test_put_off_without_a_length_is_an_hour(told: CommandLine) -> None:
    told.run("notices", "snooze", "2")

    with Store.open(told.paths.work) as store:
        (kept,) = [one for one in store.notices.all() if one.key == KEY]
        assert kept.snoozed_until == told.clock.now() + 3600


def test_put_off_until_a_time_of_day(told: CommandLine) -> None:
    assert "Put off until 2" in told.run("notices", "snooze", "2", "until", "23:30").out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("9",), "There is no notice 9."),
        (("1",), "This matter is over"),
        (("2", "soon"), "soon is no length of time"),
        (("2", "until", "2020-01-01T10:00"), "That time is over already."),
    ],
)
def test_what_cannot_be_put_off_is_told(told: CommandLine, words: tuple[str, ...], message: str) -> None:
    outcome = told.run("notices", "snooze", *words)

    assert outcome.code == ExitCode.BAD_INPUT
    assert message in outcome.errors


def test_how_many_an_hour_is_chosen_within_bounds(person: CommandLine) -> None:
    at_first = person.json("notices", "limit")
    chosen = person.json("notices", "limit", "2")
    refused = [person.run("notices", "limit", number) for number in ("1", "7")]

    assert at_first == {"an_hour": 3}
    assert chosen == {"an_hour": 2}
    assert [outcome.code for outcome in refused] == [ExitCode.BAD_INPUT] * 2
    assert person.json("notices", "limit") == {"an_hour": 2}


def test_only_the_latest_are_listed_unless_all_are_wanted(person: CommandLine) -> None:
    with Store.open(person.paths.work) as store:
        for number in range(25):
            store.notices.tell(f"sent:{number:02}", f"What was sent {number}", person.clock.now() + number, shown=True)

    assert len(person.json("notices")["notices"]) == 20
    assert "5 earlier ones: fyraften notices --all" in person.run("notices").out
    assert len(person.json("notices", "--all")["notices"]) == 25
