"""Whether a display stands beside the laptop's own, from the kernel's list of connectors."""

from __future__ import annotations

from pathlib import Path

import pytest

from fyraften_agent.sensors.displays import has_outer_display


@pytest.mark.parametrize(
    ("connectors", "found"),
    [
        ({"card0-eDP-1": "connected", "card0-HDMI-A-1": "disconnected"}, False),
        ({"card0-eDP-1": "connected", "card0-HDMI-A-1": "connected"}, True),
        ({"card1-eDP-1": "disconnected", "card1-DP-3": "connected", "card1-DP-4": "connected"}, True),
        ({"card0-LVDS-1": "connected", "card1-Writeback-1": "unknown", "version": ""}, False),
        ({"card0-HDMI-A-1": "connected"}, None),
        ({}, None),
    ],
)
def test_an_outer_display_beside_a_built_in_one_is_found(
    tmp_path: Path, connectors: dict[str, str], found: bool | None
) -> None:
    for name, status in connectors.items():
        (tmp_path / "sys/class/drm" / name).mkdir(parents=True)
        (tmp_path / "sys/class/drm" / name / "status").write_text(f"{status}\n")

    assert has_outer_display(tmp_path) is found


def test_a_connector_that_goes_away_meanwhile_is_not_connected(tmp_path: Path) -> None:
    (tmp_path / "sys/class/drm/card0-eDP-1").mkdir(parents=True)
    (tmp_path / "sys/class/drm/card0-DP-1").mkdir()

    assert has_outer_display(tmp_path) is False
