"""Whether a microphone is in use, as the kernel tells it; PipeWire and PulseAudio are asked in tests/e2e."""

from __future__ import annotations

from pathlib import Path

import pytest

from fyraften_agent.sensors.media_use import is_in_use


def device(root: Path, stream: str, status: str) -> None:
    folder = root / "proc/asound/card0" / stream / "sub0"
    folder.mkdir(parents=True)
    (folder / "status").write_text(status, encoding="ascii")


@pytest.mark.parametrize(
    ("stream", "status", "expected"),
    [
        ("pcm0c", "state: RUNNING\nowner_pid   : 4711\n", True),
        ("pcm0c", "closed\n", False),
        ("pcm0c", "state: SETUP\n", False),
        ("pcm0p", "state: RUNNING\n", False),  # played, not recorded
    ],
)
def test_a_sound_device_that_records_is_a_microphone_in_use(
    tmp_path: Path, stream: str, status: str, expected: bool
) -> None:
    device(tmp_path, stream, status)

    assert is_in_use({}, tmp_path) is expected


def test_without_sound_nothing_is_in_use(tmp_path: Path) -> None:
    assert not is_in_use({}, tmp_path)
