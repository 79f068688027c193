"""What a person may choose at a notice, and what follows: pause, put off, see why, say where it is or what it was.

Not here: the buttons themselves (``desktop_buttons``), and the same choices at the command line (``cli``).
"""

from __future__ import annotations

from typing import NamedTuple

from fyraften_agent.shown.wording import RULES, word
from fyraften_agent.store.store import Store
from fyraften_agent.telling.notices import Notice
from fyraften_policy.evaluate import Answer
from fyraften_policy.findings import WORST_FIRST, Finding
from fyraften_policy.languages import Translate

LATER_SECONDS = 1800
_LONGEST_FIGURES = 600  # what a notice of a desktop has room for


class Choice(NamedTuple):
    """One button: what it is called in the agent, and on the screen."""

    name: str
    label: str


def choices_at(notice: Notice, _: Translate) -> list[Choice]:
    """Return what may be chosen at a notice, the first what is likeliest."""
    later = Choice("later", _("Later"))
    match notice.key.partition(":")[0]:
        case "place":
            return [
                Choice("place:home", _("Home")),
                Choice("place:fixed_site", _("Fixed workplace")),
                Choice("place:elsewhere", _("Elsewhere")),
                later,
            ]
        case "was_work":
            return [Choice("work", _("It was work")), Choice("no_work", _("It was not")), later]
        case "stop_by" | "out_of_hours" | "day_off":
            return [Choice("pause", _("Pause recording")), later, Choice("why", _("Why?"))]
    return [] if notice.rule is None else [later, Choice("why", _("Why?"))]


def choose(store: Store, notice: Notice, name: str, now: int) -> None:
    """Note what was chosen; ``pause`` and ``why`` are for others, and what nobody offered changes nothing.

    Raises:
        StoreError: nothing was changed.
        InputError: what it is about is gone.
    """
    _kind, _colon, matter = notice.key.partition(":")
    match name.partition(":"):
        case ("later", _, _):
            store.notices.snooze(notice.key, later_than(notice, now), None)
        case ("place", _, kind):
            store.assign(matter, kind, now)
        case ("work", _, _):
            store.confirm(int(matter), now)
        case ("no_work", _, _):
            store.remove_session(int(matter), now)


def later_than(notice: Notice, now: int) -> int:
    """Return until when "later" puts a notice off: half an hour, or half of what is left until the limit."""
    left = LATER_SECONDS if notice.deadline is None else (notice.deadline - now) // 2
    return now + max(60, min(LATER_SECONDS, left))


def figures(notice: Notice, rule: str, answer: Answer, _: Translate, policy_words: Translate) -> Notice:
    """Return the notice that answers "why?": what the rule of a notice says now, with its arithmetic."""
    of_rule = [finding for finding in answer.findings if finding.rule == rule and finding.steps]
    if of_rule:
        latest = max(of_rule, key=_latest_and_worst)
        text = " ".join(step.text(policy_words) for step in latest.steps)
        if len(text) > _LONGEST_FIGURES:
            text = f"{text[:_LONGEST_FIGURES].rsplit(' ', 1)[0]} …"
    else:
        text = _("So far there is nothing to judge.")
    more = _("All of it: fyraften why {rule}").format(rule=rule)
    return Notice(f"why:{notice.key}", word(RULES, rule, _), f"{text}\n{more}")


def _latest_and_worst(finding: Finding) -> tuple[int, int]:
    worst = WORST_FIRST.index(finding.verdict) if finding.verdict in WORST_FIRST else len(WORST_FIRST)
    return finding.end or 0, -worst
