"""``fyraften status``: does it record, since when, where, what was agreed to, and what waits to be sent."""

from __future__ import annotations

import argparse
from collections import Counter
from contextlib import closing
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import columns, section
from fyraften_agent.consent.ledger import PURPOSES, ConsentState
from fyraften_agent.consent.ledger_file import open_to_read
from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.errors import AgentError, StoreError
from fyraften_agent.mending.words import mending_sentences
from fyraften_agent.recording.state import (
    PAUSED,
    RecordingState,
    look_at_recording,
    recording_sentence,
    trouble_sentence,
)
from fyraften_agent.sandbox.words import NOT_ENFORCED
from fyraften_agent.sending.outbox import APPROVED, HELD, REFUSED, SENT, Outbox
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.source_kinds import source_kind
from fyraften_agent.shown.wording import CONSENTS, place_name, word
from fyraften_agent.shown.wording import PURPOSES as PURPOSE_WORDS
from fyraften_agent.store.mendings import mendings
from fyraften_agent.store.store import Place
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import format_instant, local_date

_WAITING = {
    HELD: mark("held, for you to look at: fyraften outbox show"),
    APPROVED: mark("approved, to be sent"),
    SENT: mark("sent, waiting for a receipt"),
    REFUSED: mark("refused by the service: fyraften outbox show"),
}


def add(commands: Any, _: Translate) -> None:
    """Register ``status``."""
    status = commands.add_parser(
        "status",
        help=_("does it record, what was agreed to, what waits to be sent"),
        epilog=_("Example: fyraften status"),
    )
    status.set_defaults(run="status:status")


def status(arguments: argparse.Namespace, context: Context) -> int:
    """Show the state of everything in a few lines."""
    now = context.clock.now()
    state = look_at_recording(context.paths, context.clock)
    consents = Consents(context.paths)
    agreed = {purpose: consents.state(purpose, now) for purpose in PURPOSES}
    place, damage = _look_at_records(context)
    waiting = _waiting(context)
    trouble = _key_trouble(context) if any(waiting.values()) else None
    document = {
        **_state_json(state, context),
        "damage": damage,
        "place": None if place is None else {"number": place.id, "kind": place.kind, "label": place.label},
        "consents": {purpose: _consent_json(consent, context) for purpose, consent in agreed.items()},
        "outbox": waiting,
        "key_trouble": None if trouble is None else trouble.text(context._),
    }
    lines = [*_lines(state, place, agreed, waiting, context), *damage]
    context.show(arguments, document, [*lines, *([] if trouble is None else [trouble.text(context._)])])
    return ExitCode.DONE


def _lines(
    state: RecordingState,
    place: Place | None,
    agreed: dict[str, ConsentState],
    waiting: dict[str, int],
    context: Context,
) -> list[str]:
    _, zone = context._, context.clock.zone()
    lines = [recording_sentence(state, zone, context.clock.now(), _)]
    if (trouble := trouble_sentence(state, _)) is not None:
        lines.append(trouble)
    if agreed["recording"].state == "expired":
        lines.append(_("Your consent to recording has run out. To agree again: fyraften consent give recording"))
    elif not agreed["recording"].is_given:
        lines.append(_("You have not agreed to recording. To agree, write: fyraften consent give recording"))
    if state.source is not None:
        lines.append(_("Source of input: {source}").format(source=f"{state.source} ({source_kind(state.source, _)})"))
        lines += [_("  not used, {reason}").format(reason=reason) for reason in state.refused]
    if state.lacking:
        lines.append(_(NOT_ENFORCED))
    lines.append(_("Place: {place}").format(place=place_name(place, _) if place else _("not known")))
    rows = [[word(PURPOSE_WORDS, purpose, _), _consent_words(each, zone, _)] for purpose, each in agreed.items()]
    lines += section(_("What you agreed to"), columns(rows), "")
    waits = [[str(count), _(_WAITING[name])] for name, count in waiting.items() if count]
    return lines + section(_("Outbox"), columns(waits), _("Nothing waits to be sent."))


def _state_json(state: RecordingState, context: Context) -> dict[str, Any]:
    zone = context.clock.zone()
    return {
        "state": state.state,
        "since": None if state.since is None else format_instant(state.since, zone),
        "until": None if state.until is None else format_instant(state.until, zone),
        "pause_set": state.pause_is_set or state.state == PAUSED,
        "paused_for": state.paused_for,
        "source": {"name": state.source, "state": state.source_state, "refused": list(state.refused)},
        "reason": state.reason,
        "trouble": state.trouble,
        "sandbox": dict(state.sandbox),
    }


def _consent_json(consent: ConsentState, context: Context) -> dict[str, Any]:
    zone = context.clock.zone()
    return {
        "state": consent.state,
        "given_at": None if consent.given_at is None else format_instant(consent.given_at, zone),
        "expires_at": None if consent.expires_at is None else format_instant(consent.expires_at, zone),
    }


def _consent_words(consent: ConsentState, zone: str, _: Translate) -> str:
    if consent.is_given and consent.given_at is not None and consent.expires_at is not None:
        since, until = local_date(consent.given_at, zone), local_date(consent.expires_at, zone)
        return _("agreed on {since}, runs out on {until}").format(since=since, until=until)
    return word(CONSENTS, consent.state, _)


def _look_at_records(context: Context) -> tuple[Place | None, list[str]]:
    """Return the place of the network here, and what is to be said of damage to the records."""
    _, zone = context._, context.clock.zone()
    try:
        with records(context.paths) as store:
            if store is None:
                return None, []
            network = store.current_fingerprint()
            place = None if network is None else store.place_for(network)
            latest = mendings(store.file)[-1:]
    except StoreError as failure:
        if failure.trouble != "damaged":
            raise
        return None, [failure.text(_)]
    return place, [line for one in latest for line in mending_sentences(one, context.paths.folder, zone, _)]


def _key_trouble(context: Context) -> AgentError | None:
    """Return why nothing can be sent though something waits: the keyring that has the key is gone or locked."""
    if not (context.paths.keys / "ledger.kept").exists():  # a key in a file needs no looking for
        return None
    from fyraften_agent.consent.keys import LEDGER_KEY, KeyFileError, Keys  # loads cryptography

    try:
        Keys(context.paths.keys).load(LEDGER_KEY)
    except KeyFileError as failure:
        return failure
    return None


def _waiting(context: Context) -> dict[str, int]:
    """Return how many reports are in each state in which somebody waits for something."""
    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return dict.fromkeys(_WAITING, 0)
    with closing(connection):
        counted = Counter(item.state for item in Outbox(connection).items(*_WAITING))
    return {name: counted[name] for name in _WAITING}
