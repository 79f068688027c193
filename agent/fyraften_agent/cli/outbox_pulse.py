"""``fyraften outbox prepare pulse``: the report of the month that is over, as the running agent makes it by itself.

Not here: what it says (``sending/pulse_reports.py``), and how it is shown and approved (``cli/outbox.py``).
"""

from __future__ import annotations

import argparse

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.outbox import ledger_file, show_prepared
from fyraften_agent.cli.records import consent_to
from fyraften_agent.cli.selfcheck import told
from fyraften_agent.errors import InputError
from fyraften_agent.facts import jurisdiction_in
from fyraften_agent.sending.enrolment import Enrolments
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.pulse_reports import prepare_months
from fyraften_agent.shown.looking import records


def prepare_pulse(arguments: argparse.Namespace, context: Context) -> int:
    """Make the report of what was answered about the month that is over."""
    now, zone, consent = context.clock.now(), context.clock.zone(), consent_to("pulse", context)
    if not consent.is_given:
        raise InputError(context._("You have not agreed to it: fyraften consent give pulse --server … --code …"))
    answers, _values = told(context)
    with records(context.paths) as store:
        law = jurisdiction_in(store.agreement() if store is not None else None, zone)
    with ledger_file(context) as file:
        items = prepare_months(Outbox(file), Enrolments(file), consent, answers, law, now, zone)
    nothing = context._("No month is over that was not prepared yet, or you answered nothing about it.")
    return show_prepared(items, arguments, context, nothing)
