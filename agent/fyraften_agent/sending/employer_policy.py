"""The employer's policy, as its service signs it: fetched just before something is sent, it may only narrow what holds.

What a person agreed to stays the widest that is sent. A policy may ask for less: fewer purposes or groups, larger
smallest groups, a later notice; that holds at once. One that goes further, is older than one that was seen, or is not
of the agreed form is refused and shown, and nothing is sent while the service says so.
Not here: fetching it (``sender.py``).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fyraften_agent.consent.ledger import Event
from fyraften_agent.consent.ledger_file import storage_errors, transaction
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.consent.notices import Refused
from fyraften_agent.errors import ServiceError
from fyraften_agent.sending.enrolment import ENROLLED, Enrolment, Enrolments, Service
from fyraften_agent.sending.receipts import SMALLEST_GROUP_FLOOR, ReceiptError, fingerprint, read_date, signed_words
from fyraften_policy import wire
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence

SCHEMA = "fyraften.policy/1"
_FIELDS = {
    *("schema", "kind", "service", "number", "since", "organisation", "contact", "purposes", "cells"),
    *("smallest_group", "notice_given_on"),
}
_LONGEST_TEXT = 300
_GREATEST = 2**53


class PolicyRefusedError(ServiceError):
    """A policy is not accepted; ``problem`` says why. ``is_signed``: it comes from the service all the same."""

    def __init__(self, problem: str, is_signed: bool = True) -> None:
        super().__init__(mark("The employer's rules were not accepted: {problem}."), problem=Sentence(problem))
        self.problem, self.is_signed = problem, is_signed


@dataclass(frozen=True)
class Policy:
    """What an employer's service says that holds since a day. A higher number is a later one."""

    number: int
    since: date
    organisation: str
    contact: str
    purposes: tuple[str, ...]
    cells: tuple[str, ...]
    smallest_group: int
    notice_given_on: date | None

    def takes(self, enrolment: Enrolment) -> bool:
        """Say whether reports of this enrolment are still asked for."""
        return enrolment.purpose in self.purposes and (enrolment.cell is None or enrolment.cell in self.cells)


@dataclass(frozen=True)
class Terms:
    """What a person was shown and agreed to, as far as a policy could go beyond it.

    ``earliest_notice``: of a notice to the employees before this day nobody spoke; ``None`` where that is not known.
    """

    organisation: str
    smallest_group: int
    earliest_notice: date | None


def terms_shown(service: Service) -> dict[str, Any]:
    """Return what the signed event of a consent says about the terms, beside :func:`enrolment.agreed_service`."""
    notice = service.notice_given_on
    return {
        "smallest_group": service.smallest_group,
        "notice_given_on": notice.isoformat() if notice is not None else None,
    }


def agreed_terms(events: Iterable[Event], enrolment: Enrolment) -> Terms:
    """Return the terms of the latest consent for the enrolment's purpose.

    An event of an older version does not name them. Where there was no notice yet, none of before the consent counts.
    """
    given = [event for event in events if event.kind == "given" and event.purpose == enrolment.purpose]
    details: Mapping[str, Any] = given[-1].details if given else {}
    smallest, notice = details.get("smallest_group"), details.get("notice_given_on")
    earliest = date.fromisoformat(notice) if isinstance(notice, str) else None
    if earliest is None and "notice_given_on" in details:
        earliest = date.fromordinal(_EPOCH_ORDINAL + given[-1].at // 86_400)
    shown = smallest if isinstance(smallest, int) else 0
    return Terms(enrolment.organisation, max(enrolment.smallest_group, shown), earliest)


def read_policy(answer: bytes, service_key: bytes) -> Policy:
    """Return what the service signed; raises :class:`PolicyRefusedError` for anything but a policy as agreed."""
    try:
        words = signed_words(answer, service_key, "policy")
    except ReceiptError as failure:
        raise PolicyRefusedError(failure.problem, is_signed=False) from None
    expected = {"schema": SCHEMA, "kind": "policy", "service": fingerprint(service_key)}
    if words.keys() != _FIELDS or any(words[name] != value for name, value in expected.items()):
        raise PolicyRefusedError(mark("they have other fields than agreed"))
    notice = words["notice_given_on"]
    return Policy(
        _number(words["number"], 1),
        _day(words["since"]),
        _line(words["organisation"]),
        _line(words["contact"]),
        _codes(words["purposes"]),
        _codes(words["cells"]),
        _number(words["smallest_group"], 0),
        None if notice is None else _day(notice),
    )


def check_narrower(policy: Policy, terms: Terms) -> None:
    """Raise :class:`PolicyRefusedError` where a policy goes beyond what the person agreed to."""
    if policy.organisation != terms.organisation:
        raise PolicyRefusedError(mark("they are another organisation's"))
    if policy.smallest_group < max(terms.smallest_group, SMALLEST_GROUP_FLOOR):
        raise PolicyRefusedError(mark("they allow smaller groups than you agreed to"))
    if set(policy.purposes) - set(wire.purposes()):
        raise PolicyRefusedError(mark("they name a purpose that you were never asked about"))
    notice, earliest = policy.notice_given_on, terms.earliest_notice
    if notice is not None and earliest is not None and notice < earliest:
        raise PolicyRefusedError(mark("they set the notice to employees earlier than you were told"))


class Policies:
    """The newest policy that was accepted of each service, and the latest that was refused since, in the ledger's file.

    Over an open connection. ``service`` is always the fingerprint of the service's key.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def newest(self, service_key: bytes) -> Policy | None:
        """Return the newest policy that was accepted."""
        found = self._row(service_key, is_refused=0)
        return None if found is None else read_policy(bytes(found[0]), service_key)

    def refused(self, service_key: bytes) -> str | None:
        """Return why the latest policy was refused; ``None`` where the latest was accepted."""
        found = self._row(service_key, is_refused=1)
        return None if found is None else str(found[1])

    def check_order(self, policy: Policy, service_key: bytes) -> None:
        """Raise :class:`PolicyRefusedError` where the policy was followed by another, which was seen.

        One that says the same as the newest is fine under any number: a service brought back from a backup counts anew.
        """
        newest = self.newest(service_key)
        if newest is None or policy.number > newest.number or _content(policy) == _content(newest):
            return
        raise PolicyRefusedError(mark("they are older than others that this computer has seen"))

    def accept(
        self, policy: Policy, answer: bytes, service_key: bytes, now: int, *, by_every_consent: bool = True
    ) -> bool:
        """Keep a policy as the newest; say whether it is another than before.

        Args:
            by_every_consent: whether none refuses it; else what was refused last stays known.
        """
        newest = self.newest(service_key)
        if by_every_consent:
            with storage_errors():
                self._connection.execute(
                    "DELETE FROM policies WHERE service = ? AND is_refused = 1", (fingerprint(service_key),)
                )
        if newest is not None and _content(newest) == _content(policy) and policy.number <= newest.number:
            return False
        self._keep(service_key, 0, policy.number, answer, now, None)
        return newest is None or _content(newest) != _content(policy)

    def refuse(self, answer: bytes, service_key: bytes, problem: str, now: int) -> bool:
        """Keep a policy as the latest refused one; say whether it is another than before."""
        before = self._row(service_key, is_refused=1)
        if before is not None and bytes(before[0]) == answer:
            return False
        self._keep(service_key, 1, 0, answer, now, problem)
        return True

    def _keep(
        self, service_key: bytes, is_refused: int, number: int, answer: bytes, now: int, problem: str | None
    ) -> None:
        with storage_errors():
            self._connection.execute(
                "INSERT INTO policies (service, is_refused, number, envelope, seen_at, problem) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET number = excluded.number, "
                "envelope = excluded.envelope, seen_at = excluded.seen_at, problem = excluded.problem",
                (fingerprint(service_key), is_refused, number, answer, now, problem),
            )

    def _row(self, service_key: bytes, is_refused: int) -> tuple[bytes, str | None] | None:
        with storage_errors():
            found: tuple[bytes, str | None] | None = self._connection.execute(
                "SELECT envelope, problem FROM policies WHERE service = ? AND is_refused = ?",
                (fingerprint(service_key), is_refused),
            ).fetchone()
        return found


def refused_rules(connection: sqlite3.Connection) -> tuple[Refused, ...]:
    """Return the rules that were refused last of the services this laptop is enrolled at, to be told of."""
    with storage_errors():
        rows = connection.execute("SELECT service, envelope, problem FROM policies WHERE is_refused = 1").fetchall()
    enrolled = {
        fingerprint(one.service_key): one.organisation for one in Enrolments(connection).all() if one.state == ENROLLED
    }
    return tuple(
        Refused(hashlib.sha256(envelope).hexdigest()[:16], enrolled[service], problem)
        for service, envelope, problem in rows
        if service in enrolled
    )


def take_policy(ledger: Ledger, enrolment: Enrolment, answer: bytes, now: int) -> Policy:
    """Return the policy in a service's answer, after noting in the ledger where it is another than before.

    Raises:
        PolicyRefusedError: it is not accepted; where the service signed it, that is noted, too.
    """
    policies, key = Policies(ledger.connection), enrolment.service_key
    try:
        policy = read_policy(answer, key)
        check_narrower(policy, agreed_terms(ledger.events(), enrolment))
        policies.check_order(policy, key)
    except PolicyRefusedError as failure:
        if failure.is_signed:
            with transaction(ledger.connection):
                if policies.refuse(answer, key, failure.problem, now):
                    _note(ledger, enrolment, answer, now, {"accepted": False, "problem": failure.problem})
            ledger.settle_head()
        raise
    fits_all = _fits_all(policy, ledger, key)
    with transaction(ledger.connection):
        if policies.accept(policy, answer, key, now, by_every_consent=fits_all):
            _note(ledger, enrolment, answer, now, {"accepted": True, "number": policy.number})
    ledger.settle_head()
    return policy


def _fits_all(policy: Policy, ledger: Ledger, service_key: bytes) -> bool:
    """Say whether a policy goes beyond none of the consents under which this laptop takes part at the service."""
    events = ledger.events()
    for one in Enrolments(ledger.connection).all():
        if one.state == ENROLLED and one.service_key == service_key:
            try:
                check_narrower(policy, agreed_terms(events, one))
            except PolicyRefusedError:
                return False
    return True


def _note(ledger: Ledger, enrolment: Enrolment, answer: bytes, now: int, how: Mapping[str, object]) -> None:
    about = {"sha256": hashlib.sha256(answer).hexdigest(), "organisation": enrolment.organisation}
    ledger.append("policy_seen", enrolment.purpose, now, {**about, **how})


_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def _content(policy: Policy) -> tuple[object, ...]:
    """Return what a policy says, without when it was written."""
    return (
        *(policy.organisation, policy.contact, policy.purposes, policy.cells),
        *(policy.smallest_group, policy.notice_given_on),
    )


def _number(value: object, least: int) -> int:
    if type(value) is not int or not least <= value <= _GREATEST:
        raise PolicyRefusedError(mark("they have a number that cannot be"))
    return value


def _line(text: object) -> str:
    """Return one line of text; it is printed, so there is nothing in it that a terminal would obey."""
    if not isinstance(text, str) or not text.strip() or not text.isprintable() or len(text) > _LONGEST_TEXT:
        raise PolicyRefusedError(mark("they have a text that cannot be shown"))
    return text.strip()


def _codes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(code, str) and code.isprintable() for code in value):
        raise PolicyRefusedError(mark("they have a list that cannot be read"))
    return tuple(sorted(set(value)))


def _day(text: object) -> date:
    try:
        return read_date(text)
    except ValueError:
        raise PolicyRefusedError(mark("they have no valid date")) from None
