"""``python -m fyraften_agent.demo.sending``: the real sender on ledgers in memory, in a process of its own, which ends.

The replay lends the ledgers through the process's input and takes them back from its output: no consent ledger of a
demonstration is ever a file.  What the sender would do for a real person, it does here, with three differences: its
clock is the story's, its requests are signed with the real time, and it reaches one service, on this computer.
Not here: when something is sent (``replay``), the sender itself (``fyraften_agent.sender``).
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fyraften_agent.demo.guard import refuse_real_sensors
from fyraften_agent.errors import AgentError, ServiceError
from fyraften_policy.languages import mark

if TYPE_CHECKING:
    from fyraften_agent.demo.participant import Participant
    from fyraften_agent.sending.transport import Answer, Identity

_SECONDS = 120.0
_JITTER = 0.5
_LOOPBACK = "127.0.0.1"


class OtherServiceError(ServiceError):
    """Somebody wanted to send a demonstration's reports to another service than the demonstration's own."""

    def __init__(self, server: str) -> None:
        super().__init__(
            mark("{server} is not the demonstration's own service on this computer, so nothing was sent to it."),
            server=server,
        )
        self.server = server


def send(participants: Sequence[Participant], server: str, now: int, zone: str) -> None:
    """Let a process send what is due for these people, and take over what it noted in their ledgers.

    Args:
        server: the demonstration's own service; there is no other way out.
        now: the time of the story.

    Raises:
        ServiceError: the process failed, or did not reach the service.
    """
    lent = [{"keys": str(one.keys.folder), "ledger": _encode(one.lend())} for one in participants]
    order = json.dumps({"server": server, "now": now, "zone": zone, "participants": lent})
    # -P: the folder the demonstration was started in must not decide which modules are imported.
    command = [sys.executable, "-P", "-m", "fyraften_agent.demo.sending"]
    done = subprocess.run(command, input=order, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode != 0:
        raise ServiceError(mark("The demonstration's sender failed: {problem}"), problem=done.stderr.strip()[-500:])
    for one, ledger in zip(participants, json.loads(done.stdout)["ledgers"], strict=True):
        one.take_back(_decode(ledger))


def serve_order(order: dict[str, Any]) -> dict[str, Any]:
    """Send what is due for everybody in the order, and return their ledgers."""
    way = OwnService(order["server"])
    return {"ledgers": [_encode(_send_for(one, order, way)) for one in order["participants"]]}


def _send_for(one: dict[str, str], order: dict[str, Any], way: OwnService) -> bytes:
    from fyraften_agent.consent.keys import LEDGER_KEY, Keys, signature_fits
    from fyraften_agent.consent.ledger import check_signatures
    from fyraften_agent.demo.participant import fill, memory_ledger
    from fyraften_agent.demo.simulated import SimulatedClock
    from fyraften_agent.sender import Sender

    keys = Keys.in_files(Path(one["keys"]))
    public = keys.load(LEDGER_KEY).public
    ledger = memory_ledger(keys)
    with closing(ledger):
        fill(ledger, _decode(one["ledger"]))
        events = ledger.events()
        require_marks(event.details for event in events)
        check_signatures(events, public, lambda signature, content: signature_fits(public, signature, content))
        clock = SimulatedClock(order["now"], order["zone"])
        outcome = Sender(ledger, keys, way.to, clock, lambda: _JITTER).run(by_hand=True)
        if outcome.not_reached or outcome.refused or outcome.waiting:
            raise ServiceError(
                mark("The demonstration's service did not take everything: {refused} refused, {missing} not taken."),
                refused=outcome.refused,
                missing=outcome.waiting + outcome.not_reached,
            )
        return ledger.connection.serialize()


def require_marks(details: Any) -> None:
    """Raise :class:`AgentError` unless every event is marked as a demonstration's: no real ledger is used here."""
    from fyraften_agent.demo.participant import MARKS

    if not all(MARKS.items() <= dict(one).items() for one in details):
        raise AgentError(mark("This ledger is not a demonstration's, so the demonstration's sender does not touch it."))


class OwnService:
    """The way to the demonstration's own service, and to no other.

    A :class:`fyraften_agent.sending.transport.Transport` that signs with the real time: the service checks signatures
    against it, while the story plays weeks ago.
    """

    def __init__(self, server: str) -> None:
        if urlsplit(server).scheme != "http" or urlsplit(server).hostname != _LOOPBACK:
            raise OtherServiceError(server)
        from fyraften_agent.sending.transport import HttpTransport

        self._server, self._real = server, HttpTransport(server)

    def to(self, server: str) -> OwnService:
        """Return the way to ``server``; raises :class:`OtherServiceError` unless it is this one."""
        if server != self._server:
            raise OtherServiceError(server)
        return self

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        identity: Identity | None,
        now: int,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the service's answer; ``now``, the story's time, is not used."""
        return self._real.ask(method, path, body, identity, int(time.time()), headers)


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def main() -> int:
    """Read an order, serve it, and return the exit code."""
    os.umask(0o077)
    refuse_real_sensors()
    try:
        print(json.dumps(serve_order(json.load(sys.stdin))))
    except AgentError as failure:
        print(f"fyraften: {failure}", file=sys.stderr)
        return failure.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
