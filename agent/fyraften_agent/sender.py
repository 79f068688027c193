"""``python -m fyraften_agent.sender``: sends what was approved, asks for erasures, and ends.

It believes nothing but signatures: the consent ledger is verified before anything leaves, and a report counts as
received only with a receipt that fits. Without consent nothing is sent. Nothing is dropped except on such a receipt or
a permanent refusal; everything else is tried again, later and later, for as long as it takes. What to do next is in the
outbox, so that a sender that was killed goes on where it was.
At its start it gives up what the kernel can take from it (``sandbox``).
Not here: the connection (``sending/transport.py``), what is in a report (``sending/reports.py``), raw data (it cannot
be opened here).
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fyraften_agent.clock import Clock, SystemClock
from fyraften_agent.consent.binding import ElsewhereError
from fyraften_agent.consent.expiry import settle, settle_expired
from fyraften_agent.consent.keys import KeyFileError, Keys
from fyraften_agent.consent.ledger_file import transaction
from fyraften_agent.consent.ledger_marks import check_mark, header
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.errors import AgentError
from fyraften_agent.paths import Paths, default_paths
from fyraften_agent.sandbox.sandbox import SenderSandbox
from fyraften_agent.sending.employer_policy import Policy, PolicyRefusedError, take_policy
from fyraften_agent.sending.enrolment import (
    ENROLLED,
    LEAVING,
    LEFT,
    STARTED,
    Enrolment,
    Enrolments,
    enrolment_body,
    is_agreed,
    withdraw,
)
from fyraften_agent.sending.leaving_times import another_time, latest, missed, wait_seconds
from fyraften_agent.sending.narrow_way import NarrowWay, agreed_servers
from fyraften_agent.sending.outbox import Item, Outbox, something_is_due
from fyraften_agent.sending.receipts import Receipt, ReceiptError, check_enrolment, check_erasure, check_report
from fyraften_agent.sending.transport import Answer, HttpTransport, Identity, NotReachedError, Transport
from fyraften_agent.verify_ledger import verify
from fyraften_policy import wire
from fyraften_policy.languages import choose_language, translator

# A refusal that no later try can change. Anything else may be a passing state of the service or of the network.
PERMANENT = {
    "wrong-purpose": 403,
    "already-reported": 409,
    "period-closed": 410,
    "withdrawn": 410,
    "report-not-valid": 422,
    "too-large": 413,
}
# Refusals that end an enrolment which never began: the person has to ask for another code.
ENROLMENT_REFUSED = {"code-not-valid": 403, "wrong-purpose": 403, "subject-taken": 409, "withdrawn": 410}


@dataclass(frozen=True)
class Outcome:
    """What one run did."""

    receipted: int = 0
    refused: int = 0
    waiting: int = 0
    not_reached: int = 0


class Sender:
    """One run over everything that is due.

    Args:
        transport: returns the way to a service's address.
        randomness: returns a number from 0 up to, not including, 1.
        turning_to: told, before the first request, to which services' addresses this run may turn.
    """

    def __init__(
        self,
        ledger: Ledger,
        keys: Keys,
        transport: Callable[[str], Transport],
        clock: Clock,
        randomness: Callable[[], float],
        turning_to: Callable[[list[str]], None] = lambda servers: None,
    ) -> None:
        self._ledger, self._keys, self._transport = ledger, keys, transport
        self._clock, self._randomness, self._turning_to = clock, randomness, turning_to
        self._outbox, self._enrolments = Outbox(ledger.connection), Enrolments(ledger.connection)
        self._policies: dict[str, Policy | _Failure] = {}
        self._unanswered: set[str] = set()

    def run(self, *, by_hand: bool = False) -> Outcome:
        """Do everything that is due: erasures first, then enrolments, then reports.

        Args:
            by_hand: the person asks for it now; else a report whose moment was missed waits for another one.
        """
        self._unanswered.clear()
        self._policies.clear()
        self.settle_expired()
        if not by_hand:
            self._put_off_missed()
        self._turning_to(agreed_servers(self._ledger, self._clock.now()))
        results = [self.erase(one) for one in self._enrolments.due(LEAVING, self._clock.now())]
        results += [self.enrol(one) for one in self._enrolments.due(STARTED, self._clock.now())]
        done: set[int] = set()
        # Again after an answer: a correction is due once there is one about what it corrects.
        while fresh := [item for item in self._outbox.due(self._clock.now()) if item.id not in done]:
            results += [self.send(item) for item in fresh]
            done |= {item.id for item in fresh}
        return Outcome(*(results.count(name) for name in ("receipted", "refused", "waiting", "not_reached")))

    def settle_expired(self) -> None:
        """Where a consent has run out, record it and erase what was to be sent under it."""
        settle(self._ledger, self._clock.now())

    def enrol(self, enrolment: Enrolment) -> str:
        """Ask the service to take this subject; the same request again is answered with the same receipt."""
        if not self._is_given(enrolment.purpose):
            return "waiting"
        try:
            body = enrolment_body(enrolment, self._keys.load(enrolment.subject).public)
            answer = self._ask(enrolment, "POST", "/v1/enrolments", body)
            if _is_one_of(answer, ENROLMENT_REFUSED):
                return self._enrolment_refused(enrolment, str(answer.problem))
            receipt = self._receipt(
                enrolment,
                answer,
                lambda body: check_enrolment(
                    body, enrolment.service_key, enrolment.purpose, enrolment.subject, enrolment.smallest_group
                ),
            )
        except (_Failure, KeyFileError) as failure:
            return self._enrolment_failed(enrolment, failure)
        now = self._clock.now()
        with transaction(self._ledger.connection):
            self._enrolments.confirm(enrolment.subject, receipt.words["cell"], answer.body, now)
            self._ledger.append("receipt", enrolment.purpose, now, {"kind": "enrolment"})
        self._ledger.settle_head()
        return "receipted"

    def send(self, item: Item) -> str:
        """Send one approved report."""
        enrolment = self._enrolments.of_subject(item.subject)
        if enrolment is None or enrolment.state != ENROLLED or not self._is_given(item.purpose):
            return "waiting"
        if not item.is_as_prepared:
            self._outbox.refused(item.id, self._clock.now(), "not-as-prepared")
            return "refused"
        try:
            self._check_policy(enrolment)
            if not self._begin(item):
                return "waiting"
            path = f"/v1/reports/{wire.report(item.report).name}/{item.period}"
            answer = self._ask(enrolment, "PUT", path, item.body, _condition(item))
            if _is_one_of(answer, PERMANENT):
                self._outbox.refused(item.id, self._clock.now(), str(answer.problem))
                return "refused"
            self._receipt(
                enrolment,
                answer,
                lambda body: check_report(
                    body,
                    enrolment.service_key,
                    item.purpose,
                    item.report,
                    item.period,
                    item.sha256,
                    item.replaces,
                ),
            )
        except (_Failure, KeyFileError) as failure:
            return self._report_failed(item, failure)
        now = self._clock.now()
        with transaction(self._ledger.connection):
            self._outbox.receipted(item.id, now, answer.body)
            self._ledger.append("receipt", item.purpose, now, {"kind": "report", "sha256": item.sha256})
        self._ledger.settle_head()
        return "receipted"

    def erase(self, enrolment: Enrolment) -> str:
        """Ask the service to erase a subject; only its signed receipt ends that.

        A subject that was never confirmed may be unknown to the service: then there is nothing to erase.
        """
        try:
            answer = self._ask(enrolment, "DELETE", f"/v1/enrolments/{enrolment.subject}", None)
            if answer.problem == "unknown-subject" and answer.status == 404 and enrolment.receipt is None:
                return self._erased(enrolment, None)
            self._receipt(
                enrolment,
                answer,
                lambda body: check_erasure(body, enrolment.service_key, enrolment.purpose, enrolment.subject),
            )
        except (_Failure, KeyFileError) as failure:
            return self._enrolment_failed(enrolment, failure)
        return self._erased(enrolment, answer.body)

    def _erased(self, enrolment: Enrolment, receipt: bytes | None) -> str:
        with transaction(self._ledger.connection):
            self._enrolments.left(enrolment.subject, receipt)
            details = {"organisation": enrolment.organisation, "receipt": receipt is not None}
            self._ledger.append("erasure_completed", enrolment.purpose, self._clock.now(), details)
        self._ledger.settle_head()
        self._keys.remove(enrolment.subject)
        return "receipted"

    def _is_given(self, purpose: str) -> bool:
        try:
            return self._ledger.holds(purpose, self._clock.now())
        except ElsewhereError:
            return False  # nothing leaves under it; an erasure still may

    def _put_off_missed(self) -> None:
        now = self._clock.now()
        for item in self._outbox.due(now):
            if missed(item, now) and now < latest(item):
                self._outbox.put_off(item.id, another_time(now, self._randomness))

    def _begin(self, item: Item) -> bool:
        """Record in ledger and outbox, before the first try, that these bytes are about to leave; say if they may.

        Asking for the policy takes a while: in it the person may have kept the report back, or taken the consent back.
        """
        now = self._clock.now()
        with transaction(self._ledger.connection):
            if item.id not in [one.id for one in self._outbox.due(now)] or not self._is_given(item.purpose):
                return False
            if item.tried_at is None:
                about = {"sha256": item.sha256, "report": item.report, "period": item.period}
                corrects = {"replaces": item.replaces} if item.replaces else {}
                self._ledger.append("report_sent", item.purpose, now, {**about, **corrects})
            self._outbox.begin(item.id, now, now + wait_seconds(item.attempts, self._randomness()))
        self._ledger.settle_head()
        return True

    def _check_policy(self, enrolment: Enrolment) -> None:
        """Ask the service, once in a run, what holds there now; raises :class:`_Failure` where nothing may be sent."""
        if enrolment.subject not in self._policies:
            try:
                self._policies[enrolment.subject] = self._policy(enrolment)
            except _Failure as failure:
                self._policies[enrolment.subject] = failure
        found = self._policies[enrolment.subject]
        if isinstance(found, _Failure):
            raise found
        if not found.takes(enrolment):
            raise _Failure("no-longer-wanted")

    def _policy(self, enrolment: Enrolment) -> Policy:
        # Unsigned: the service need not know who looks.
        answer = self._ask(enrolment, "GET", "/v1/policy", None, is_signed=False)
        if answer.status != 200 or answer.media_type != "application/json":
            raise _Failure(answer.problem or f"unusable-answer: {answer.status}", retry_after=answer.retry_after)
        try:
            return take_policy(self._ledger, enrolment, answer.body, self._clock.now())
        except PolicyRefusedError as failure:
            raise _Failure(f"policy-refused: {failure.problem}") from None

    def _ask(
        self,
        enrolment: Enrolment,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str] | None = None,
        *,
        is_signed: bool = True,
    ) -> Answer:
        """Return the answer of the service the person agreed to; one that was silent is not asked again in this run."""
        events = self._ledger.events()
        if not is_agreed(events, enrolment, latest=method != "DELETE"):
            raise _Failure("not-agreed-to")
        if enrolment.server in self._unanswered:
            raise _Failure("not-reached")
        identity = Identity(enrolment.subject, self._keys.load(enrolment.subject)) if is_signed else None
        try:
            lines = {**(headers or {}), **({} if method == "GET" else header(enrolment.subject, events))}
            return self._transport(enrolment.server).ask(method, path, body, identity, self._clock.now(), lines)
        except NotReachedError as failure:
            self._unanswered.add(enrolment.server)
            raise _Failure(f"not-reached: {failure.problem}") from failure

    def _receipt(self, enrolment: Enrolment, answer: Answer, check: Callable[[bytes], Receipt]) -> Receipt:
        """Return the receipt in an answer; raises :class:`_Failure` where there is none that fits."""
        if answer.status not in (200, 201) or answer.media_type != "application/json":
            problem = answer.problem or f"unusable-answer: {answer.status}"
            raise _Failure(problem, retry_after=answer.retry_after)
        try:
            receipt = check(answer.body)
            check_mark(receipt, enrolment.subject, self._ledger.events())
            return receipt
        except ReceiptError as failure:
            raise _Failure(f"receipt-not-valid: {failure.problem}", taken=True) from None

    def _report_failed(self, item: Item, failure: _Failure | KeyFileError) -> str:
        now, problem = self._clock.now(), _problem(failure)
        taken = isinstance(failure, _Failure) and failure.taken
        self._outbox.failed(item.id, problem, self._next_try(item.attempts, failure), taken_at=now if taken else None)
        return "not_reached" if problem.startswith("not-reached") else "waiting"

    def _enrolment_failed(self, enrolment: Enrolment, failure: _Failure | KeyFileError) -> str:
        problem = _problem(failure)
        self._enrolments.failed(enrolment.subject, problem, self._next_try(enrolment.attempts, failure))
        return "not_reached" if problem.startswith("not-reached") else "waiting"

    def _next_try(self, attempts: int, failure: _Failure | KeyFileError) -> int:
        asked = failure.retry_after if isinstance(failure, _Failure) else None
        return self._clock.now() + wait_seconds(attempts, self._randomness(), asked)

    def _enrolment_refused(self, enrolment: Enrolment, problem: str) -> str:
        """Nothing began, so nothing stays: the consent is taken back, and what may have arrived is to be erased."""
        withdraw(self._ledger, enrolment.purpose, self._clock.now(), reason=problem)
        self._enrolments.failed(enrolment.subject, problem, self._clock.now())
        return "refused"


class _Failure(Exception):
    """A try without success that may succeed later. ``taken``: the service says that it took what was sent."""

    def __init__(self, problem: str, taken: bool = False, retry_after: int | None = None) -> None:
        super().__init__(problem)
        self.problem, self.taken, self.retry_after = problem, taken, retry_after


def _condition(item: Item) -> dict[str, str]:
    """Return the header that says what the report finds there: nothing, or exactly the body that it corrects."""
    return {"if-match": f'"{item.replaces}"'} if item.replaces else {"if-none-match": "*"}


def _problem(failure: _Failure | KeyFileError) -> str:
    return failure.problem if isinstance(failure, _Failure) else "key-not-usable"


def _is_one_of(answer: Answer, problems: dict[str, int]) -> bool:
    return answer.problem is not None and problems.get(answer.problem) == answer.status


def send_due(
    paths: Paths,
    clock: Clock,
    randomness: Callable[[], float],
    closed: SenderSandbox | None = None,
    *,
    by_hand: bool = False,
) -> Outcome:
    """Send what is due from the person's own outbox; creates nothing where nothing is due.

    First it is written down which consents have run out, also where nothing is due.

    Args:
        closed: the sandbox of this process, which is made narrower before the first request.
        by_hand: the person asks for it now.

    Raises:
        LedgerError: the consent ledger cannot be trusted; then nothing is sent.
        SandboxOpenError: the kernel lets this process do what was closed; then nothing is sent.
    """
    settle_expired(paths, clock.now())
    if not something_is_due(paths, clock.now()) or not verify(paths):
        return Outcome()
    with Ledger.open(paths) as ledger:
        keys = Keys(paths.keys)
        _remove_left(ledger, keys)
        keys.remember()  # from here on the keyring may be out of reach
        if closed is None:
            return Sender(ledger, keys, HttpTransport, clock, randomness).run(by_hand=by_hand)
        way = NarrowWay(closed, ledger, clock)
        return Sender(ledger, keys, way.transport, clock, randomness, way.turning_to).run(by_hand=by_hand)


def _remove_left(ledger: Ledger, keys: Keys) -> None:
    """Remove the keys of enrolments that are over, where the keyring was out of reach when they ended."""
    for enrolment in Enrolments(ledger.connection).all():
        if enrolment.state == LEFT and keys.exists(enrolment.subject):
            keys.remove(enrolment.subject)


def main() -> int:
    """Send what is due and return the exit code: 7 where a service was not reached, else 0."""
    os.umask(0o077)
    paths = default_paths(os.environ)
    try:
        outcome = send_due(paths, SystemClock(), random.SystemRandom().random, SenderSandbox(paths))
    except AgentError as failure:
        language = choose_language([os.environ.get("FYRAFTEN_LANGUAGE", "en")])
        print(f"fyraften: {failure.text(translator('fyraften_agent', language))}", file=sys.stderr)
        return failure.exit_code
    return 7 if outcome.not_reached else 0


if __name__ == "__main__":
    raise SystemExit(main())
