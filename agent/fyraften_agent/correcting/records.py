"""How records are opened to be changed, and the rule that nothing is written without consent to recording.

Not here: SQL (``store/store.py``), what consent is (``consent/ledger.py``), opening to read (``shown/looking.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from fyraften_agent.clock import Clock
from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.errors import AgentError, InputError, NoConsentError
from fyraften_agent.paths import Paths
from fyraften_agent.processes import control
from fyraften_agent.recording.places import KINDS
from fyraften_agent.store.store import Place, PlaceChoice, Store
from fyraften_policy.languages import mark


def require_recording_consent(paths: Paths, now: int) -> None:
    """Raise :class:`NoConsentError` unless the employee agrees to recording now."""
    consent = Consents(paths).state("recording", now)
    if consent.state == "expired":
        raise NoConsentError(
            mark(
                "Nothing is recorded or kept any more, because your consent to recording has run out. "
                "To agree again, write: fyraften consent give recording"
            )
        )
    if not consent.is_given:
        raise NoConsentError(
            mark(
                "Nothing is recorded or kept, because you have not agreed to recording. "
                "To agree, write: fyraften consent give recording"
            )
        )


@contextmanager
def records_to_change(paths: Paths, clock: Clock, complain: Callable[[AgentError], None]) -> Iterator[Store]:
    """Give the store for writing, if the employee agrees to recording; afterwards the agent is told to look again.

    Args:
        complain: told where the agent could not be: what was changed is written all the same.
    """
    require_recording_consent(paths, clock.now())
    paths.prepare()
    with Store.open(paths.work) as store:
        yield store
    try:
        control.ask(paths, "changed")
    except AgentError as failure:
        complain(failure)


def place_meant(text: str, places: Sequence[Place]) -> PlaceChoice:
    """Return the place that a number, a label or a kind (``home``) stands for.

    Raises:
        InputError: it stands for none, or for several.
    """
    by_number = [place for place in places if str(place.id) == text]
    found = by_number or [place for place in places if (place.label or "").casefold() == text.casefold()]
    if len(found) == 1:
        return found[0].id
    if found:
        raise InputError(
            mark("Several places are called {label}. Give the number: {numbers}."),
            label=text,
            numbers=", ".join(str(place.id) for place in found),
        )
    if text in KINDS:
        return text
    raise InputError(
        mark("There is no place {place}. Give the number or label of one (fyraften place), or one of: {kinds}."),
        place=text,
        kinds=", ".join(KINDS),
    )
