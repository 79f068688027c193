"""What is not known: one algorithm for unobserved time and for unconfirmed work, used by every rule.

Judge with every hole taken as rest, then with every hole taken as work: the same verdict is the verdict, different
ones are ``not_judged``. Then without and with the unconfirmed work: the same verdict is the verdict, different ones
are ``attention``, with the question to ask. Only reported work is ever judged; a hole lengthens or breaks what
surrounds it.
Not here: what a rule measures.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from fyraften_policy.facts import Facts
from fyraften_policy.findings import ATTENTION, NOT_JUDGED, VERDICT_WORDS, WORST_FIRST, Finding, Step, moment
from fyraften_policy.intervals import Interval, subtract
from fyraften_policy.languages import mark


class Scenario(NamedTuple):
    """One way to read what is not known."""

    holes_are_work: bool
    with_unconfirmed: bool


class Judgement(NamedTuple):
    """A rule's answer in one scenario. ``measured`` and ``limit`` are in the rule's unit."""

    verdict: str
    measured: float | None = None
    limit: float | None = None
    steps: tuple[Step, ...] = ()
    reason: str | None = None


Key = TypeVar("Key", bound=Hashable)
Judge = Callable[[Scenario], Mapping[Key, Judgement]]

QUESTION = Step(mark("Part of this is activity that nobody has called work yet. Was it work? The answer decides."))
OPEN_QUESTION = Step(
    mark(
        "Part of this is activity that nobody has called work yet. Was it work? The answer may decide: without it, "
        "“{without}”; with it, “{with_it}”."
    )
)
UNOBSERVED = Step(
    mark("Taken as rest, the unobserved time gives “{rest}”; taken as work, “{work}”. So it is not judged.")
)
TAKEN_AS_REST = Step(mark("What was not observed is taken as rest here; taken as work, the answer is the same."))
LEFT_OUT = Step(mark("Activity that nobody has called work is left out here; counted as work, the answer is the same."))

_TIMES_SHOWN = 3
_REACHES_SECONDS = (0, 24 * 3600, 7 * 24 * 3600)


def settle(
    facts: Facts,
    judge: Judge[Key],
    *,
    nothing: str,
    has_holes: bool | None = None,
    whole_of: Callable[[Key], Key] | None = None,
) -> dict[Key, Judgement]:
    """Return the one answer for each thing judged, whatever is not known.

    Args:
        judge: the rule, for one scenario; a thing that only unconfirmed work makes is missing without it.
        nothing: the verdict that stands for such a missing thing.
        has_holes: whether unobserved time matters to this rule; by default whether there is any.
        whole_of: tells of a thing judged without the unconfirmed work which thing it is a part of with it; the worst
            of the parts counts. By default itself.
    """
    holes = bool(facts.holes) if has_holes is None else has_holes
    with_it = _over_holes(judge, holes, with_unconfirmed=True)
    if not facts.has_unconfirmed:
        return with_it
    without = _over_holes(judge, holes, with_unconfirmed=False)
    if whole_of is not None:
        without = _worst_parts(without, whole_of)
    settled = {}
    for key, judgement in with_it.items():
        certain = without.get(key, Judgement(nothing))
        if certain.verdict != judgement.verdict:
            steps = (*judgement.steps, _question(certain.verdict, judgement.verdict))
            settled[key] = judgement._replace(verdict=ATTENTION, steps=steps, reason=None)
        elif key in without:
            settled[key] = _same_verdict(certain, judgement, LEFT_OUT)
        else:
            settled[key] = judgement
    return settled


def _worst_parts(judged: Mapping[Key, Judgement], whole_of: Callable[[Key], Key]) -> dict[Key, Judgement]:
    answers: dict[Key, Judgement] = {}
    for part, judgement in judged.items():
        before = answers.setdefault(whole_of(part), judgement)
        if WORST_FIRST.index(judgement.verdict) < WORST_FIRST.index(before.verdict):
            answers[whole_of(part)] = judgement
    return answers


def _same_verdict(told: Judgement, other: Judgement, assumption: Step) -> Judgement:
    """Return the judgement that is told; where the other has other figures, what was assumed is a step of its own."""
    if told.verdict == NOT_JUDGED or told.steps == other.steps:
        return told
    return told._replace(steps=(*told.steps, assumption))


def _question(without: str, with_it: str) -> Step:
    """Return what to ask; that the answer decides is said only where it leaves nothing open either way."""
    if not {without, with_it} & {ATTENTION, NOT_JUDGED}:
        return QUESTION
    return Step(OPEN_QUESTION.message, {"without": VERDICT_WORDS[without], "with_it": VERDICT_WORDS[with_it]})


def _over_holes(judge: Judge[Key], holes: bool, *, with_unconfirmed: bool) -> dict[Key, Judgement]:
    as_rest = dict(judge(Scenario(False, with_unconfirmed)))
    if not holes:
        return as_rest
    as_work = judge(Scenario(True, with_unconfirmed))
    return {key: _agreed(rest, as_work[key]) for key, rest in as_rest.items()}


def _agreed(rest: Judgement, work: Judgement) -> Judgement:
    if rest.verdict == work.verdict:
        return _same_verdict(rest, work, TAKEN_AS_REST)
    step = Step(UNOBSERVED.message, {"rest": VERDICT_WORDS[rest.verdict], "work": VERDICT_WORDS[work.verdict]})
    return Judgement(NOT_JUDGED, None, rest.limit, (*rest.steps, step), "unobserved")


def with_the_times(finding: Finding, facts: Facts) -> Finding:
    """Return the finding with the times that its question, or what it leaves open, is about: the first few of them."""
    said = {step.message for step in finding.steps}
    if said & {QUESTION.message, OPEN_QUESTION.message, LEFT_OUT.message}:
        message, further = mark("The activity: {times}."), mark("The activity: {times}, and further times: {more}.")
        waiting = _near(facts.once(_only_unconfirmed, True), finding)
        finding = _with_times(finding, facts, waiting, message, further)
    if said & {UNOBSERVED.message, TAKEN_AS_REST.message}:
        holes = _near(facts.holes, finding)
        if holes and holes[0] == facts.holes[0]:  # it lies before all that is told: it has no beginning
            until = moment(holes.pop(0).end, facts.zone)
            finding = finding.with_step(Step(mark("Nothing is known before {until}."), {"until": until}))
        message, further = mark("Not observed: {times}."), mark("Not observed: {times}, and further times: {more}.")
        finding = _with_times(finding, facts, holes, message, further)
    return finding


def _only_unconfirmed(facts: Facts, _with_unconfirmed: bool) -> list[Interval]:
    waiting = [(work.start, work.end) for work in facts.work if not work.confirmed]
    return subtract(waiting, facts.reported(with_unconfirmed=False))


def _with_times(finding: Finding, facts: Facts, near: Sequence[Interval], message: str, further: str) -> Finding:
    shown = [f"{moment(start, facts.zone)} – {moment(end, facts.zone)}" for start, end in near[:_TIMES_SHOWN]]
    if not shown:
        return finding
    more = len(near) - len(shown)
    return finding.with_step(Step(further if more else message, {"times": ", ".join(shown), "more": more}))


def _near(spans: Sequence[Interval], finding: Finding) -> list[Interval]:
    """Return the spans that touch what was judged, or else those within a day or a week of it."""
    for reach in _REACHES_SECONDS:
        start, end = finding.start - reach, finding.end + reach
        touching = [span for span in spans if span.start <= end and span.end >= start]
        if touching:
            return touching
    return []
