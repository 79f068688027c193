"""How commands reach the employee's records to change them, and ask whether they may.

Not here: the rule that nothing is written without consent to recording (``correcting/records.py``), SQL
(``store/store.py``), what consent is (``consent/ledger.py``).
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from fyraften_agent.cli.context import Context
from fyraften_agent.consent.ledger import ConsentState
from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.correcting import records
from fyraften_agent.store.store import Store


def consent_to(purpose: str, context: Context) -> ConsentState:
    """Return where the consent to ``purpose`` stands now."""
    return Consents(context.paths).state(purpose, context.clock.now())


def require_recording_consent(context: Context) -> None:
    """Raise :class:`NoConsentError` unless the employee agrees to recording now."""
    records.require_recording_consent(context.paths, context.clock.now())


def records_to_change(context: Context) -> AbstractContextManager[Store]:
    """Give the store for writing, if the employee agrees to recording; afterwards the agent is told to look again.

    That it could not be told is complained of: who reads it does so again.
    """
    return records.records_to_change(
        context.paths, context.clock, lambda failure: context.complain(failure.text(context._))
    )
