"""How the problems of sending are told to people: one sentence for each name the outbox keeps.

Pure. Not here: which of them are final (``sender.PERMANENT``).
"""

from __future__ import annotations

from fyraften_policy.languages import Translate, mark

_WORDS = {
    "not-reached": mark("the service could not be reached"),
    "unusable-answer": mark("what answered was not the service"),
    "receipt-not-valid": mark("the receipt is not valid, so it does not count as received"),
    "not-agreed-to": mark("this is not the service you agreed to, so nothing was sent"),
    "policy-refused": mark("the employer's rules as they are now were not accepted, so nothing was sent"),
    "no-longer-wanted": mark("the employer no longer asks for this report, so it is not sent"),
    "not-as-prepared": mark("the stored report is not the one that was prepared, so it was not sent"),
    "key-not-usable": mark("the key of this enrolment cannot be used"),
    "wrong-purpose": mark("the enrolment is for another purpose"),
    "already-reported": mark("the service has another report of this period"),
    "period-not-over": mark("the service says that the period is not over yet"),
    "period-closed": mark("the service takes no more reports of this period"),
    "withdrawn": mark("the service has erased this enrolment"),
    "report-not-valid": mark("the service does not accept what is in it"),
    "too-large": mark("the service finds it too large"),
    "code-not-valid": mark("the code is unknown, was used, or is for something else"),
    "subject-taken": mark("the service has another enrolment of that name"),
    "unknown-subject": mark("the service does not know this enrolment"),
    "bad-signature": mark("the service did not accept the signature; is the computer's clock right?"),
    "replayed": mark("the service saw the request before"),
    "not-found": mark("the service does not know this question; perhaps it is of an older version"),
    "too-many-requests": mark("the service is busy"),
    "internal": mark("the service failed"),
    "unavailable": mark("the service is not available now"),
}


def problem_words(problem: str | None, _: Translate) -> str:
    """Return the sentence for a problem as the outbox keeps it: a name, or ``name: detail``."""
    if not problem:
        return _("not tried yet")
    name, _colon, detail = problem.partition(": ")
    words = _(_WORDS[name]) if name in _WORDS else name
    if not detail:
        return words
    details = _(detail)
    return f"{words} ({details})"
