"""From facts to the answer: every rule of the jurisdiction in a fixed order, the summary, and the forecast.

Not here: reading the facts and showing the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from fyraften_policy.facts import Facts
from fyraften_policy.findings import NOT_JUDGED, Finding, Label, Step, duration, moment, plain, worst
from fyraften_policy.languages import Translate, mark
from fyraften_policy.parameters import UNITS, Citation, Parameter, known_parameter, law_of
from fyraften_policy.periods import local_date
from fyraften_policy.unknowns import with_the_times

if TYPE_CHECKING:
    from fyraften_policy.forecast import Forecast


class Rule(Protocol):
    """What each module of ``rules/`` offers, and each :class:`~fyraften_policy.rules.of_a_kind.RuleOfAKind`."""

    @property
    def RULE(self) -> str:
        """Return the id."""

    @property
    def FORCE(self) -> str:
        """Return ``law``, ``authority``, ``agreement`` or ``advice``."""

    def citation(self) -> Citation:
        """Return where the rule stands."""

    def judge(self, facts: Facts) -> list[Finding]:
        """Return the findings, sorted by time; none where there is nothing complete to judge."""


# By the names of modules of ``rules/``, in the order of the answer: those of a country are imported where it is judged.
_EVERYWHERE = ("out_of_hours", "home_days", "pauses", "home_share", "eye_test", "workplace_check")
RULES: dict[str, tuple[str, ...]] = {
    "DK": ("daily_rest", "weekly_rest", "screen_at_home", "hours_average", "day_break", "night_work", *_EVERYWHERE),
    "NO": (
        "no_daily_rest",
        "no_weekly_rest",
        "no_night",
        "no_sunday",
        "no_hours",
        "no_overtime",
        "no_break",
        "no_home_agreement",
        *_EVERYWHERE,
    ),
    "EU": ("eu_daily_rest", "eu_weekly_rest", "eu_hours_average", "eu_break", *_EVERYWHERE),
}
_BY_THE_LATEST = "dk.screen.home"  # its last window is its verdict


def rules_of(jurisdiction: str) -> tuple[Rule, ...]:
    """Return the rules of a jurisdiction in the order of the answer: a module is one, or has several as ``RULES``."""
    modules = [import_module(f"fyraften_policy.rules.{name}") for name in RULES[jurisdiction]]
    return tuple(rule for module in modules for rule in getattr(module, "RULES", (module,)))


class Answer(NamedTuple):
    """The findings in the order of the rules and of time, each rule's verdict, and the forecast if ``at`` was told.

    ``has_period`` is false where the facts tell no time at all: then nothing was judged.
    """

    id: str | int | None
    zone: str
    findings: tuple[Finding, ...]
    summary: dict[str, str]
    forecast: Forecast | None
    has_period: bool = True

    def as_json(self, translate: Translate) -> dict[str, Any]:
        """Return the answer as ``fyraften check`` writes it."""
        unknown = {} if self.has_period else {"period": {"start": None, "end": None}}
        return {
            "id": self.id,
            "findings": [{**finding.as_json(self.zone, translate), **unknown} for finding in self.findings],
            "summary": self.summary,
            "forecast": self.forecast_json(),
        }

    def forecast_json(self) -> dict[str, Any]:
        """Return the forecast as JSON, empty where there is none."""
        return {} if self.forecast is None else self.forecast.as_json(self.zone)


def evaluate(facts: Facts) -> Answer:
    """Return what every rule of the jurisdiction says about the facts."""
    findings: list[Finding] = []
    summary = {}
    for rule in rules_of(facts.jurisdiction):
        found = rule.judge(facts) or [_nothing_to_judge(rule, facts)]
        summary[rule.RULE] = _summarised(found)
        replaced = [name for name in facts.parameters.replaced if name.startswith(f"{rule.RULE}.")]
        if facts.holes or facts.has_unconfirmed:
            found = [with_the_times(one, facts) for one in found]
        findings += [_with_replaced(one, replaced, facts) for one in found] if replaced else found
    if facts.is_cut:
        left_out = Step(mark("Work after {at} is left out."), {"at": moment(facts.at, facts.zone)})
        findings = [finding.with_step(left_out) for finding in findings]
    coming = _forecast(facts) if facts.at_stated else None
    return Answer(facts.id, facts.zone, tuple(findings), summary, coming, facts.has_period)


def _forecast(facts: Facts) -> Forecast:
    from fyraften_policy.forecast import forecast  # late: it needs more modules than the rules of one country

    return forecast(facts)


def _with_replaced(finding: Finding, names: Iterable[str], facts: Facts) -> Finding:
    """Return the finding with a sentence for each number of its rule that the agreement replaced."""
    day = local_date(finding.start, facts.zone)
    for name in names:
        parameter = known_parameter(name)
        of_law = next((value for value in reversed(parameter.values) if value.since <= day), parameter.values[0])
        values = {
            "number": Label(parameter.label),
            "value": _shown(parameter, facts.parameters.replaced[name]),
            "law": _shown(parameter, of_law.amount),
        }
        message = mark("Your agreement sets “{number}” to {value} in place of {law}.")
        if not _has_least(name, facts):
            message = mark(
                "Your agreement sets “{number}” to {value} in place of {law}; "
                "whether an agreement may set that is not checked here."
            )
        finding = finding.with_step(Step(message, values))
    return finding


def _has_least(name: str, facts: Facts) -> bool:
    """Tell whether the law says how little an agreement may set, so that the rule judges by no less."""
    least = f"{name.removesuffix('.minimum')}.floor"
    return least in law_of(name.partition(".")[0]) and least not in facts.parameters.replaced


def _shown(parameter: Parameter, amount: Decimal) -> str:
    seconds = UNITS[parameter.unit].seconds
    return plain(amount) if seconds is None else duration(round(amount * seconds))


def _nothing_to_judge(rule: Rule, facts: Facts) -> Finding:
    start, end = facts.period
    return Finding(rule.RULE, NOT_JUDGED, rule.FORCE, start, end, rule.citation(), reason="no_complete_period")


def _summarised(findings: Sequence[Finding]) -> str:
    if findings[-1].rule == _BY_THE_LATEST:
        return findings[-1].verdict
    return worst(finding.verdict for finding in findings)
