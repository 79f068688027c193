"""The problems a request can meet: one fixed list, answered as RFC 9457 documents.

``docs`` and the agent rely on names and numbers here. A problem never repeats what was sent.
"""

from __future__ import annotations

from fyraften_service.errors import ServiceError

MEDIA_TYPE = "application/problem+json"

PROBLEMS: dict[str, tuple[int, str]] = {
    "not-valid-json": (400, "The body is not JSON"),
    "bad-signature": (401, "The signature is not valid"),
    "replayed": (401, "The request was used before"),
    "code-not-valid": (403, "The code is not valid"),
    "wrong-purpose": (403, "This enrolment is for another purpose"),
    "unknown-subject": (404, "There is no such enrolment"),
    "not-found": (404, "There is nothing at this address"),
    "method-not-allowed": (405, "The address does not take this method"),
    "already-reported": (409, "The period has another report already"),
    "subject-taken": (409, "The subject is enrolled with another key or code"),
    "period-not-over": (409, "The period is not over yet"),
    "period-closed": (410, "The period is closed"),
    "withdrawn": (410, "The enrolment was withdrawn"),
    "too-large": (413, "The body is too large"),
    "report-not-valid": (422, "The content does not fit the registry"),
    "too-many-requests": (429, "Too many attempts"),
    "internal": (500, "The service failed"),
    "unavailable": (503, "The service cannot answer for the moment"),
}


class Problem(ServiceError):
    """A request that cannot be done; ``detail`` says why and what to do next."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(detail)
        self.name, self.detail = name, detail
        self.status, self.title = PROBLEMS[name]

    def document(self) -> dict[str, object]:
        """Return the problem document."""
        return {
            "type": f"urn:fyraften:problem:{self.name}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
