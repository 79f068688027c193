"""What the desktop is told of the agent's state: one of three states, a title, a sentence, and what a click does.

Pure.  Standard library only.  Not here: pictures (``icons``) and the desktop (``item``, ``board``).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Literal, NamedTuple

from fyraften_policy.languages import Translate, mark

State = Literal["recording", "paused", "off"]

_TITLES: dict[State, str] = {
    "recording": mark("Fyraften is recording"),
    "paused": mark("Fyraften is paused"),
    "off": mark("Fyraften records nothing"),
}
_BUTTONS: dict[State, tuple[str, str] | None] = {
    "recording": ("pause", mark("Pause recording")),
    "paused": ("resume", mark("Resume recording")),
    "off": None,
}
_CLICK: dict[State, str] = {
    "recording": mark("Click to pause."),
    "paused": mark("Click to resume."),
    "off": mark("More: fyraften status"),
}
# By the kind of a pause, without and with an end; the same sentences as in ``recording.state``.
_PAUSED = {
    "pause": (
        mark("Paused since {since}, until you resume. Nothing is recorded."),
        mark("Paused since {since}, until {until}. Nothing is recorded."),
    ),
    "private": (
        mark("Private time since {since}, until you resume. Nothing is recorded."),
        mark("Private time since {since}, until {until}. Nothing is recorded."),
    ),
    "hours": (
        mark("Paused since {since}, until you resume. Nothing is recorded."),
        mark("Outside your recording hours, until {until}. Nothing is recorded."),
    ),
}


class Shown(NamedTuple):
    """The state in words.

    Attributes:
        state: recording, paused, or off: nothing is recorded, for whatever reason.
        button: the name of the click (``pause``, ``resume``) and its label; None where there is nothing to click.
        hint: what a click on the icon does.
    """

    state: State
    title: str
    sentence: str
    button: tuple[str, str] | None
    hint: str


def shown(document: Mapping[str, object], _: Translate) -> Shown:
    """Return what is shown for the supervisor's answer to ``state``."""
    told = document.get("state")
    state: State = "recording" if told == "recording" else "paused" if told == "paused" else "off"
    is_waiting_for_hours = document.get("paused_for") == "hours"  # nothing is to be resumed before they begin
    button = None if is_waiting_for_hours else _BUTTONS[state]
    hint = _CLICK[state] if button is not None else _CLICK["off"]
    return Shown(
        state,
        _(_TITLES[state]),
        _sentence(told, document, _),
        None if button is None else (button[0], _(button[1])),
        _(hint),
    )


def _sentence(told: object, document: Mapping[str, object], _: Translate) -> str:
    since, until = _clock(document.get("since")), _clock(document.get("paused_until"))
    if told == "recording":
        return _("Recording since {since}.").format(since=since)
    if told == "paused":
        kind = document.get("paused_for")
        without_end, with_end = _PAUSED.get(kind if isinstance(kind, str) else "pause", _PAUSED["pause"])
        return _(without_end if until is None else with_end).format(since=since, until=until)
    if told == "starting":
        return _("Starting. Nothing is recorded yet.")
    reason = document.get("reason")
    return _("Nothing is recorded: {reason}").format(reason=reason) if reason else _("Off. Nothing is recorded.")


def _clock(instant: object) -> str | None:
    """Return an instant as local date and time, or as time alone where it is of today."""
    if not isinstance(instant, int):
        return None
    at, today = time.localtime(instant), time.localtime()
    return time.strftime("%H:%M" if at[:3] == today[:3] else "%Y-%m-%d %H:%M", at)
