"""The one door between answers and what may leave: the three fields of a duty report, where the person asks for it.

Of everything that was answered only whether the home workplace was checked, which equipment is asked for and whether an
eye test is asked for passes here; no date, no symptom, no text. Whether a report may be made at all is decided by the
consent to ``duty`` (``reports.prepare_month``).
Pure. Not here: the report (``reports``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from fyraften_agent.selfchecks.answers import NOT_RELEVANT, YES, Answer, completed_on, due_on, latest
from fyraften_agent.selfchecks.questions import all_checks, all_questions
from fyraften_agent.sending.reports import Stated


def stated(answers: Sequence[Answer], today: date, own_values: Mapping[str, float]) -> Stated:
    """Return what a duty report may say of the answers; what was not answered is not said.

    Args:
        own_values: the agreement's own numbers, by parameter id: after how many months a check is out of date.
    """
    known = latest(answers)
    wishes: dict[str, list[tuple[str | None, str]]] = {}
    for _check, question in all_questions():
        if question.tells is not None and question.id in known:
            wishes.setdefault(question.tells, []).append((question.item, known[question.id].value))
    equipment = wishes.get("equipment_wanted")
    eye_test = [value for _item, value in wishes.get("eye_test_wanted", ()) if value != NOT_RELEVANT]
    return Stated(
        workplace_check=_workplace_check(wishes.get("workplace_check", ()), known, today, own_values),
        equipment_wanted=None if equipment is None else tuple(item for item, said in equipment if item and said == YES),
        eye_test_wanted=eye_test[0] == YES if eye_test else None,
    )


def _workplace_check(
    help_wanted: Sequence[tuple[str | None, str]],
    known: Mapping[str, Answer],
    today: date,
    own_values: Mapping[str, float],
) -> str | None:
    if any(value == YES for _item, value in help_wanted):
        return "help_wanted"
    check = next(one for one in all_checks() if one.completes == "last_workplace_check")
    done = completed_on(check, known)
    due = due_on(check, done, own_values)
    if done is not None and (due is None or today < due):
        return "done"
    return "not_done" if any(question.id in known for question in check.questions) else None
