"""The figures of a month on a printed sheet, where the person wants them there: the average at home, and time by place.

No clock times, no single days, no pauses, no rests: what the dialogue about work at home needs, and no more.
Pure. Not here: the figures themselves (``views``).
"""

from __future__ import annotations

from typing import Any

from fyraften_agent.shown.finding_words import finding_words, quantity
from fyraften_agent.shown.views import MonthView
from fyraften_agent.shown.wording import PLACES, duration, word
from fyraften_policy.languages import Translate


def figures_part(view: MonthView, _: Translate, policy_words: Translate) -> dict[str, Any]:
    """Return the part of the sheet with the month's figures, as ``sheet.typ`` reads it."""
    rows = [{"name": name, "value": value} for name, value in _rule_on_home_work(view, _, policy_words)]
    rows += [{"name": word(PLACES, place, _), "value": duration(time, _)} for place, time in view.seconds.items()]
    nothing = {"name": _("Screen work"), "value": _("nothing is recorded")}
    return {
        "title": _("Figures of {month}").format(month=view.name),
        "about": _("Measured on the employee's own computer, with what was corrected and added by hand."),
        "both_sides": False,
        "sections": [
            {"title": _("Screen work by place"), "source": "", "questions": [], "rows": rows if rows else [nothing]}
        ],
    }


def _rule_on_home_work(view: MonthView, _: Translate, policy_words: Translate) -> list[tuple[str, str]]:
    """Return what the rule on screen work at home says, and the average it says it of."""
    if view.home is None:
        return []
    said = finding_words(view.home, view.zone, _, policy_words)
    rows = [(said.title, said.word)]
    if view.home.measured is not None and view.home.limit is not None:
        days = _("{days} days a week").format(days=quantity(view.home.measured, view.home.unit, _))
        limit = _("the rule speaks of more than {days}").format(days=quantity(view.home.limit, view.home.unit, _))
        rows.append((_("Screen work at home, on average"), f"{days} ({limit})"))
    return rows
