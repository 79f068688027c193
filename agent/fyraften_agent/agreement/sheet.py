"""What stands on the printed agreement: what both sides see of it, and room for both names.

Pure. Not here: the typesetting (``selfchecks.sheet``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fyraften_agent.agreement.words import rows, shared
from fyraften_agent.selfchecks.sheet_content import sheet_words
from fyraften_policy.languages import Translate


def agreement_sheet(agreement: Mapping[str, Any], today: date, language: str, _: Translate) -> dict[str, Any]:
    """Return the sheet of an agreement as ``sheet.typ`` reads it; the employee's own dates do not stand on it."""
    table = [{"name": name, "value": value} for name, value in rows(shared(agreement), language, _)]
    part = {
        "title": "",
        "about": "",
        "both_sides": False,
        "sections": [{"title": _("What is agreed"), "source": "", "questions": [], "rows": table}],
    }
    return {
        "language": language,
        "title": _("Agreement on working at home"),
        "intro": _("Between employee and employer. The rules of law hold beside it."),
        "footer": _("Made with Fyraften on {date}.").format(date=today),
        "words": {**sheet_words(_), "how": _("As agreed")},
        "parts": [part],
        "signatures": [_("Employee, date"), _("Employer, date")],
    }
