"""Which source of input is used: the first that works here, and another one when it dies.

The order is that of the platform; the employee may choose the stricter kind, which is told seconds and never an event.
Why a source is not used is kept, and shown: none is left out without a word.
Not here: the sources.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol, get_args

from fyraften_agent.sensors import InputSource, SourceUnavailableError
from fyraften_policy.languages import mark

Choice = Literal["automatic", "counter"]
CHOICES: tuple[Choice, ...] = get_args(Choice)


class Candidate(InputSource, Protocol):
    """A source that can also be looked at without being used."""

    def look(self) -> None:
        """Check that it could be used here; raises :class:`SourceUnavailableError`."""

    def problem(self) -> SourceUnavailableError | None:
        """Return why it is not alive any more, where it knows."""


class Looked(NamedTuple):
    """A source that was looked at, and why it cannot be used."""

    name: str
    problem: SourceUnavailableError | None


class ChosenInput:
    """The first of several sources that works."""

    def __init__(
        self, choice: Callable[[], Choice], candidates_of: Callable[[Choice], Sequence[Candidate]] | None = None
    ) -> None:
        """Choose among the sources of this desktop when started.

        Args:
            choice: what the employee wants now; when it changes, the source in use counts as dead.
            candidates_of: the sources of a choice, the best first, at least one; of this desktop if left out.
        """
        self._choice = choice
        self._candidates_of = candidates_of or (lambda chosen: candidates(chosen, os.environ))
        self._chosen: Choice | None = None
        self._candidates: Sequence[Candidate] = ()
        self._used: Candidate | None = None
        self._refused: tuple[SourceUnavailableError, ...] = ()

    @property
    def name(self) -> str:
        """The name of the source in use."""
        return "input" if self._used is None else self._used.name

    @property
    def refused(self) -> tuple[SourceUnavailableError, ...]:
        """Why better sources are not used."""
        return self._refused

    def start(self) -> None:
        """Use the first source that works; one that died just now is tried last."""
        died, reason = self._used, None if self._used is None else self._used.problem()
        self.close()
        choice = self._choice()
        if choice != self._chosen:
            self._chosen, self._candidates = choice, self._candidates_of(choice)
        refused = [] if reason is None else [reason]
        for candidate in sorted(self._candidates, key=lambda one: one is died):
            try:
                candidate.start()
            except SourceUnavailableError as error:
                refused.append(error)
            else:
                self._used = candidate
                latest = {error.source: error for error in refused if error.source != candidate.name}
                self._refused = tuple(latest.values())
                return
        self._refused = tuple(refused)
        raise _none_works(refused)

    def last_input(self) -> float | None:
        return None if self._used is None else self._used.last_input()

    def alive(self) -> bool:
        return self._used is not None and self._choice() == self._chosen and self._used.alive()

    def close(self) -> None:
        used, self._used = self._used, None
        if used is not None:
            used.close()


def choice_of(text: str | None) -> Choice:
    """Return the choice as it was kept; automatic where none was made, or one that this version does not know."""
    return next((choice for choice in CHOICES if choice == text), CHOICES[0])


def candidates(choice: Choice, environ: Mapping[str, str], platform: str = sys.platform) -> list[Candidate]:
    """Return the sources of a platform, the best first. With ``counter``, only those that are told no events."""
    if platform == "win32":
        from fyraften_agent.sensors.checked_listener import CheckedListener
        from fyraften_agent.sensors.windows_input import WindowsListener, windows_counter_input

        # Whose hook does not answer in time is removed, and not told; nothing sets the counter back but input.
        listener = CheckedListener(WindowsListener(), windows_counter_input(), always=True)
        return [windows_counter_input()] if choice == "counter" else [listener, windows_counter_input()]
    if platform == "darwin":
        from fyraften_agent.sensors.mac_idle import mac_input

        return [mac_input()]
    return _on_linux(choice, environ)


def _on_linux(choice: Choice, environ: Mapping[str, str]) -> list[Candidate]:
    from fyraften_agent.sensors.checked_listener import CheckedListener
    from fyraften_agent.sensors.gnome_idle import gnome_input
    from fyraften_agent.sensors.wayland_idle import WaylandInput
    from fyraften_agent.sensors.x11_counter import x11_counter_input
    from fyraften_agent.sensors.x11_input import X11Input

    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE", "").lower() == "wayland":
        return [gnome_input(environ), WaylandInput(environ), X11Input(environ)]
    listener = CheckedListener(X11Input(environ), x11_counter_input(environ))
    listeners: list[Candidate] = [] if choice == "counter" else [listener]
    return [*listeners, x11_counter_input(environ), gnome_input(environ)]


def look_at(candidates: Sequence[Candidate]) -> list[Looked]:
    """Look at each candidate, using none."""
    looked = []
    for candidate in candidates:
        try:
            candidate.look()
        except SourceUnavailableError as error:
            looked.append(Looked(candidate.name, error))
        else:
            looked.append(Looked(candidate.name, None))
    return looked


def _none_works(refused: Sequence[SourceUnavailableError]) -> SourceUnavailableError:
    """Return one error that tells them all, each sentence once."""
    told = {str(error): error for error in refused}
    if len(told) == 1:
        return refused[0]
    first, *others = told.values()
    return SourceUnavailableError(
        first.source,
        mark("{first} Nor can another source be used: {others}"),
        first=first,
        others=_joined(others),
    )


def _joined(errors: Sequence[SourceUnavailableError]) -> object:
    from fyraften_policy.sentences import sentence

    told = None
    for error in errors:
        name_and_reason = sentence(mark("{source}: {reason}"), source=error.source, reason=error)
        told = name_and_reason if told is None else sentence("{before} {after}", before=told, after=name_and_reason)
    return told
