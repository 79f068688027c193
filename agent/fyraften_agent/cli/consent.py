"""``fyraften consent``: what you agreed to, everything that happened since, and taking it back.

Taking a consent back needs no word, no reason and no network. Not here: giving one (``consent_giving.py``).
"""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import columns, section
from fyraften_agent.consent.keys import LEDGER_KEY, Keys, kept_words
from fyraften_agent.consent.ledger import PURPOSES, ConsentState, Event
from fyraften_agent.consent.ledger_file import open_to_read
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.errors import AgentError, AlreadyRunningError, StoreError
from fyraften_agent.files.spare_room import give_up_spare_room
from fyraften_agent.processes import control
from fyraften_agent.sandbox.state import ABOUT as SANDBOX
from fyraften_agent.sending.by_itself import CHOICE, CHOICE_WORDS
from fyraften_agent.sending.enrolment import ENROLLED, LEAVING, STARTED, Enrolment, Enrolments, Withdrawal, withdraw
from fyraften_agent.sending.problem_words import problem_words
from fyraften_agent.sending.receipts import fingerprint
from fyraften_agent.shown.wording import CONSENTS, date_and_time, word
from fyraften_agent.shown.wording import PURPOSES as PURPOSE_WORDS
from fyraften_agent.verify_ledger import verify
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import format_instant

_EVENTS = {
    "notice_shown": mark("you were shown the text"),
    "given": mark("you agreed"),
    "refused": mark("you declined"),
    "withdrawn": mark("you took your consent back"),
    "expired": mark("your consent ran out"),
    "policy_seen": mark("the employer's rules were fetched; they go no further than you agreed to"),
    "report_sent": mark("a report was sent"),
    "receipt": mark("the service confirmed with its signature"),
    "erasure_requested": mark("the service was asked to erase what it holds"),
    "erasure_completed": mark("the service has erased what it held"),
}
# The same events where it was the service that did not take part.
_NOT_TAKEN_IN = {
    "withdrawn": mark("the service did not take you in ({problem}), so your consent ended; no report was sent"),
    "erasure_requested": mark("the service is asked to erase what it may have kept of the attempt"),
}
_RULES_REFUSED = mark("the employer's rules were fetched and not accepted: see fyraften doctor")
_NOT_ALL_ENFORCED = mark("you were told that the system's kernel does not enforce all that Fyraften asks of it")
_ALL_ENFORCED = mark("you were told that the system's kernel enforces all that Fyraften asks of it")
_NOTHING_TO_ERASE = mark("the service holds nothing: it never knew this enrolment")
_NEVER_CONFIRMED = {
    LEAVING: mark("not taken in at {organisation} ({server}); it is asked to erase what it may have kept"),
    "left": mark("not taken in at {organisation} ({server}); nothing is kept there"),
}
_ENROLMENTS = {
    STARTED: mark("asked {organisation} ({server}) to take part; not confirmed yet"),
    ENROLLED: mark("taking part at {organisation} ({server})"),
    LEAVING: mark("left {organisation} ({server}); it has not confirmed yet that it erased what it holds"),
    "left": mark("left {organisation} ({server}); everything there is erased"),
}


def add(commands: Any, _: Translate) -> None:
    """Register ``consent``."""
    consent = commands.add_parser(
        "consent",
        help=_("see, give or withdraw your consent"),
        epilog=_(
            "Examples:\n"
            "  fyraften consent show\n"
            "  fyraften consent give recording\n"
            "  fyraften consent give group --server https://fyraften.example.dk --code 7K3F-Q2WM-9D0X-TB4N\n"
            "  fyraften consent withdraw group\n"
            "  fyraften consent export consents.json"
        ),
    )
    consent.set_defaults(run="consent:show")
    steps = consent.add_subparsers(title=_("Commands"), metavar=_("command"))
    shown = steps.add_parser("show", help=_("what you agreed to, and everything that happened"))
    shown.set_defaults(run="consent:show")
    given = steps.add_parser("give", help=_("read what is asked, and agree or decline"))
    given.add_argument("purpose", choices=PURPOSES, help=_("what for"))
    given.add_argument("--server", metavar=_("ADDRESS"), help=_("the service's address (for group and duty)"))
    given.add_argument("--code", metavar=_("CODE"), help=_("the code you were given (asked for if left out)"))
    given.set_defaults(run="consent_giving:give")
    taken = steps.add_parser("withdraw", help=_("take your consent back; works without a network"))
    taken.add_argument("purpose", choices=PURPOSES, help=_("what for"))
    taken.add_argument(
        "--erase-records",
        action="store_true",
        help=_("then erase everything that was recorded on this computer, too, after asking at the keyboard"),
    )
    taken.set_defaults(run="consent:take_back")
    exported = steps.add_parser("export", help=_("write your consents into a signed file, for you and others to check"))
    exported.add_argument("file", metavar=_("FILE"), help=_("the file to write"))
    exported.add_argument("--replace", action="store_true", help=_("write over a file that is there"))
    exported.set_defaults(run="consent_export:export")
    checked = steps.add_parser("verify", help=_("check such a file; works without a network, on any computer"))
    checked.add_argument("file", metavar=_("FILE"), help=_("the file to check"))
    checked.set_defaults(run="consent_export:check_file")


def show(arguments: argparse.Namespace, context: Context) -> int:
    """Show where every purpose stands, the enrolments, and the history; every signature is checked for it."""
    events = verify(context.paths)
    consents = Consents(context.paths)
    states = {purpose: consents.state(purpose, context.clock.now()) for purpose in PURPOSES}
    enrolments = enrolments_of(context)
    document = {
        "consents": [_state_json(purpose, state, context) for purpose, state in states.items()],
        "enrolments": [_enrolment_json(one, context) for one in enrolments],
        "events": [event.as_json() for event in events],
        "keys": kept_words(Keys(context.paths.keys).kept_in(LEDGER_KEY), str),
    }
    context.show(arguments, document, _state_lines(states, enrolments, events, context))
    return ExitCode.DONE


def ask_for_recording(context: Context) -> bool:
    """Show what is recorded, ask at the terminal, record the answer, and say whether the person agreed."""
    from fyraften_agent.cli.consent_giving import ask_for_recording  # loads cryptography, needed only to agree

    return ask_for_recording(context)


def take_back(arguments: argparse.Namespace, context: Context) -> int:
    """Take a consent back at once; then try to reach the service, which may also happen later."""
    _, purpose = context._, arguments.purpose
    goes_on = _stop_recording(context) if purpose == "recording" else None
    if goes_on is not None:
        context.complain(goes_on.text(_))
    if not context.paths.ledger.exists():
        context.show(arguments, {"purpose": purpose, "state": "none"}, [_("There is nothing to take back.")])
        return ExitCode.DONE
    state, done = _written(purpose, context, goes_on=goes_on is not None)
    if done is None:
        context.show(arguments, {"purpose": purpose, "state": state.state}, [_("There is nothing to take back.")])
        return ExitCode.DONE
    if goes_on is None:
        tell_agent(context)
    lines = [_("Taken back: {purpose}.").format(purpose=word(PURPOSE_WORDS, purpose, _))]
    if purpose == "recording":
        line = _(
            "Nothing is recorded any more. What was recorded stays until you remove {file} and the files beside it "
            "whose names begin the same."
        )
        if goes_on is not None:
            line = _(
                "Whatever still records looks at your consent at least once a minute, and ends by it. To see whether "
                "it has: fyraften status. What was recorded stays until you remove {file} and the files beside it "
                "whose names begin the same."
            )
        stays = [] if arguments.erase_records else [line.format(file=context.paths.work)]
        lines += [*stays, *_what_goes_on(context)]
    else:
        lines.append(_("Reports that were not sent are erased: {count}.").format(count=done.purged))
    erased = _erase_at_service(context) if done.leaving else []
    document = {"purpose": purpose, "state": "withdrawn", "purged": done.purged, "erasures_asked": done.leaving}
    if arguments.erase_records:
        return _erase_records(arguments, document, [*lines, *erased], context)
    context.show(arguments, document, [*lines, *erased])
    return ExitCode.DONE


def _erase_records(arguments: argparse.Namespace, document: dict[str, Any], lines: list[str], context: Context) -> int:
    """Erase what was recorded here as well. What was taken back is taken back, whatever comes of that."""
    from fyraften_agent.cli.erase import erase_scope
    from fyraften_agent.store.erasing import Scope

    if not arguments.json:
        context.show(arguments, document, lines)
    scope, code = Scope(context.clock.now(), everything=True), int(ExitCode.BAD_INPUT)
    try:
        done = erase_scope(scope, context, dry_run=False, to_errors=arguments.json)
    except AgentError as failure:
        context.complain(failure.text(context._))
        done, code = None, failure.exit_code
    if done is None:
        context.complain(context._("What was recorded on this computer was not erased."))
    if arguments.json:
        context.show(arguments, {**document, "records": None if done is None else done.document}, [])
    elif done is not None:
        context.show(arguments, {}, done.lines)
    return code if done is None else done.code


def _stop_recording(context: Context) -> AgentError | None:
    """End a running agent before anything is written: a full disk or a damaged ledger must not let it go on.

    Return why it may go on all the same. What was taken back is written then, too: who records looks there.
    """
    try:
        answer = control.ask(context.paths, "withdraw")
        if answer is not None and "error" in answer:  # an agent of an older version, which knows only this
            answer = control.ask(context.paths, "stop")
    except AlreadyRunningError as failure:
        return failure
    number = None if answer is None else answer.get("collector_pid")
    if number is None:
        return None
    words = mark("Recording did not end when it was asked to. If it does not end by itself, end the process {number}.")
    return AlreadyRunningError(words, number=number)


def _written(purpose: str, context: Context, *, goes_on: bool = False) -> tuple[ConsentState, Withdrawal | None]:
    """Write the withdrawal, into the room that is kept for it where the disk is full; ``None`` where it is none."""
    try:
        return _write(purpose, context)
    except AgentError as failure:
        full = isinstance(failure, StoreError) and failure.trouble == "full"
        if full and (state := _state_now(purpose, context)) is not None and state.state == "withdrawn":
            return state, Withdrawal(0, sum(one.state == LEAVING for one in enrolments_of(context)))
        if full and give_up_spare_room(context.paths):
            return _written(purpose, context, goes_on=goes_on)
        raise _not_written(purpose, failure, context, goes_on=goes_on) from failure


def _state_now(purpose: str, context: Context) -> ConsentState | None:
    """Return what the ledger says after a failure: it may have come after the event was written."""
    try:
        return Consents(context.paths).state(purpose, context.clock.now())
    except AgentError:
        return None


def _write(purpose: str, context: Context) -> tuple[ConsentState, Withdrawal | None]:
    now = context.clock.now()
    with Ledger.open(context.paths, taking_back=True) as ledger:
        state = ledger.state(purpose, now)
        if not (state.state in ("given", "expired") or Enrolments(ledger.connection).current(purpose)):
            return state, None
        return state, withdraw(ledger, purpose, now)


def _not_written(purpose: str, failure: AgentError, context: Context, *, goes_on: bool) -> AgentError:
    """Return the failure in the words of somebody who took a consent back."""
    if purpose == "recording" and not goes_on:
        words = mark(
            "Nothing is recorded now. But that you took your consent back could not be written down: {problem} "
            "Until it is, Fyraften may record again when it is started. When that is mended, write again: "
            "fyraften consent withdraw recording"
        )
    else:
        words = mark(
            "That you took your consent back could not be written down, so it does not hold yet: {problem} "
            "When that is mended, write again: fyraften consent withdraw {purpose}"
        )
    trouble = failure.trouble if isinstance(failure, StoreError) else "damaged"
    return StoreError(words, path=context.paths.ledger, trouble=trouble, problem=failure, purpose=purpose)


def _what_goes_on(context: Context) -> list[str]:
    """Say, to somebody who no longer records, what concerns the services they take part in."""
    _ = context._
    words = {
        LEAVING: _(
            "{organisation} has not confirmed yet that it erased what it holds. It is asked again each time fyraften "
            "run is started, and by: fyraften outbox send"
        ),
        ENROLLED: _(
            "You still take part at {organisation}. What you approved is sent only when you write: fyraften outbox "
            "send. To take that back, too, write: fyraften consent withdraw {purpose}"
        ),
    }
    found = [one for one in enrolments_of(context) if one.state in words]
    return [words[one.state].format(organisation=one.organisation, purpose=one.purpose) for one in found]


def _erase_at_service(context: Context) -> list[str]:
    """Ask the services at once to erase, and say how it went; what fails is tried again later."""
    import random

    from fyraften_agent.sender import send_due  # loads the network, needed only here

    _ = context._
    try:
        send_due(context.paths, context.clock, random.SystemRandom().random)
    except AgentError as failure:
        context.complain(failure.text(context._))
    waiting = [one for one in enrolments_of(context) if one.state == LEAVING]
    if not waiting:
        return [_("The service has erased what it held, and confirmed it with its signature.")]
    return [
        _(
            "{organisation} has not confirmed yet that it erased what it holds ({problem}). Fyraften asks again while "
            "it runs and whenever it is started; to ask now, write: fyraften outbox send"
        ).format(organisation=one.organisation, problem=problem_words(one.problem, _))
        for one in waiting
    ]


def enrolments_of(context: Context) -> list[Enrolment]:
    """Return all enrolments; creates nothing."""
    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return []
    with closing(connection):
        return Enrolments(connection).all()


def tell_agent(context: Context) -> None:
    """Let a running agent look again; what was decided holds without it."""
    try:
        control.ask(context.paths, "changed")
    except AgentError as failure:
        context.complain(failure.text(context._))


def _state_lines(
    states: dict[str, ConsentState], enrolments: list[Enrolment], events: list[Event], context: Context
) -> list[str]:
    _, zone = context._, context.clock.zone()
    rows = [[word(PURPOSE_WORDS, purpose, _), _state_words(state, context)] for purpose, state in states.items()]
    taking_part = [f"  {_enrolment_words(one, _)}" for one in enrolments]
    history = [
        [date_and_time(event.at, zone), word(PURPOSE_WORDS, event.purpose, _), _event_words(event, _)]
        for event in events
    ]
    lines = [_("What you agreed to"), *columns(rows)]
    lines += section(_("Services"), taking_part, _("You take part in none."))
    lines += section(_("What happened"), columns(history), _("Nothing yet."))
    kept = kept_words(Keys(context.paths.keys).kept_in(LEDGER_KEY), _)
    told = _("Every line above is signed and was checked now.")
    if any(event.is_unsigned for event in events):
        told = _("Every line above was checked now, and is signed unless it says otherwise.")
    return [*lines, "", told, kept] if events else lines


def _state_words(state: ConsentState, context: Context) -> str:
    _, zone = context._, context.clock.zone()
    if state.is_given and state.given_at is not None and state.expires_at is not None:
        return _("agreed on {since}, runs out on {until}").format(
            since=date_and_time(state.given_at, zone)[:10], until=date_and_time(state.expires_at, zone)[:10]
        )
    return word(CONSENTS, state.state, _)


def _event_words(event: Event, _: Translate) -> str:
    """Say what happened, by whom it was decided, and if it could not be signed."""
    words = _what_happened(event, _)
    return _("{event} (not signed: the key could not be had then)").format(event=words) if event.is_unsigned else words


def _what_happened(event: Event, _: Translate) -> str:
    reason = event.details.get("reason")
    if reason is not None and event.kind in _NOT_TAKEN_IN:
        return _(_NOT_TAKEN_IN[event.kind]).format(problem=problem_words(str(reason), _))
    if event.kind == "erasure_completed" and event.details.get("receipt") is False:
        return _(_NOTHING_TO_ERASE)
    if event.details.get("about") == SANDBOX:
        return _(_NOT_ALL_ENFORCED if event.details.get("lacking") else _ALL_ENFORCED)
    if event.kind == "policy_seen" and event.details.get("accepted") is False:
        return _(_RULES_REFUSED)
    if CHOICE in event.details:
        chosen = CHOICE_WORDS[event.details[CHOICE] is True]
        return _(chosen).format(purpose=word(PURPOSE_WORDS, event.purpose, _))
    return word(_EVENTS, event.kind, _)


def _enrolment_words(one: Enrolment, _: Translate) -> str:
    words = _ENROLMENTS if one.receipt or one.erasure_receipt else {**_ENROLMENTS, **_NEVER_CONFIRMED}
    line = _(words[one.state]).format(organisation=one.organisation, server=one.server)
    return f"{line}: {problem_words(one.problem, _)}" if one.problem else line


def _state_json(purpose: str, state: ConsentState, context: Context) -> dict[str, Any]:
    zone = context.clock.zone()
    return {
        "purpose": purpose,
        "state": state.state,
        "given_at": None if state.given_at is None else format_instant(state.given_at, zone),
        "expires_at": None if state.expires_at is None else format_instant(state.expires_at, zone),
        "wire_version": state.wire_version,
    }


def _enrolment_json(one: Enrolment, context: Context) -> dict[str, Any]:
    return {
        "purpose": one.purpose,
        "state": one.state,
        "server": one.server,
        "organisation": one.organisation,
        "contact": one.contact,
        "fingerprint": fingerprint(one.service_key),
        "cell": one.cell,
        "smallest_group": one.smallest_group,
        "since": format_instant(one.started_at, context.clock.zone()),
        "problem": one.problem,
    }
