"""Which source is used: the first that works, another when it dies, and why not the others."""

from __future__ import annotations

import pytest

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.choosing import Choice, ChosenInput, candidates, choice_of, look_at


class FakeCandidate:
    """A source that works or does not."""

    def __init__(self, name: str, works: bool = True) -> None:
        self.name, self.works = name, works
        self.is_listening = False

    def look(self) -> None:
        if not self.works:
            raise SourceUnavailableError(self.name, f"There is no {self.name}.")

    def start(self) -> None:
        self.look()
        self.is_listening = True

    def last_input(self) -> float | None:
        return 5.0

    def alive(self) -> bool:
        return self.is_listening and self.works

    def problem(self) -> SourceUnavailableError | None:
        return None if self.alive() else SourceUnavailableError(self.name, f"The {self.name} has ended.")

    def close(self) -> None:
        self.is_listening = False


class Desktop:
    """Sources, and the employee's choice among them."""

    def __init__(self, *sources: FakeCandidate) -> None:
        self.sources = sources
        self.choice: Choice = "automatic"
        self.source = ChosenInput(lambda: self.choice, lambda choice: sources if choice == "automatic" else sources[1:])


def reasons(source: ChosenInput) -> list[str]:
    return [str(error) for error in source.refused]


def test_the_best_source_is_used_and_nothing_is_refused() -> None:
    desktop = Desktop(FakeCandidate("listener"), FakeCandidate("counter"))
    desktop.source.start()

    assert desktop.source.name == "listener"
    assert desktop.source.alive()
    assert desktop.source.last_input() == 5.0
    assert reasons(desktop.source) == []
    assert not desktop.sources[1].is_listening


def test_a_source_that_fails_its_self_test_is_passed_over_and_named() -> None:
    desktop = Desktop(FakeCandidate("listener", works=False), FakeCandidate("counter"))
    desktop.source.start()

    assert desktop.source.name == "counter"
    assert reasons(desktop.source) == ["There is no listener."]


def test_when_the_source_dies_the_next_one_is_used_and_the_reason_is_kept() -> None:
    desktop = Desktop(FakeCandidate("listener"), FakeCandidate("counter"))
    desktop.source.start()
    desktop.sources[0].works = False
    was_alive = desktop.source.alive()
    desktop.source.start()

    assert not was_alive
    assert desktop.source.name == "counter"
    assert reasons(desktop.source) == ["The listener has ended."]


def test_a_source_that_died_but_could_be_started_is_tried_last() -> None:
    desktop = Desktop(FakeCandidate("listener"), FakeCandidate("counter"))
    desktop.source.start()
    desktop.sources[0].is_listening = False
    desktop.source.start()

    assert desktop.source.name == "counter"
    assert reasons(desktop.source) == ["The listener has ended."]


def test_where_nothing_else_works_the_source_that_died_is_tried_again() -> None:
    desktop = Desktop(FakeCandidate("listener"), FakeCandidate("counter", works=False))
    desktop.source.start()
    desktop.sources[0].is_listening = False
    desktop.source.start()

    assert desktop.source.name == "listener"
    assert reasons(desktop.source) == ["There is no counter."]


def test_where_nothing_works_every_reason_is_told() -> None:
    desktop = Desktop(*(FakeCandidate(name, works=False) for name in ("listener", "counter", "desktop")))

    with pytest.raises(SourceUnavailableError) as refusal:
        desktop.source.start()

    assert str(refusal.value) == (
        "There is no listener. Nor can another source be used: counter: There is no counter. "
        "desktop: There is no desktop."
    )
    assert refusal.value.exit_code == 4
    assert not desktop.source.alive()


def test_another_choice_ends_the_source_in_use_and_begins_the_other() -> None:
    desktop = Desktop(FakeCandidate("listener"), FakeCandidate("counter"))
    desktop.source.start()
    desktop.choice = "counter"
    was_alive = desktop.source.alive()
    desktop.source.start()

    assert not was_alive
    assert desktop.source.name == "counter"
    assert not desktop.sources[0].is_listening
    assert reasons(desktop.source) == []


def test_closing_closes_what_is_used() -> None:
    desktop = Desktop(FakeCandidate("listener"))
    desktop.source.start()
    desktop.source.close()

    assert not desktop.sources[0].is_listening
    assert not desktop.source.alive()
    assert desktop.source.last_input() is None


def test_looking_uses_none() -> None:
    sources = [FakeCandidate("listener"), FakeCandidate("counter", works=False)]
    looked = look_at(sources)

    assert [(each.name, each.problem is None) for each in looked] == [("listener", True), ("counter", False)]
    assert not any(source.is_listening for source in sources)


@pytest.mark.parametrize(
    ("platform", "environ", "choice", "names"),
    [
        ("linux", {"DISPLAY": ":0"}, "automatic", ["pynput", "x11-counter", "gnome"]),
        ("linux", {"DISPLAY": ":0"}, "counter", ["x11-counter", "gnome"]),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, "automatic", ["gnome", "wayland", "pynput"]),
        ("linux", {"XDG_SESSION_TYPE": "wayland"}, "counter", ["gnome", "wayland", "pynput"]),
        ("win32", {}, "automatic", ["pynput", "windows-counter"]),
        ("win32", {}, "counter", ["windows-counter"]),
        ("darwin", {}, "automatic", ["mac-counter"]),
        ("darwin", {}, "counter", ["mac-counter"]),
    ],
)
def test_each_platform_has_its_order(platform: str, environ: dict[str, str], choice: Choice, names: list[str]) -> None:
    assert [source.name for source in candidates(choice, environ, platform)] == names


def test_a_choice_that_this_version_does_not_know_is_automatic() -> None:
    assert [choice_of(text) for text in (None, "counter", "telepathy")] == ["automatic", "counter", "automatic"]
