"""Finding the session bus, and buses that are not there. A real bus is in ``tests/e2e/test_desktop_idle.py``."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from fyraften_agent.sensors.bus import Bus, BusError, Listening, session_bus


def test_the_session_bus_is_looked_for_where_notify_send_looks(tmp_path: Path) -> None:
    named = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/a", "XDG_RUNTIME_DIR": str(tmp_path)}
    usual = {"XDG_RUNTIME_DIR": str(tmp_path)}
    before = session_bus(usual)
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        after = session_bus(usual)

    assert session_bus(named) == "unix:path=/a"
    assert before is None
    assert after == f"unix:path={tmp_path}/bus"


@pytest.mark.parametrize(
    "address",
    ["unix:path=/nowhere/bus", "nonsense", "disabled:", "tcp:host=192.0.2.1,port=1", "unixexec:path=/bin/true"],
)
def test_a_bus_that_is_not_there_or_not_on_this_computer_is_refused(address: str) -> None:
    with pytest.raises(BusError):
        Bus(address)
    with pytest.raises(BusError):
        Listening(address, ["interface='org.example'"], lambda signal: None)


def test_a_bus_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()

        with pytest.raises(BusError, match="authenticate"):
            Bus(f"unix:path={tmp_path}/bus", wait_seconds=0.05)
