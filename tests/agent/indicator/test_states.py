"""Three states in words, each with what a click does, in every language."""

from __future__ import annotations

import time
from typing import Any

import pytest

from fyraften_agent.indicator.states import shown


def told(state: str, **more: Any) -> dict[str, Any]:
    return {"state": state, "since": int(time.time()), "paused_until": None, "reason": None, **more}


@pytest.mark.parametrize(
    ("document", "state", "title", "button"),
    [
        (told("recording"), "recording", "Fyraften is recording", ("pause", "Pause recording")),
        (told("paused", paused_for="pause"), "paused", "Fyraften is paused", ("resume", "Resume recording")),
        (told("paused", paused_for="private"), "paused", "Fyraften is paused", ("resume", "Resume recording")),
        (told("paused", paused_for="hours", paused_until=9), "paused", "Fyraften is paused", None),
        (told("failed", reason="No display."), "off", "Fyraften records nothing", None),
        (told("starting"), "off", "Fyraften records nothing", None),
        (told("off"), "off", "Fyraften records nothing", None),
        (told("something newer"), "off", "Fyraften records nothing", None),
    ],
)
def test_every_answer_of_the_supervisor_is_one_of_three_states(
    document: dict[str, Any], state: str, title: str, button: tuple[str, str] | None
) -> None:
    found = shown(document, str)

    assert (found.state, found.title, found.button) == (state, title, button)
    assert found.sentence.endswith((".", "?"))
    assert found.hint


def test_the_sentence_says_since_when_until_when_and_why() -> None:
    now = int(time.time())
    at = time.strftime("%H:%M", time.localtime(now))
    long_ago = time.strftime("%Y-%m-%d %H:%M", time.localtime(1_000_000_000))

    assert shown(told("recording", since=now), str).sentence == f"Recording since {at}."
    assert shown(told("recording", since=1_000_000_000), str).sentence == f"Recording since {long_ago}."
    assert shown(told("paused", since=now, paused_until=now), str).sentence == (
        f"Paused since {at}, until {at}. Nothing is recorded."
    )
    assert "until you resume" in shown(told("paused", since=now), str).sentence
    assert shown(told("paused", since=now, paused_for="private"), str).sentence.startswith("Private time since")
    assert shown(told("failed", reason="No display."), str).sentence == "Nothing is recorded: No display."
    assert shown(told("off"), str).sentence == "Off. Nothing is recorded."
