"""The made-up person at the keyboard: agrees, names places, approves reports, and tells when the rules apply.

Everything goes the way a command goes: the same functions of store, ledger, outbox and reports.
Not here: when the person works (``script``), the computer (``laptop``).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fyraften_agent.consent.texts import Kept, recording_text, sending_text
from fyraften_agent.demo.employer import Employer
from fyraften_agent.demo.participant import Participant
from fyraften_agent.demo.script import AT_A_CUSTOMER, AT_HOME, AT_THE_OFFICE
from fyraften_agent.recording.places import Kind
from fyraften_agent.sending.leaving_times import send_slot, send_time
from fyraften_agent.sending.outbox import HELD
from fyraften_agent.sending.reports import Stated, prepare_month
from fyraften_agent.store.keeping import KEPT_DAYS, KEPT_MONTHS
from fyraften_agent.store.store import Store
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date, week_start

NAME = "Mette Lind"
_PLACES: Mapping[str, tuple[Kind, str]] = {
    AT_HOME: ("home", mark("My flat")),
    AT_THE_OFFICE: ("fixed_site", mark("The office")),
    AT_A_CUSTOMER: ("elsewhere", mark("A customer")),
}
_WISHES = Stated(workplace_check="help_wanted", equipment_wanted=("chair", "screen"), eye_test_wanted=True)


@dataclass(frozen=True)
class Deed:
    """Something the person did, as a sentence."""

    at: int
    text: str


class Person:
    """Does what a person does with the agent; every deed is noted as a sentence."""

    def __init__(self, participant: Participant, store: Store, language: str, translate: Translate) -> None:
        self.participant, self._store = participant, store
        self._language, self._ = language, translate
        self.name = NAME
        self.deeds: list[Deed] = []

    def agree_to_recording(self, now: int) -> None:
        """Agree to recording, as at the keyboard."""
        text = recording_text(Kept(self._("the throw-away folder"), KEPT_MONTHS, KEPT_DAYS), self._)
        self.participant.agree_to_recording(text, self._language, now)
        self._did(now, self._("{name} agrees to recording on this computer."))

    def agree_to_sending(self, employer: Employer, purpose: str, code: str, now: int) -> None:
        """Agree to one purpose of sending, after the same text as everybody is shown."""
        agree_to_sending(self.participant, employer, purpose, code, self._language, now, self._)
        if purpose == "group":
            self._did(now, self._("{name} agrees to contribute to the figures of the group."))
        else:
            self._did(now, self._("{name} agrees to tell the employer which duties follow, with a personal code."))

    def name_place(self, network: str, now: int) -> bool:
        """Say which place the network of now is; return whether that was new."""
        seen = self._store.current_fingerprint()
        if seen is None or self._store.place_for(seen) is not None:
            return False
        kind, label = _PLACES[network]
        place = self._store.add_place(kind, self._(label), "fixed", now)
        self._store.assign(seen, place, now)
        self._did(now, self._("{name} names the place: {place}."), place=self._(label))
        return True

    def approve_what_is_held(self, now: int) -> None:
        """Look at every report that waits, and let it leave."""
        outbox = self.participant.outbox
        for item in outbox.items(HELD):
            draw = random.Random(NAME).random
            slot = send_slot(self.participant.ledger.connection, draw)
            outbox.approve(item.id, now, send_time(item, slot, now, draw))
            text = self._("{name} reads the report for {period}, byte for byte, and approves it.")
            self._did(now, text, period=item.period)

    def tell_that_the_rules_apply(self, document: Callable[[], Mapping[str, Any]], now: int, zone: str) -> None:
        """Make the month's report, with what the person wishes."""
        one, consent = self.participant, self.participant.consent("duty", now)
        # The month in which the last whole week ended: the rule is judged by whole weeks.
        month = f"{week_start(local_date(now, zone)) - timedelta(days=1):%Y-%m}"
        prepare_month(one.outbox, one.enrolments, consent, document(), month, _WISHES, now)
        self._did(
            now, self._("{name} has the report for {month} made, and asks for what is missing at home."), month=month
        )

    def _did(self, now: int, text: str, **values: str) -> None:
        self.deeds.append(Deed(now, text.format(name=self.name, **values)))


def agree_to_sending(
    participant: Participant, employer: Employer, purpose: str, code: str, language: str, now: int, _: Translate
) -> None:
    """Record in a ledger that somebody agreed to one purpose of sending after the text that everybody is shown."""
    service = employer.describe()
    text = sending_text(purpose, service, employer.url, language, _)
    participant.agree_to_sending(purpose, employer.url, service, code, text, language, now)
