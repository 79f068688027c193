"""The sender's way to the services of one run: their names are looked up once, then every other way is closed.

What the kernel does not enforce is recorded here, as nobody else may be there to: a person can start the sender alone.
Not here: what is closed (``sandbox``), the connection (``transport``), what is asked (``sender``).
"""

from __future__ import annotations

import contextlib
import json

from fyraften_agent.clock import Clock
from fyraften_agent.consent.binding import ElsewhereError
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sandbox.notes import record
from fyraften_agent.sandbox.sandbox import SenderSandbox
from fyraften_agent.sending.enrolment import LEAVING, STARTED, Enrolments, is_agreed
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.transport import HttpTransport, Transport, look_up, port_of


def agreed_servers(ledger: Ledger, now: int) -> list[str]:
    """Return the addresses of the services that are due to be asked at ``now``, and that the person agreed to."""
    enrolments, events = Enrolments(ledger.connection), ledger.events()
    reporting = (enrolments.of_subject(item.subject) for item in Outbox(ledger.connection).due(now))
    entering = [*enrolments.due(STARTED, now), *(one for one in reporting if one is not None)]
    agreed = {one.server for one in enrolments.due(LEAVING, now) if is_agreed(events, one, latest=False)}
    for enrolment in entering:
        with contextlib.suppress(ElsewhereError):  # nothing leaves under it
            if ledger.holds(enrolment.purpose, now) and is_agreed(events, enrolment, latest=True):
                agreed.add(enrolment.server)
    return sorted(agreed)


class NarrowWay:
    """For :class:`fyraften_agent.sender.Sender`: whom it turns to, and the transport to each."""

    def __init__(self, closed: SenderSandbox, ledger: Ledger, clock: Clock) -> None:
        self._closed, self._ledger, self._clock = closed, ledger, clock
        self._addresses: dict[str, tuple[str, ...]] = {}

    def turning_to(self, servers: list[str]) -> None:
        """Look these services up and close the rest; tell the supervisor what holds, on standard output.

        Raises:
            SandboxOpenError: something could be done that was closed.
        """
        if not servers:  # nobody is turned to: no address is known
            return
        self._addresses = {server: look_up(server) for server in servers}
        report = self._closed.leave_only(port_of(server) for server in servers)
        print(json.dumps(report.as_event()), flush=True)
        record(self._ledger, report, self._clock.now())

    def transport(self, server: str) -> Transport:
        """Return the way to a service; one that was not looked up is not reached."""
        return HttpTransport(server, addresses=self._addresses.get(server, ()))
