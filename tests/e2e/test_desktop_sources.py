"""Every source of input on the desktop it is for: a real X server, a real Mutter, a real KWin, with real movements."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e import compositors
from e2e.compositors import Compositor, GnomeMouse, KdeMouse
from e2e.desktop import Desktop, clean_environment, wait_until, x_server
from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.choosing import ChosenInput, candidates, look_at
from fyraften_agent.sensors.gnome_idle import gnome_input
from fyraften_agent.sensors.idle_counter import CounterInput
from fyraften_agent.sensors.wayland_idle import QUIET_SECONDS, WaylandInput
from fyraften_agent.sensors.x11_counter import x11_counter_input

pytestmark = pytest.mark.desktop

A_LITTLE = 0.1  # a counter is asked a moment before the clock


def needed(program: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"system package not installed: {package}")


@pytest.fixture
def gnome(home: Path) -> Iterator[Compositor]:
    with compositors.gnome(home) as session:
        yield session


@pytest.fixture
def kde(home: Path) -> Iterator[Compositor]:
    with compositors.kde(home) as session:
        yield session


@pytest.fixture
def counter(display: Desktop) -> Iterator[CounterInput]:
    source = x11_counter_input(display.environ)
    source.start()
    yield source
    source.close()


# X11


def test_the_x11_counter_sees_a_key_and_not_that_it_asked(counter: CounterInput, display: Desktop) -> None:
    assert counter.alive()
    before = counter.last_input()
    time.sleep(1.2)
    assert counter.alive()
    still = counter.last_input()
    began = time.monotonic()
    display.key("a")
    pressed = time.monotonic()
    wait_until(lambda: counter.alive() and (counter.last_input() or 0) > began - 0.1, "the key was seen")
    after = counter.last_input()

    assert before is not None
    assert still is not None
    assert after is not None
    assert still == pytest.approx(before, abs=0.5)  # a question that counts would have moved it by 1.2
    assert after <= pressed + 1


def test_an_x_server_that_ends_is_noticed_by_the_counter(counter: CounterInput, display: Desktop) -> None:
    display.server.terminate()
    display.server.wait(5)

    assert not counter.alive()
    assert counter.problem() is not None
    with pytest.raises(SourceUnavailableError, match="No X server answers"):
        counter.start()


def test_on_x11_the_listener_is_used_and_the_stricter_choice_changes_it_at_once(display: Desktop) -> None:
    chosen = ["automatic", "counter"]
    source = ChosenInput(
        lambda: "automatic" if chosen[0] == "automatic" else "counter",
        lambda choice: candidates(choice, display.environ),
    )
    source.start()
    first = source.name
    chosen.pop(0)
    was_alive = source.alive()
    source.start()
    second = source.name
    display.key("a")
    wait_until(lambda: source.alive() and time.monotonic() - (source.last_input() or 0) < 1, "the key was seen")
    source.close()

    assert (first, was_alive, second) == ("pynput", False, "x11-counter")


def test_a_display_on_which_nobody_may_listen_is_asked_for_its_counter(home: Path) -> None:
    with x_server("-extension", "RECORD") as (name, _):
        environ = {**clean_environment(home), "DISPLAY": name}
        source = ChosenInput(lambda: "automatic", lambda choice: candidates(choice, environ))
        source.start()
        used, refused = source.name, [(error.source, str(error)) for error in source.refused]
        source.close()

    assert used == "x11-counter"
    assert [each for each, _ in refused] == ["pynput"]
    assert "RECORD" in refused[0][1]


# GNOME on Wayland


@needed("mutter", "mutter")
def test_gnome_s_counter_sees_the_mouse_and_costs_no_permission(gnome: Compositor) -> None:
    source = gnome_input(gnome.environ)
    source.start()
    time.sleep(1.1)
    assert source.alive()
    before = source.last_input()
    mouse = GnomeMouse(gnome.environ)
    began = time.monotonic()
    mouse.move()
    # Two answers about the same input may differ a little.
    wait_until(lambda: source.alive() and (source.last_input() or 0) > began - 0.1, "the movement was seen")
    seen = time.monotonic()
    after = source.last_input()
    mouse.close()
    source.close()

    assert before is not None
    assert after is not None
    assert began - before > 1
    assert after <= seen


@needed("mutter", "mutter")
def test_on_gnome_its_counter_is_chosen_and_when_it_ends_no_source_pretends(gnome: Compositor) -> None:
    source = ChosenInput(lambda: "automatic", lambda choice: candidates(choice, gnome.environ))
    source.start()
    name = source.name
    gnome.process.kill()
    gnome.process.wait(5)
    wait_until(lambda: not source.alive(), "the source is dead", seconds=5)

    assert name == "gnome"
    with pytest.raises(SourceUnavailableError, match="not GNOME"):
        source.start()
    assert not source.alive()


@needed("mutter", "mutter")
def test_a_gnome_that_hangs_is_no_rest(gnome: Compositor) -> None:
    source = gnome_input(gnome.environ)
    source.start()
    os.kill(gnome.process.pid, signal.SIGSTOP)
    try:
        is_alive = source.alive()
    finally:
        os.kill(gnome.process.pid, signal.SIGCONT)
    source.close()

    assert not is_alive


@needed("mutter", "mutter")
def test_a_compositor_without_idle_notices_says_so(gnome: Compositor) -> None:
    looked = {each.name: each.problem for each in look_at(candidates("automatic", gnome.environ))}

    assert looked["gnome"] is None
    assert "offers no idle notices" in str(looked["wayland"])
    assert "Wayland session" in str(looked["pynput"])


# KDE on Wayland


@needed("kwin_wayland", "kwin-wayland")
def test_the_compositor_s_notices_tell_of_the_mouse_and_of_the_quiet(kde: Compositor) -> None:
    source = WaylandInput(kde.environ)
    source.start()
    started = source.last_input()
    mouse = KdeMouse(kde.environ)
    wait_until(lambda: source._is_quiet, "the quiet was told", seconds=QUIET_SECONDS + 10)
    told = time.monotonic()
    still = source.last_input()
    began = time.monotonic()
    mouse.move()
    wait_until(lambda: source.last_input() != still, "the movement was told")
    seen = time.monotonic()
    after = source.last_input()
    mouse.close()
    source.close()

    assert source._is_proved
    assert started is not None
    assert still is not None
    assert after is not None
    assert started <= still <= told - 0.95 * QUIET_SECONDS  # KWin's timer is Qt's coarse one: up to 5 % early
    assert began <= after <= seen


@needed("kwin_wayland", "kwin-wayland")
def test_on_kde_the_notices_are_chosen_and_a_compositor_that_ends_is_noticed(kde: Compositor) -> None:
    source = ChosenInput(lambda: "automatic", lambda choice: candidates(choice, kde.environ))
    source.start()
    name, refused = source.name, [error.source for error in source.refused]
    kde.process.kill()
    kde.process.wait(5)
    wait_until(lambda: not source.alive(), "the source is dead", seconds=5)

    assert name == "wayland"
    assert refused == ["gnome"]
    with pytest.raises(SourceUnavailableError, match="No compositor answers"):
        source.start()


@needed("kwin_wayland", "kwin-wayland")
def test_closing_the_notices_leaves_no_thread_and_no_socket(kde: Compositor) -> None:
    before = len(os.listdir("/proc/self/fd"))
    source = WaylandInput(kde.environ)
    source.start()
    thread = source._thread
    source.close()

    assert thread is not None
    assert not thread.is_alive()
    assert len(os.listdir("/proc/self/fd")) == before
    assert not source.alive()
