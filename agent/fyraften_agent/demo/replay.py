"""Plays the nine weeks: the person works, the laptop records, judges and tells, the person answers, reports leave.

What the supervisor would start on a real laptop is started here when its event comes: the sender, and the collector
after a pause or a start of the computer.
Not here: what the person does all day (``script``), what is shown afterwards (``telling``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fyraften_agent.agreement.file import read_agreement_file
from fyraften_agent.demo.colleagues import approve_report, report_of
from fyraften_agent.demo.employer import Employer
from fyraften_agent.demo.laptop import Laptop, Surroundings
from fyraften_agent.demo.participant import Participant
from fyraften_agent.demo.person import Person, agree_to_sending
from fyraften_agent.demo.script import ZONE, ScriptDay, ScriptWeek, Stretch, agreement_text, at, inputs
from fyraften_agent.demo.sending import send
from fyraften_agent.demo.simulated import SimulatedClock
from fyraften_agent.errors import ServiceError
from fyraften_agent.facts import facts_document
from fyraften_agent.sending.enrolment import ENROLLED
from fyraften_agent.sending.preparing import Sending, week_document
from fyraften_agent.sending.reports import DUTY_MONTHLY, GROUP_WEEKLY, prepare_weeks
from fyraften_agent.store.store import Store
from fyraften_agent.telling.notices import Notice
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import Translate
from fyraften_policy.periods import local_date, start_of_day, week_start

_FIRST_START = "07:50"
_SIT_DOWN_SECONDS = 20
_LID_SECONDS = 60
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """A notice as it was told."""

    at: int
    notice: Notice


@dataclass(frozen=True)
class Colleagues:
    """The others who take part, each with the group they are in."""

    people: Sequence[Participant]
    cells: Sequence[str]


class Replay:
    """The made-up person's nine weeks. ``told`` and the person's ``deeds`` grow while it plays."""

    def __init__(
        self,
        weeks: Sequence[ScriptWeek],
        store: Store,
        place_key: bytes,
        person: Person,
        employer: Employer | None,
        colleagues: Colleagues,
        language: str,
        translate: Translate,
    ) -> None:
        self._weeks, self._store, self.person = weeks, store, person
        self._participant, self._employer, self._colleagues = person.participant, employer, colleagues
        self._language, self._ = language, translate
        self.clock = SimulatedClock(at(weeks[0].monday, _FIRST_START), ZONE)
        around = Surroundings(
            may_record=lambda: self._participant.consent("recording", self.clock.now()).is_given,
            tell=self._tell,
            prepare_reports=self._prepare_reports,
            sending=self._sending,
            send=lambda: self._with_employer(self._send_by),
            react=self._react,
        )
        self._laptop = Laptop(self.clock, store, place_key, around, translate)
        self._network = ""
        self.told: list[Told] = []
        self.trouble: ServiceError | None = None
        """Why the service was left out halfway."""

    def play(self, each_week: Callable[[ScriptWeek], None]) -> None:
        """Play everything; ``each_week`` is called after each week."""
        self._begin()
        for week in self._weeks:
            for day in week.days:
                self._play_day(day)
            each_week(week)

    def _begin(self) -> None:
        now = self.clock.now()
        self.person.agree_to_recording(now)
        self._store.record_agreement(read_agreement_file(agreement_text(self._weeks[0].monday)), now)
        self._with_employer(self._everybody_enrols)
        self._be_on(self._weeks[0])
        self._laptop.start_recording()

    def _be_on(self, week: ScriptWeek) -> None:
        first = next((stretch for day in week.days for stretch in day.stretches), None)
        if first is not None:
            self._network = first.network
            self._laptop.be_on(first.network)

    def _everybody_enrols(self, employer: Employer) -> None:
        now = self.clock.now()
        codes = {cell: employer.invite("cell", cell) for cell in dict.fromkeys(self._colleagues.cells)}
        self.person.agree_to_sending(employer, "group", codes[self._colleagues.cells[0]], now)
        for one, cell in zip(self._colleagues.people, self._colleagues.cells, strict=True):
            agree_to_sending(one, employer, "group", codes[cell], self._language, now, self._)
        self._send_by(employer)

    def _with_employer(self, act: Callable[[Employer], None]) -> None:
        """Do something with the service; one that fails is left out from then on, and the story goes on without."""
        if self._employer is None:
            return
        try:
            act(self._employer)
        except ServiceError as failure:
            self._employer, self.trouble = None, failure

    # One day

    def _play_day(self, day: ScriptDay) -> None:
        for stretch in day.stretches:
            self._sit_down(stretch)
            if day.pause is not None and stretch.start < day.pause.start < stretch.end:
                self._use_with_pause(stretch, day.pause)
            else:
                end = stretch.end if stretch.then == "power_cut" else stretch.end + self._after(day, stretch)
                self._laptop.use_until(end, inputs(stretch))
            self._leave(stretch)

    def _after(self, day: ScriptDay, stretch: Stretch) -> int:
        # The story ends with the person still sitting there, so that there is something to forecast.
        is_end = day is self._weeks[-1].days[-1] and stretch is day.stretches[-1]
        return 0 if is_end else _LID_SECONDS

    def _sit_down(self, stretch: Stretch) -> None:
        instant = max(stretch.start - _SIT_DOWN_SECONDS, self.clock.now())
        self._network = stretch.network
        self._laptop.be_on(stretch.network)
        if self._laptop.is_on:
            self._laptop.sleep_until(instant)
        else:
            self._laptop.start_computer(instant)

    def _use_with_pause(self, stretch: Stretch, pause: Interval) -> None:
        pressed = list(inputs(stretch))
        self._laptop.use_until(pause.start, pressed)
        self._store.pause(pause.start, pause.end)
        self._laptop.stop_recording()
        self._laptop.use_until(pause.end, [])
        self._laptop.start_recording()
        self._laptop.use_until(stretch.end + _LID_SECONDS, [instant for instant in pressed if instant > pause.end])

    def _leave(self, stretch: Stretch) -> None:
        if stretch.then == "shutdown":
            self._laptop.shut_down()
        elif stretch.then == "power_cut":
            self._laptop.lose_power()

    # What the collector asks and tells

    def _tell(self, notice: Notice) -> bool:
        self.told.append(Told(self.clock.now(), notice))
        return True

    def _prepare_reports(self, now: int, zone: str) -> bool:
        one, consent = self._participant, self._participant.consent("group", now)
        prepare_weeks(
            one.outbox, one.enrolments, consent, lambda week: week_document(self._store, week, now, zone), now, zone
        )
        return one.has_something_due(now)

    def _sending(self, now: int, zone: str) -> Sending:
        monday = week_start(local_date(now, zone))
        week_before = Interval(start_of_day(monday - 7 * _DAY, zone), start_of_day(monday, zone))
        return self._participant.sending(week_before, now)

    def _send_by(self, employer: Employer) -> None:
        """Let the sender's process send what is due, and the colleagues' reports of the same week with it."""
        now = self.clock.now()
        employer.turn_to(local_date(now, ZONE))
        for item in self._participant.outbox.due(now):
            if item.report == GROUP_WEEKLY:
                self._colleagues_report(item.period, now)
        send([self._participant, *self._colleagues.people], employer.url, now, ZONE)

    def _colleagues_report(self, week: str, now: int) -> None:
        for number, (one, cell) in enumerate(zip(self._colleagues.people, self._colleagues.cells, strict=True)):
            enrolment = one.enrolments.current("group")
            if enrolment is not None:
                approve_report(one.outbox, report_of(number, week, cell), enrolment.subject, now)

    # What the person does about it

    def _react(self) -> None:
        now = self.clock.now()
        if self._was_told("place") and self.person.name_place(self._network, now):
            self._laptop.look_again()
        if self._was_told("screen_covered"):
            self._with_employer(self._tell_the_employer)
        self.person.approve_what_is_held(now)

    def _tell_the_employer(self, employer: Employer) -> None:
        """Agree to tell, and when the service knows the person, report."""
        now = self.clock.now()
        duty = self._participant.enrolments.current("duty")
        if duty is None:
            self.person.agree_to_sending(employer, "duty", employer.invite("person", self.person.name), now)
            self._send_by(employer)
        elif duty.state == ENROLLED and not any(
            item.report == DUTY_MONTHLY for item in self._participant.outbox.items()
        ):
            self.person.tell_that_the_rules_apply(self._duty_document, now, ZONE)

    def _was_told(self, matter: str) -> bool:
        return any(told.notice.key.partition(":")[0] == matter for told in self.told)

    def _duty_document(self) -> Mapping[str, Any]:
        now = self.clock.now()
        return facts_document(self._store, at=now, zone=ZONE, first=self._weeks[0].monday, last=local_date(now, ZONE))
