"""``fyraften consent export`` and ``consent verify``: consents as a signed file that can be checked anywhere.

The file holds the records in the terms of ISO/IEC TS 27560 and the whole chain as their proof. Both work without a
network. Not here: what is in the file (``consent/records.py``), what is checked (``consent/proof.py``).
"""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from pathlib import Path
from typing import Any

from fyraften_agent.cli.consent import enrolments_of
from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import columns
from fyraften_agent.consent.keys import LEDGER_KEY, KeyFileError, Keys, signature_fits
from fyraften_agent.consent.ledger import PURPOSES, consent_state
from fyraften_agent.consent.ledger_file import open_to_read, storage_errors
from fyraften_agent.consent.proof import Proof, check, sign
from fyraften_agent.consent.records import Given, receipt
from fyraften_agent.errors import InputError
from fyraften_agent.files.written_file import write_whole
from fyraften_agent.sending.receipts import fingerprint
from fyraften_agent.shown.wording import CONSENTS, date_and_time, word
from fyraften_agent.shown.wording import PURPOSES as PURPOSE_WORDS
from fyraften_agent.verify_ledger import verify
from fyraften_policy.languages import LANGUAGES
from fyraften_policy.sentences import reason_of

_LARGEST_BYTES = 50_000_000


def export(arguments: argparse.Namespace, context: Context) -> int:
    """Write the records and their proof into a file that only the person can read."""
    _, path = context._, Path(arguments.file)
    events = verify(context.paths)
    if not events:
        raise InputError(_("There is nothing to export: you were never asked for a consent."))
    keys = Keys(context.paths.keys)
    language = context.language if context.language in LANGUAGES else "en"
    given = Given(events, _texts(context), enrolments_of(context), keys.public(LEDGER_KEY))
    document = receipt(given, context.clock.now(), language, _)
    lines = [_("Written: {file}. Consents in it: {count}.").format(file=path, count=len(document["records"]))]
    try:
        document = sign(document, keys.load(LEDGER_KEY).sign)
    except KeyFileError as failure:
        context.complain(failure.text(_))
        lines.append(_("The file as a whole is not signed; each event in it is."))
    content = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    write_whole(path, content.encode(), may_replace=arguments.replace, own=context.paths.folder)
    lines += [
        _("It is not encrypted: whoever has the file can read it."),
        _("To check it, here or elsewhere: fyraften consent verify {file}").format(file=path),
    ]
    context.show(arguments, {"file": str(path), "records": len(document["records"])}, lines)
    return ExitCode.DONE


def check_file(arguments: argparse.Namespace, context: Context) -> int:
    """Check an exported file, and say what it shows."""
    _ = context._
    proof = check(_document(Path(arguments.file), context), signature_fits)
    states = {purpose: consent_state(proof.events, purpose, context.clock.now()) for purpose in PURPOSES}
    rows = [[word(PURPOSE_WORDS, purpose, _), word(CONSENTS, one.state, _)] for purpose, one in states.items()]
    last, unsigned = proof.events[-1], sum(event.is_unsigned for event in proof.events)
    sound = _("Sound: each event is signed, and none is missing up to {time}. Events: {count}.")
    if unsigned:
        sound = _(
            "Sound: no event is missing up to {time}. Events: {count}. Not signed, as they only take back: {unsigned}."
        )
    time = date_and_time(last.at, context.clock.zone())
    lines = [
        sound.format(count=len(proof.events), time=time, unsigned=unsigned),
        _("Fingerprint of the ledger's key: {fingerprint}").format(fingerprint=fingerprint(proof.public_key)),
        _("The file as a whole is signed with it, too.")
        if proof.is_signed
        else _("The file as a whole is not signed; each event in it is."),
        _("Whether anything happened later, this file cannot show."),
        *columns(rows),
        *_beside_own(proof, context),
    ]
    document: dict[str, Any] = {
        "events": len(proof.events),
        "head": last.hash,
        "fingerprint": fingerprint(proof.public_key),
        "signed": proof.is_signed,
        "consents": {purpose: one.state for purpose, one in states.items()},
    }
    context.show(arguments, document, lines)
    return ExitCode.DONE


def _beside_own(proof: Proof, context: Context) -> list[str]:
    """Compare with the ledger of this computer, if it is the one the file came from."""
    keys = Keys(context.paths.keys)
    if not keys.exists(LEDGER_KEY) or keys.public(LEDGER_KEY) != proof.public_key:
        return []
    own = verify(context.paths)
    if [event.hash for event in own[: len(proof.events)]] != [event.hash for event in proof.events]:
        return [context._("It is of this computer's ledger, and shows something else than that.")]
    text = context._("It is of this computer's ledger. Events there that are not in the file: {count}.")
    return [text.format(count=len(own) - len(proof.events))]


def _texts(context: Context) -> dict[str, str]:
    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return {}
    with closing(connection), storage_errors():
        return dict(connection.execute("SELECT sha256, text FROM texts").fetchall())


def _document(path: Path, context: Context) -> object:
    try:
        with path.open("rb") as file:
            return json.loads(file.read(_LARGEST_BYTES))
    except OSError as failure:
        words = context._("The file {path} cannot be read: {reason}.")
        raise InputError(words.format(path=path, reason=reason_of(failure).text(context._))) from None
    except (ValueError, RecursionError):
        raise InputError(context._("The file {path} is no export of consents.").format(path=path)) from None
