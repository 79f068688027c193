"""``python -m fyraften_agent.verify_ledger``: checks every signature of the consent ledger, and ends.

A process of its own, so that the supervisor and the collector need not load cryptography. It answers with one line of
JSON and an exit code: 0 the ledger is sound and recording is agreed to here, 3 it is sound (or there is none) and
recording is not agreed to, 6 it cannot be trusted, or recording was agreed to elsewhere. It creates nothing.
Not here: the state of other purposes (``ledger_store.Consents``).
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from contextlib import closing
from typing import get_args

from fyraften_agent.consent.binding import ElsewhereError, binding, check_binding
from fyraften_agent.consent.ledger import (
    Event,
    LedgerError,
    check_chain,
    check_head,
    check_receipts,
    check_signatures,
    consent_state,
)
from fyraften_agent.consent.ledger_file import check_file, open_to_read, storage_errors
from fyraften_agent.consent.ledger_head import HEAD, check_kept_head, read_head
from fyraften_agent.consent.ledger_marks import KeptReceipt, check_marks, read_receipts
from fyraften_agent.consent.ledger_store import read_events
from fyraften_agent.errors import AgentError, StoreError, StoreTrouble
from fyraften_agent.paths import Paths, default_paths
from fyraften_policy.languages import choose_language, mark, translator
from fyraften_policy.sentences import Sentence, reason_of, sentence_of

_SECONDS = 30.0
_GIVEN, _NOT_GIVEN = 0, 3
_CONFIRMED = "SELECT sha256 FROM outbox WHERE state = 'receipted'"
_NOT_CHECKED = mark("The consent ledger could not be checked: {problem}.")


def verify(paths: Paths) -> list[Event]:
    """Return the events of the ledger, every one checked; raises :class:`LedgerError` at the first bad one.

    A keyring that keeps the key is asked for the end of the ledger and whether the key is still the same; where it
    does not answer, the public key written down here has to do, and who needs the key itself is told.
    """
    number, digest = read_head(paths.keys / HEAD)
    connection = open_to_read(paths.ledger)
    events: list[Event] = []
    confirmed: list[str] = []
    receipts: list[KeptReceipt] = []
    if connection is not None:
        with closing(connection), storage_errors():
            check_file(connection)
            events, receipts = read_events(connection), read_receipts(connection)
            confirmed = [str(row[0]) for row in connection.execute(_CONFIRMED)]
    check_chain(events)
    check_head(events, number, digest)
    check_marks(receipts, events)
    if not events:
        return []
    _check_key(events, paths)
    check_receipts(events, confirmed)
    return events


def _check_key(events: list[Event], paths: Paths) -> None:
    """Check the signatures, and what the keyring knows of key and end."""
    from fyraften_agent.consent.keys import LEDGER_KEY, KeyFileError, KeyringGoneError, Keys, signature_fits

    keys = Keys(paths.keys)
    try:
        public_key = keys.public(LEDGER_KEY)
        # Recording needs no key; a sender does, and says that it is gone.
        with contextlib.suppress(KeyringGoneError):
            keys.load(LEDGER_KEY)
            check_kept_head(lambda: _read_again(paths), keys)
    except KeyFileError as failure:
        raise LedgerError(0, mark("The consent ledger cannot be checked: {problem}"), problem=failure) from None
    check_signatures(events, public_key, lambda signature, content: signature_fits(public_key, signature, content))


def _read_again(paths: Paths) -> list[Event]:
    connection = open_to_read(paths.ledger)
    if connection is None:
        return []
    with closing(connection), storage_errors():
        return read_events(connection)


def verify_in_process(paths: Paths) -> None:
    """Check the ledger in a process that ends.

    Raises:
        LedgerError: the ledger cannot be trusted, or not here.
        StoreError: it could not be read, which may pass.
    """
    environ = {**os.environ, "FYRAFTEN_HOME": str(paths.folder)}
    # -P: the folder the agent was started in must not decide which modules are imported.
    command = [sys.executable, "-P", "-m", "fyraften_agent.verify_ledger"]
    try:
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as failure:
        reason = reason_of(failure) if isinstance(failure, OSError) else Sentence(mark("it took too long"))
        raise LedgerError(0, _NOT_CHECKED, problem=reason) from failure
    if done.returncode in (_GIVEN, _NOT_GIVEN):
        return
    try:
        answer = json.loads(done.stdout)
        if "elsewhere" in answer:
            raise ElsewhereError(int(answer["number"]), str(answer["elsewhere"]))
        if answer.get("trouble") in get_args(StoreTrouble):  # a lock passes: not the words of a damaged ledger
            raise StoreError(sentence_of(answer["words"]), path=paths.ledger, trouble=answer["trouble"])
        raise LedgerError(int(answer["number"]), sentence_of(answer["problem"]))
    except (ValueError, KeyError, TypeError):
        raise LedgerError(0, _NOT_CHECKED, problem=done.stderr.strip()[-300:].rstrip(".")) from None


def main() -> int:
    """Check the person's own ledger and return the exit code."""
    _ = translator("fyraften_agent", choose_language([os.environ.get("FYRAFTEN_LANGUAGE", "en")]))
    paths = default_paths(os.environ)
    try:
        events = verify(paths)
        state = consent_state(events, "recording", int(time.time()))
        if state.is_given:
            check_binding(events, "recording", binding(events[0].previous, paths.folder))
    except ElsewhereError as failure:
        print(json.dumps({"number": failure.number, "elsewhere": failure.purpose}))
        print(f"fyraften: {failure.text(_)}", file=sys.stderr)
        return failure.exit_code
    except LedgerError as failure:
        print(json.dumps({"number": failure.number, "problem": failure.problem.as_json()}))
        print(f"fyraften: {failure.text(_)}", file=sys.stderr)
        return failure.exit_code
    except AgentError as failure:
        trouble = failure.trouble if isinstance(failure, StoreError) else "closed"
        print(json.dumps({"trouble": trouble, "words": failure.sentence.as_json()}))
        print(f"fyraften: {failure.text(_)}", file=sys.stderr)
        return failure.exit_code
    head = events[-1].hash if events else None
    print(json.dumps({"events": len(events), "head": head, "recording": state.state}))
    return _GIVEN if state.is_given else _NOT_GIVEN


if __name__ == "__main__":
    raise SystemExit(main())
