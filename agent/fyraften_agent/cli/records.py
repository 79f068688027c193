"""How commands reach the employee's records, and the rule that none writes any without consent to recording.

Opening to read creates nothing: where nothing was ever recorded there is no file, and the command shows its empty
state. Not here: SQL (``store/store.py``), what consent is (``consent/ledger.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fyraften_agent.cli.context import Context
from fyraften_agent.consent.ledger import ConsentState
from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.errors import AgentError, InputError, NoConsentError
from fyraften_agent.processes import control
from fyraften_agent.recording.places import KINDS
from fyraften_agent.store.store import Place, PlaceChoice, Store


def consent_to(purpose: str, context: Context) -> ConsentState:
    """Return where the consent to ``purpose`` stands now."""
    return Consents(context.paths).state(purpose, context.clock.now())


def require_recording_consent(context: Context) -> None:
    """Raise :class:`NoConsentError` unless the employee agrees to recording now."""
    consent = consent_to("recording", context)
    if consent.state == "expired":
        raise NoConsentError(
            context._(
                "Nothing is recorded or kept any more, because your consent to recording has run out. "
                "To agree again, write: fyraften consent give recording"
            )
        )
    if not consent.is_given:
        raise NoConsentError(
            context._(
                "Nothing is recorded or kept, because you have not agreed to recording. "
                "To agree, write: fyraften consent give recording"
            )
        )


@contextmanager
def records_to_change(context: Context) -> Iterator[Store]:
    """Give the store for writing, if the employee agrees to recording; afterwards the agent is told to look again."""
    require_recording_consent(context)
    context.paths.prepare()
    with Store.open(context.paths.work) as store:
        yield store
    try:
        control.ask(context.paths, "changed")
    except AgentError as failure:  # it is written: who is told that it was not does it again
        context.complain(failure.text(context._))


def place_meant(text: str, places: list[Place], context: Context) -> PlaceChoice:
    """Return the place that a number, a label or a kind (``home``) stands for.

    Raises:
        InputError: it stands for none, or for several.
    """
    _ = context._
    by_number = [place for place in places if str(place.id) == text]
    found = by_number or [place for place in places if (place.label or "").casefold() == text.casefold()]
    if len(found) == 1:
        return found[0].id
    if found:
        numbers = ", ".join(str(place.id) for place in found)
        raise InputError(
            _("Several places are called {label}. Give the number: {numbers}.").format(label=text, numbers=numbers)
        )
    if text in KINDS:
        return text
    kinds = ", ".join(KINDS)
    raise InputError(
        _("There is no place {place}. Give the number or label of one (fyraften place), or one of: {kinds}.").format(
            place=text, kinds=kinds
        )
    )
