"""``fyraften consent give``: the text, the question, the answer, and enrolling at the service.

A consent is given by a person at a terminal who reads the text and types a word that was not known before. There is no
option, variable or file that gives one. What is agreed to is in the ledger before anything is sent.
Not here: the texts (``consent/texts.py``), the events (``consent/ledger.py``) and the requests (``sender.py``).
"""

from __future__ import annotations

import argparse
import random
import secrets
import textwrap
from collections.abc import Sequence
from typing import Any

from fyraften_agent.cli.consent import enrolments_of, tell_agent
from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import width
from fyraften_agent.cli.typed_word import types_the_word
from fyraften_agent.consent.keys import LEDGER_KEY, Keys, kept_words
from fyraften_agent.consent.ledger import LedgerError
from fyraften_agent.consent.ledger_file import transaction
from fyraften_agent.consent.ledger_set_aside import set_ledger_aside
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.consent.texts import Kept, recording_text, sending_text
from fyraften_agent.errors import InputError, NoConsentError, ServiceError, StoreError
from fyraften_agent.files.spare_room import keep_spare_room
from fyraften_agent.sender import Sender
from fyraften_agent.sending.employer_policy import terms_shown
from fyraften_agent.sending.enrolment import (
    ENROLLED,
    STARTED,
    Enrolment,
    Enrolments,
    Service,
    agreed_service,
    new_subject,
    read_service,
)
from fyraften_agent.sending.problem_words import problem_words
from fyraften_agent.sending.receipts import fingerprint
from fyraften_agent.sending.transport import HttpTransport, check_address
from fyraften_agent.verify_ledger import verify
from fyraften_policy import wire

# Short words out of nature that are read alike in every language Fyraften speaks.
_WORDS = (
    "birk", "bro", "busk", "dis", "eng", "fjeld", "fjord", "fugl", "granit", "hassel", "havn", "hest", "hjort",
    "humle", "hvede", "klint", "kilde", "kyst", "lerke", "linde", "lyng", "myrte", "nord", "ravn", "regn", "rose",
    "rug", "sand", "sild", "skov", "sky", "sne", "sol", "sommer", "spurv", "sten", "stork", "strand", "svale",
    "syren", "tang", "tidevand", "torsk", "tulipan", "vand", "vig", "vinter", "vind",
)  # fmt: skip


def give(arguments: argparse.Namespace, context: Context) -> int:
    """Show what is asked and let the person decide."""
    _require_terminal(context, arguments.purpose)
    if arguments.purpose == "recording":
        if arguments.server or arguments.code:
            raise InputError(context._("Recording stays on this computer: it takes no address and no code."))
        return ExitCode.DONE if ask_for_recording(context) else ExitCode.NO_CONSENT
    return _give_sending(arguments, context)


def ask_for_recording(context: Context) -> bool:
    """Show what is recorded, ask at the terminal, record the answer, and say whether the person agreed."""
    from fyraften_agent.store.keeping import KEPT_DAYS, KEPT_MONTHS

    _require_terminal(context, "recording")
    if not _is_to_be_trusted(context):
        return False
    text = recording_text(Kept(str(context.paths.work), KEPT_MONTHS, KEPT_DAYS), context._)
    if not _asked(text, "recording", {}, context):
        return False
    context.print(context._("You agreed. It is recorded when Fyraften runs: fyraften run"))
    tell_agent(context)
    return True


def _is_to_be_trusted(context: Context) -> bool:
    """Return whether there is a ledger to write to; one that is damaged is set aside if the person says so."""
    _ = context._
    try:
        verify(context.paths)
        return True
    except (LedgerError, StoreError) as problem:
        if isinstance(problem, StoreError) and problem.trouble != "damaged":
            raise
        context.print(problem.text(_))
    context.print()
    context.print(
        _(
            "It can be set aside, and you are asked anew. Nothing of it counts any more, neither a consent nor a "
            "refusal. If you sent reports to your employer, the file that is kept is what shows it; ask there to have "
            "them erased."
        )
    )
    sentence = _("To set the ledger aside, type the word {word} and press Enter. Anything else stops.")
    if not types_the_word(sentence, context, context.out):
        context.complain(_("Nothing was changed."))
        return False
    kept = set_ledger_aside(context.paths, context.clock.now())
    context.print(_("The damaged ledger is kept as {file}.").format(file=kept))
    context.print()
    return True


def _give_sending(arguments: argparse.Namespace, context: Context) -> int:
    _, purpose = context._, arguments.purpose
    _refuse_where_not_ready(purpose, context)
    current = _current(purpose, context)
    if current is not None and current.state == STARTED and not arguments.server:
        return _finish(current.subject, context)
    if current is not None and arguments.server and check_address(arguments.server) != current.server:
        raise InputError(
            _("You take part at {server}. To change, take that back first: fyraften consent withdraw {purpose}").format(
                server=current.server, purpose=purpose
            )
        )
    if current is None and not arguments.server:
        raise InputError(_("Give the service's address: --server https://…, and the code you were given: --code …"))
    server = check_address(arguments.server or (current.server if current else ""))
    service = _ask_service(server, purpose, context)
    if current is not None and current.service_key != service.public_key:
        raise ServiceError(
            _("The service at {server} has another key than the one you agreed to ({fingerprint}). Ask why.").format(
                server=server, fingerprint=fingerprint(current.service_key)
            )
        )
    text = sending_text(purpose, service, server, context.language, _)
    about = {**agreed_service(server, service.public_key), "organisation": service.organisation}
    details = {**about, **terms_shown(service)}
    if current is not None:
        agreed = _asked(text, purpose, details, context)
        if agreed:
            context.print(_("You agreed for another 12 months."))
        return ExitCode.DONE if agreed else ExitCode.NO_CONSENT
    code = arguments.code or _read_line(_("The code you were given:"), context)
    if not code or len(code) > 64 or not code.isprintable():
        raise InputError(_("That is no code. Ask for one, and give it with --code."))
    return _agree_and_enrol(text, purpose, server, service, code, details, context)


def _agree_and_enrol(
    text: Sequence[str],
    purpose: str,
    server: str,
    service: Service,
    code: str,
    details: dict[str, Any],
    context: Context,
) -> int:
    if not _asked(text, purpose, details, context):
        return ExitCode.NO_CONSENT
    subject = new_subject(secrets.token_bytes(16))
    Keys(context.paths.keys).create(subject)
    with Ledger.open(context.paths) as ledger, transaction(ledger.connection):
        Enrolments(ledger.connection).start(purpose, server, service, subject, code, context.clock.now())
    return _finish(subject, context)


def _finish(subject: str, context: Context) -> int:
    """Ask the service to enrol, and say how it went."""
    _ = context._
    verify(context.paths)
    with Ledger.open(context.paths) as ledger:
        enrolments = Enrolments(ledger.connection)
        enrolment = enrolments.of_subject(subject)
        if enrolment is None:
            raise InputError(_("There is no such enrolment."))
        sender = Sender(ledger, Keys(context.paths.keys), HttpTransport, context.clock, random.SystemRandom().random)
        outcome = sender.enrol(enrolment)
        after = enrolments.of_subject(subject) or enrolment
    tell_agent(context)
    if outcome == "receipted":
        return _say_enrolled(after, context)
    if outcome == "refused":
        raise ServiceError(
            _("{organisation} did not take you in: {problem}. Your consent is taken back; nothing was sent.").format(
                organisation=after.organisation, problem=problem_words(after.problem, _)
            )
        )
    context.print(
        _(
            "You agreed, but {organisation} has not confirmed yet ({problem}). Fyraften tries again by itself while it "
            "runs; nothing else is sent before. To try now, write: fyraften outbox send"
        ).format(organisation=after.organisation, problem=problem_words(after.problem, _))
    )
    return ExitCode.SERVICE_FAILED


def _say_enrolled(enrolment: Enrolment, context: Context) -> int:
    _ = context._
    if enrolment.cell is not None:
        by_week = wire.report_for(enrolment.purpose).period == "week"
        text = (
            _("You take part in the group {cell}. The first report is about the next whole week.")
            if by_week
            else _("You take part in the group {cell}. The first report is about the next whole month.")
        )
        context.print(text.format(cell=enrolment.cell))
    elif enrolment.purpose == "record":
        context.print(_("You can now file your working time: fyraften record"))
    else:
        context.print(_("Your employer can now receive what you choose to tell: fyraften outbox prepare duty"))
    context.print(_("Nothing is sent before you have seen and approved it."))
    return ExitCode.DONE


def _ask_service(server: str, purpose: str, context: Context) -> Service:
    answer = HttpTransport(server).ask("GET", "/v1/service", None, None, context.clock.now())
    if answer.status != 200 or answer.media_type != "application/json":
        raise ServiceError(
            context._("{server} answered, but not as a Fyraften service does (status {status}).").format(
                server=server, status=answer.status
            )
        )
    service = read_service(answer.body)
    if purpose not in service.purposes:
        raise ServiceError(
            context._("{organisation} does not receive reports of this purpose.").format(
                organisation=service.organisation
            )
        )
    return service


def _refuse_where_not_ready(purpose: str, context: Context) -> None:
    """A purpose can be off under a law: in Norway the employer's server may not be able to read single group reports,
    and reports that it cannot read are not built yet."""
    from fyraften_agent.facts import jurisdiction_in
    from fyraften_agent.shown.looking import records

    with records(context.paths) as store:
        law = jurisdiction_in(store.agreement() if store is not None else None, context.clock.zone())
    if law in wire.report_for(purpose).off_in:
        raise InputError(
            context._(
                "Group figures are not available in Norway yet: they need reports that the employer's server "
                "cannot read."
            )
        )


def _require_terminal(context: Context, purpose: str) -> None:
    if not context.at_a_terminal():
        raise NoConsentError(
            context._(
                "Consent is given by a person who reads the text: this is no terminal, so nothing was agreed. "
                "Open a terminal and write: fyraften consent give {purpose}"
            ).format(purpose=purpose)
        )


def _asked(text: Sequence[str], purpose: str, details: dict[str, Any], context: Context) -> bool:
    """Show the text, ask for the word, record the answer, and say whether it was yes.

    Declining is recorded only where there is a ledger: who never agreed to anything leaves no trace.
    """
    _, keys = context._, Keys(context.paths.keys)
    if not keys.exists(LEDGER_KEY):
        keys.check_keyring()  # a locked one is told of before anybody has read and typed
    for paragraph in text:
        for line in _folded(paragraph):
            context.print(line)
        context.print()
    asked_for = secrets.choice(_WORDS)
    context.print(_("To agree, type the word {word} and press Enter. Anything else declines.").format(word=asked_for))
    answer = _read_line(">", context)
    now, words = context.clock.now(), "\n".join(text)
    if answer.casefold() == asked_for:
        with Ledger.open(context.paths) as ledger:
            ledger.give(purpose, now, words, context.language, wire.VERSION, details)
        keep_spare_room(context.paths)
        context.print(kept_words(keys.kept_in(LEDGER_KEY), _))
        return True
    if context.paths.ledger.exists():
        with Ledger.open(context.paths) as ledger:
            # Declining to renew takes nothing back: the consent that is there lasts until it runs out or is withdrawn.
            if not ledger.state(purpose, now).is_given:
                ledger.refuse(purpose, now, words, context.language, wire.VERSION, details)
    context.print(_("You did not agree. Nothing was started, and nobody is told."))
    return False


def _read_line(prompt: str, context: Context) -> str:
    print(prompt, end=" ", file=context.out, flush=True)
    return context.keyboard.readline().strip()


def _folded(paragraph: str) -> list[str]:
    indent = "    " if paragraph.startswith("  ") else ""
    return textwrap.wrap(paragraph, width(), subsequent_indent=indent, break_on_hyphens=False) or [""]


def _current(purpose: str, context: Context) -> Enrolment | None:
    return next(
        (one for one in enrolments_of(context) if one.purpose == purpose and one.state in (STARTED, ENROLLED)), None
    )
