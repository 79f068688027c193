"""Whether the computer is going down, asked over a real bus of somebody who answers as logind does."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest
from jeepney import HeaderFields, MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from fyraften_agent.sensors import machine

pytestmark = pytest.mark.desktop


@contextlib.contextmanager
def logind(address: str, preparing: bool, silent: bool = False) -> Iterator[list[str]]:
    """Own logind's name on the bus and answer one question; give what was asked."""
    asked: list[str] = []
    with open_dbus_connection(address) as connection:
        connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.login1"), timeout=5)

        def answer() -> None:
            with contextlib.suppress(TimeoutError):
                while True:
                    message = connection.receive(timeout=2)
                    if message.header.message_type is MessageType.method_call:
                        asked.append(f"{message.header.fields[HeaderFields.path]} {message.body}")
                        if not silent:
                            connection.send(new_method_return(message, "v", (("b", preparing),)))
                        return

        thread = threading.Thread(target=answer)
        thread.start()
        yield asked
        thread.join()


@pytest.mark.parametrize("preparing", [True, False])
def test_logind_is_asked_whether_it_prepares_a_shutdown(
    bus: str, monkeypatch: pytest.MonkeyPatch, preparing: bool
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
    with logind(bus, preparing) as asked:
        answer = machine.shutting_down()

    assert answer is preparing
    assert asked == ["/org/freedesktop/login1 ('org.freedesktop.login1.Manager', 'PreparingForShutdown')"]


def test_a_logind_that_does_not_answer_is_not_waited_for(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
    with logind(bus, True, silent=True):
        assert machine.shutting_down() is False


def test_a_bus_without_logind_says_that_nothing_is_known(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)

    assert machine.shutting_down() is False
