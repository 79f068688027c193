"""``fyraften source``."""

from __future__ import annotations

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.sensors.choosing import CHOICES
from fyraften_agent.shown.source_kinds import KINDS, source_kind
from fyraften_agent.store.store import Store


def chosen(person: CommandLine) -> str | None:
    with Store.open(person.paths.work) as store:
        return store.choices.get("source")


def test_each_source_is_named_with_why_it_cannot_be_used(person: CommandLine) -> None:
    outcome = person.run("source")

    assert outcome.code == ExitCode.DONE
    assert "Chosen: automatic" in outcome.out
    assert "pynput" in outcome.out
    assert "DISPLAY is not set" in outcome.out


def test_the_stricter_kind_is_chosen_kept_and_taken_back(person: CommandLine) -> None:
    document = person.json("source", "counter")
    kept = chosen(person)
    again = person.json("source", "automatic")

    assert document["choice"] == kept == "counter"
    assert "pynput" not in [source["name"] for source in document["sources"]]
    assert again["choice"] == "automatic"
    assert chosen(person) is None


def test_another_word_is_refused(person: CommandLine) -> None:
    assert person.run("source", "telepathy").code == ExitCode.BAD_INPUT


def test_every_source_has_words() -> None:
    assert source_kind("gnome", str) == KINDS["gnome"]
    assert source_kind("of tomorrow", str) == "of tomorrow"
    assert CHOICES[0] == "automatic"
