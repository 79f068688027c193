"""What a comparison of ledger, outbox, receipts and mirror found: one line for each thing, agreement or not.

Nothing is summed up or left out: a line that does not fit is marked, and says both sides. Pure.
Not here: finding them (``mirror_compared.py``, ``service_ledger.py``), printing (``cli/mirror.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fyraften_policy.languages import Translate, mark
from fyraften_policy.sentences import Sentence

AGREEMENTS = {
    "same": mark("{period}, {report}: the same here and there, received on {date}, erased there by {erase_by}."),
    "superseded": mark("{period}, {report}: corrected since; the one before is no longer held there."),
    "published": mark("{period}, {report}: published, so the single report is erased there."),
    "erased_in_time": mark("{period}, {report}: to be erased there by {erase_by}, and no longer held."),
    "not_taken": mark("{period}, {report}: sent from here without an answer, and not held there."),
    "entered": mark("{name}, receipt of {date}: stands in the service's own ledger, in day {number}."),
    "not_entered_yet": mark("{name}, receipt of {date}: its day in the service's own ledger is not over yet."),
    "chain_holds": mark("The service's own ledger of today contains every head that its receipts here name: {count}."),
}
MISMATCHES = {
    "unknown_here": mark("{period}, {report}: held there, and unknown here (SHA-256 {sha256})."),
    "missing_there": mark(
        "{period}, {report}: received there on {date} by its receipt, to be kept until {erase_by}, and not held there."
    ),
    "other_content": mark("{period}, {report}: another content there ({theirs}) than was sent from here ({ours})."),
    "other_revision": mark("{period}, {report}: revision {theirs} there, revision {ours} by the receipt here."),
    "other_receipt": mark("{period}, {report}: the service keeps another receipt of it than it gave."),
    "no_receipt_here": mark("{period}, {report}: held there, and no valid receipt of it came here."),
    "never_sent": mark("{period}, {report}: held there, and by the outbox it never left here."),
    "bad_receipt_there": mark("{period}, {report}: the receipt kept there is not signed with the service's key."),
    "other_answers": mark("{period}, {report}: the answers shown there are not those that its SHA-256 stands for."),
    "kept_too_long": mark("{period}, {report}: held there, although it was to be erased by {erase_by}."),
    "ledger_too_short": mark(
        "{period}, {report}: its receipt names an event that this computer's consent ledger does not have."
    ),
    "other_enrolment_day": mark("Enrolled on {theirs} by the service, on {ours} by its receipt here."),
    "other_cell": mark("The service counts you to the group {theirs}, by its receipt it is {ours}."),
    "sent_without_report": mark(
        "The consent ledger says that a report was sent which the outbox does not have: {ours}."
    ),
    "report_without_event": mark("{period}, {report}: left here, and the consent ledger does not say so."),
    "receipt_lost": mark("The consent ledger says that a receipt came which the outbox does not have: {ours}."),
    "receipt_without_event": mark("{period}, {report}: has a receipt here of which the consent ledger says nothing."),
    "heads_contradict": mark(
        "The service signed two things of its own ledger that cannot both be true: in {name} of {date}, and in {other} "
        "of {other_date}. It rewrote what it had acknowledged."
    ),
    "head_not_contained": mark(
        "{name}, receipt of {date}: the service's own ledger of today does not contain the head that it names. "
        "The service rewrote, or lost, what it had acknowledged."
    ),
    "entry_missing": mark("{name}, receipt of {date}: the service's own ledger has no entry of it."),
    "entry_elsewhere": mark("{name}, receipt of {date}: it does not stand in its day of the service's own ledger."),
    "ledger_not_told": mark("The service did not show its own ledger, so it could not be checked: {problem}."),
    "entry_not_told": mark("{name}, receipt of {date}: the service did not say whether it stands in its own ledger."),
}


@dataclass(frozen=True)
class Line:
    """One thing that was compared; ``code`` is one of those above."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Say whether both sides agree."""
        return self.code in AGREEMENTS

    def text(self, _: Translate) -> str:
        """Return the sentence."""
        return Sentence((AGREEMENTS if self.fits else MISMATCHES)[self.code], self.values).text(_)

    def as_json(self) -> dict[str, Any]:
        """Return the line as plain values."""
        values = {name: str(value) if isinstance(value, Sentence) else value for name, value in self.values.items()}
        return {"code": self.code, "fits": self.fits, **values}
