"""Where the agent keeps its files."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from fyraften_agent.errors import StoreError
from fyraften_agent.paths import Paths, default_paths


def test_everything_lies_below_the_folder_that_the_environment_names(tmp_path: Path) -> None:
    paths = default_paths({"FYRAFTEN_HOME": str(tmp_path / "somewhere")})

    assert paths.folder == tmp_path / "somewhere"
    for path in (paths.work, paths.ledger, paths.keys, paths.log):
        assert path.parent == paths.folder


@pytest.mark.parametrize("environ", [{}, {"FYRAFTEN_HOME": ""}])
def test_without_a_name_the_platforms_own_place_is_taken(environ: dict[str, str]) -> None:
    paths = default_paths(environ)

    assert paths.folder.is_absolute()
    assert paths.folder.name == "fyraften"


def test_a_relative_name_is_made_absolute_and_links_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)

    assert default_paths({"FYRAFTEN_HOME": "link"}).folder == tmp_path / "link"


def test_naming_paths_makes_nothing(tmp_path: Path) -> None:
    default_paths({"FYRAFTEN_HOME": str(tmp_path / "somewhere")})

    assert list(tmp_path.iterdir()) == []


def test_preparing_makes_a_private_folder_and_closes_an_open_one(tmp_path: Path) -> None:
    fresh, used = Paths(tmp_path / "a" / "fresh"), Paths(tmp_path / "used")
    used.folder.mkdir(mode=0o755)

    for paths in (fresh, used):
        paths.prepare()
        paths.prepare()

        assert stat.S_IMODE(paths.folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="FYRAFTEN_HOME") as caught:
        Paths(tmp_path / "file").prepare()

    assert caught.value.exit_code == 6
    assert str(tmp_path / "file") in str(caught.value)


def test_the_control_channel_is_a_file_in_the_folder_except_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Path(Paths(tmp_path).control).parent == tmp_path

    monkeypatch.setattr(sys, "platform", "win32")
    first, second = Paths(tmp_path / "a").control, Paths(tmp_path / "b").control
    assert first.startswith("\\\\.\\pipe\\fyraften-")
    assert first != second
