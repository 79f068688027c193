"""``fyraften sent --mirror``: what the employer's service says it holds, compared with what left this computer.

Asks over the network, on the person's word. What does not fit is told line by line; nothing is evened out.
Not here: the questions (``fyraften_agent.sending.mirror``, ``service_ledger``, ``who_looked``) and the comparison
(``mirror_compared``).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.sent import read_sent
from fyraften_agent.cli.show import bullets, section
from fyraften_agent.cli.who_looked import NAMED, views_asked, views_document, views_lines
from fyraften_agent.consent.keys import Keys
from fyraften_agent.consent.ledger import Event
from fyraften_agent.errors import ServiceError
from fyraften_agent.sending.enrolment import ENROLLED, LEAVING, Enrolment
from fyraften_agent.sending.kept_receipts import kept_receipts, named_by_service
from fyraften_agent.sending.mirror import Held, Mirror, MirrorError, ask_mirror
from fyraften_agent.sending.mirror_compared import compare
from fyraften_agent.sending.mirror_lines import Line
from fyraften_agent.sending.outbox import Item
from fyraften_agent.sending.problem_words import problem_words
from fyraften_agent.sending.service_ledger import check_with_service, contradictions
from fyraften_agent.sending.transport import HttpTransport
from fyraften_agent.sending.who_looked import Views
from fyraften_agent.shown.wording import PURPOSES, word
from fyraften_agent.verify_ledger import verify
from fyraften_policy import wire
from fyraften_policy.languages import Translate, mark


@dataclass(frozen=True)
class Answered:
    """What one service said of one enrolment, and how it compares."""

    enrolment: Enrolment
    mirror: Mirror
    lines: Sequence[Line]
    views: Views | None


def mirror(arguments: argparse.Namespace, context: Context) -> int:
    """Ask each service what it holds of this person, and compare.

    Raises:
        ServiceError: a service was not reached or did not say; or something does not fit, after it was told.
    """
    _ = context._
    items, enrolments = read_sent(context)
    events = verify(context.paths)
    asked = [one for one in enrolments.values() if one.state in (ENROLLED, LEAVING) and one.receipt is not None]
    answered = [_asked(one, items, events, context) for one in asked]
    ledgers = _ledger_lines(list(enrolments.values()), items, asked, context)
    lines = [line for each in answered for line in [*_lines(each, _), ""]]
    if answered:
        lines += [
            *section(_("The service's own ledger"), bullets(line.text(_) for line in ledgers), ""),
            "",
            _(_LIMITS),
        ]
    empty = [_("You take part nowhere from this computer, so there is nobody to ask.")]
    document = {"mirror": [_document(each) for each in answered], "ledger": [line.as_json() for line in ledgers]}
    context.show(arguments, document, lines or empty)
    wrong = [line for each in answered for line in each.lines if not line.fits] + [
        line for line in ledgers if not line.fits
    ]
    if wrong:
        raise ServiceError(
            mark(
                "What the service holds and what left here do not fit in {count} places, told above. Ask the "
                "employer's contact, or the employee representative."
            ),
            count=len(wrong),
        )
    return ExitCode.DONE


_LIMITS = mark(
    "All of this is the service's own word; compared is what can be compared. Whoever administers its database can "
    "read it without leaving a line, and copies made there are not seen here."
)


def _asked(one: Enrolment, items: Sequence[Item], events: Sequence[Event], context: Context) -> Answered:
    keys, transport = Keys(context.paths.keys), HttpTransport(one.server)
    try:
        found = ask_mirror(one, events, keys, transport, context.clock.now(), context.language)
    except MirrorError as failure:
        raise ServiceError(
            mark("{organisation} ({server}) did not say what it holds: {problem}."),
            organisation=one.organisation,
            server=one.server,
            problem=problem_words(failure.problem, context._),
        ) from failure
    views = views_asked(one, context) if one.purpose in NAMED else None
    return Answered(one, found, compare(one, items, events, found), views)


def _ledger_lines(
    enrolments: Sequence[Enrolment], items: Sequence[Item], asked: Sequence[Enrolment], context: Context
) -> list[Line]:
    """Return what the receipts of each service that was asked find in its own ledger."""
    servers = {one.service_key: one.server for one in asked}
    lines: list[Line] = []
    for key, named in named_by_service(kept_receipts(enrolments, items)).items():
        if key in servers:
            lines += contradictions(named, key)
            lines += check_with_service(named, key, HttpTransport(servers[key]), context.clock.now())
    return lines


def _lines(each: Answered, _: Translate) -> list[str]:
    one, found = each.enrolment, each.mirror
    title = _("{organisation} ({purpose}) says on {date} that it holds of you:").format(
        organisation=one.organisation, purpose=word(PURPOSES, one.purpose, _), date=found.told_on.isoformat()
    )
    lines = [title, "  " + _enrolment_line(found, _)]
    for held in found.held:
        lines += _held_lines(held, _)
    if not found.held:
        lines.append("  " + _("no report"))
    if wire.report_for(one.purpose).has_cell:
        lines.append("  " + _("When a week or month is published, nobody can find your single report any more."))
    fits, wrong = [line for line in each.lines if line.fits], [line for line in each.lines if not line.fits]
    lines += section(_("Fits"), bullets(line.text(_) for line in fits), _("Nothing to compare."))
    lines += section(_("Does not fit"), bullets(line.text(_) for line in wrong), _("Nothing: both sides agree."))
    if each.views is not None:
        lines += ["", *views_lines(one, each.views, _)]
    return lines


def _enrolment_line(found: Mirror, _: Translate) -> str:
    since = found.enrolled_on.isoformat()
    if found.name is not None:
        return _("your name, {name}, and that you take part since {date}").format(name=found.name, date=since)
    return _("that somebody takes part in the group {cell} since {date}, without a name").format(
        cell=found.cell or "-", date=since
    )


def _held_lines(held: Held, _: Translate) -> list[str]:
    line = _("{period}, {report}, revision {revision}: received on {date}, erased by {erase_by}").format(
        period=held.period,
        report=held.report,
        revision=held.revision,
        date=held.received_on.isoformat(),
        erase_by=held.erase_by.isoformat(),
    )
    answers = _("the answers are erased") if held.answers is None else wire.canonical(dict(held.answers)).decode()
    lines = [f"  {line}", f"    {answers}"]
    if held.seen is not None:
        lines.append("    " + _("Your employer's list shows: {words}").format(words=" · ".join(held.seen)))
    return lines


def _document(each: Answered) -> dict[str, Any]:
    found = each.mirror
    return {
        "purpose": found.purpose,
        "organisation": each.enrolment.organisation,
        "server": each.enrolment.server,
        "date": found.told_on.isoformat(),
        "name": found.name,
        "cell": found.cell,
        "enrolled_on": found.enrolled_on.isoformat(),
        "reports": [_held_document(held) for held in found.held],
        "compared": [line.as_json() for line in each.lines],
        "who_looked": None if each.views is None else views_document(each.enrolment, each.views),
    }


def _held_document(held: Held) -> dict[str, Any]:
    return {
        "report": held.report,
        "period": held.period,
        "revision": held.revision,
        "sha256": held.sha256,
        "received_on": held.received_on.isoformat(),
        "erase_by": held.erase_by.isoformat(),
        "answers": None if held.answers is None else dict(held.answers),
        "receipt": dict(held.receipt),
        "seen": None if held.seen is None else list(held.seen),
    }
