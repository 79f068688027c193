"""What the computer says about itself: here this very computer, which is up and not going down."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import time

import pytest

from fyraften_agent.sensors import machine


def test_the_computer_started_before_now() -> None:
    assert 0 < machine.boot_time() <= time.time()


def test_a_process_costs_memory_and_time() -> None:
    footprint = machine.footprint()

    assert footprint is not None
    assert footprint.resident_bytes > 1_000_000
    assert footprint.cpu_seconds > 0
    assert machine.footprint(os.getpid()) is not None


def test_a_process_that_has_ended_costs_nothing_that_could_be_told() -> None:
    with subprocess.Popen(["true"]) as ended:
        pid = ended.pid

    assert machine.footprint(pid) is None


def test_power_is_told_or_unknown() -> None:
    assert machine.on_battery() in (True, False, None)


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "tcp:host=192.0.2.1,port=1", "nonsense"])
def test_where_nobody_can_be_asked_the_computer_is_not_going_down(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    began = time.monotonic()

    assert machine.shutting_down() is False
    assert time.monotonic() - began < 1


def test_the_network_functions_of_psutil_are_not_used() -> None:
    tree = ast.parse(inspect.getsource(machine))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert not {name for name in used if name.startswith("net_") or name == "connections"}
