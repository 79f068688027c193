"""``fyraften sent --who-looked``: which accounts at the employer opened the list on which this person stands.

Asks over the network, on the person's word, and prints what the service says as the service's word.
Not here: the request and what an answer may be (``fyraften_agent/who_looked.py``).
"""

from __future__ import annotations

import argparse
from typing import Any

from fyraften_agent.cli.consent import enrolments_of
from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.consent.keys import Keys
from fyraften_agent.errors import ServiceError
from fyraften_agent.sending.enrolment import ENROLLED, Enrolment
from fyraften_agent.sending.problem_words import problem_words
from fyraften_agent.sending.transport import HttpTransport
from fyraften_agent.sending.who_looked import Views, ViewsError, ask_who_looked
from fyraften_agent.verify_ledger import verify
from fyraften_policy.languages import Translate, mark

NAMED = ("duty", "record")
"""The purposes whose reports are shown to named people, under the person's name."""


def who_looked(arguments: argparse.Namespace, context: Context) -> int:
    """Ask each service that knows this person by name, and print its word.

    Raises:
        ServiceError: a service was not reached, or did not say.
    """
    _ = context._
    lines: list[str] = []
    documents = []
    for enrolment in enrolments_of(context):
        if enrolment.purpose in NAMED and enrolment.state == ENROLLED:
            found = views_asked(enrolment, context)
            lines += views_lines(enrolment, found, _)
            documents.append(views_document(enrolment, found))
    empty = [_("No employer receives reports under your name from this computer, so there is nobody to ask.")]
    context.show(arguments, {"who_looked": documents}, lines or empty)
    return ExitCode.DONE


def views_asked(enrolment: Enrolment, context: Context) -> Views:
    """Ask one service; raises :class:`ServiceError` where it does not say."""
    events, keys = verify(context.paths), Keys(context.paths.keys)
    try:
        return ask_who_looked(enrolment, events, keys, HttpTransport(enrolment.server), context.clock.now())
    except ViewsError as failure:
        raise ServiceError(
            mark("{organisation} ({server}) did not say who looked: {problem}."),
            organisation=enrolment.organisation,
            server=enrolment.server,
            problem=problem_words(failure.problem, context._),
        ) from failure


def views_lines(enrolment: Enrolment, found: Views, _: Translate) -> list[str]:
    """Return the lines that tell what a service said."""
    if not found.views:
        line = _("{organisation} says that nobody opened the list while your report stood on it.")
        if enrolment.purpose == "record":
            line = _("{organisation} says that nobody opened the record of a week that you filed.")
        return [line.format(organisation=enrolment.organisation)]
    line = _("{organisation} says that these accounts opened the list on days when your report stood on it:")
    if enrolment.purpose == "record":
        line = _("{organisation} says that these accounts opened the record of weeks that you had filed:")
    lines = [line.format(organisation=enrolment.organisation)]
    lines += [f"  {view.date.isoformat()}  {view.account}" for view in found.views]
    if found.is_cut:
        lines.append(_("Earlier ones are left out: there are too many for one answer."))
    lines.append(
        _(
            "This is the service's own word, and cannot be checked here. Whoever administers its database can read it "
            "without a line in this list."
        )
    )
    return lines


def views_document(enrolment: Enrolment, found: Views) -> dict[str, Any]:
    """Return the same for JSON."""
    return {
        "purpose": enrolment.purpose,
        "organisation": enrolment.organisation,
        "server": enrolment.server,
        "views": [{"date": view.date.isoformat(), "account": view.account} for view in found.views],
        "earlier_left_out": found.is_cut,
    }
