"""A listener that is believed once it has heard something: until then the system's own counter is asked, too.

A listener that hears nothing looks like a person who rests.  Where the counter finds input at every look of three
minutes and the listener none since its start, it is blind, and counts as dead.  After the first event the counter is
let go of: programs that keep the screen awake may set it back, and it shall not speak against a listener that works.
Where none can (Windows), and the system may remove a listener without a word, the counter is asked all the time.
Not here: listener and counter (``x11_input``, ``x11_counter``), what is used instead (``choosing``).
"""

from __future__ import annotations

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.choosing import Candidate
from fyraften_agent.sensors.idle_counter import CounterInput
from fyraften_policy.languages import mark

BLIND_LOOKS = 18
_NEW_SECONDS = 0.5


class CheckedListener:
    """The listener, and until its first event the counter beside it; or ``always``."""

    def __init__(self, listener: Candidate, counter: CounterInput, *, always: bool = False) -> None:
        self._listener, self._counter, self._always = listener, counter, always
        self._heard: float | None = None
        self._is_checked = False
        self._is_counting = self._is_looked_at = False
        self._counted: float | None = None
        self._unheard = 0

    @property
    def name(self) -> str:
        """The listener's name."""
        return self._listener.name

    def look(self) -> None:
        """Check that it could be used; raises :class:`SourceUnavailableError`."""
        self._listener.look()

    def start(self) -> None:
        """Listen. See :class:`fyraften_agent.sensors.InputSource`."""
        self.close()
        self._is_checked, self._counted, self._unheard = False, None, 0
        self._listener.start()
        self._heard = self._listener.last_input()  # before it was started anew

    def last_input(self) -> float | None:
        return self._listener.last_input()

    def alive(self) -> bool:
        if not self._is_checked:
            self._check()
        return self._listener.alive() and not self._is_blind()

    def problem(self) -> SourceUnavailableError | None:
        """Return why it is not alive any more."""
        if self._is_blind():
            return SourceUnavailableError(
                self.name, mark("The display counts input, and the listener has not heard any of it in three minutes.")
            )
        return self._listener.problem()

    def close(self) -> None:
        self._listener.close()
        self._counter.close()
        self._is_counting = self._is_looked_at = False

    def _is_blind(self) -> bool:
        return self._unheard >= BLIND_LOOKS

    def _check(self) -> None:
        heard, self._heard = self._heard, self._listener.last_input()
        has_heard = self._heard != heard
        if has_heard and not self._always:
            self._is_checked = True
            self._counter.close()
        elif not self._is_looked_at:
            self._is_looked_at = True  # the first look shall not be late
        elif not self._is_counting:
            self._begin_to_count()
        elif self._counter.alive():
            counted = self._counter.last_input()
            is_new = self._counted is not None and counted is not None and counted - self._counted > _NEW_SECONDS
            self._unheard = self._unheard + 1 if is_new and not has_heard else 0
            self._counted = counted

    def _begin_to_count(self) -> None:
        try:
            self._counter.start()
        except SourceUnavailableError:
            self._is_checked = True  # there is nobody to ask
            return
        self._is_counting, self._counted = True, self._counter.last_input()
