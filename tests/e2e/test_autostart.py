"""``fyraften install`` under a real ``systemd --user``, in a mount namespace of its own.

Needs root (to make the namespace) and systemd; leaves the machine as it was.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SYSTEMD = Path("/lib/systemd/systemd")

# Runs inside the namespace: empty /run and control groups, the user manager, then the commands of the test.
INSIDE = r"""
set -eu
mount -t tmpfs tmpfs /run
mkdir -p /run/user/0 /run/systemd/system
chmod 700 /run/user/0
groups=/sys/fs/cgroup
if [ "$(stat -fc %T $groups)" != cgroup2fs ]; then
    mount -t tmpfs cgroup /sys/fs/cgroup
    groups=/sys/fs/cgroup/systemd
    mkdir -p $groups
    mount -t cgroup -o none,name=systemd cgroup $groups
fi
before=$groups$(grep -E '^(0:|[0-9]+:name=systemd):' /proc/self/cgroup | sort -n | tail -n 1 | cut -d: -f3)
ours=$groups/fyraften-test-$$
mkdir "$ours"
echo $$ > "$ours/cgroup.procs"
leave() {
    kill "$manager"
    wait "$manager" || true
    echo $$ > "$before/cgroup.procs"
    find "$ours" -depth -type d -exec rmdir {} +
    echo "left: $(ls -d "$ours" 2>/dev/null || echo nothing)"
}
"$SYSTEMD" --user --log-target=console 2> "$HOME/systemd.log" &
manager=$!
trap leave EXIT
for attempt in $(seq 100); do
    [ "$(systemctl --user is-system-running 2>/dev/null)" = running ] && break
    sleep 0.1
done
echo "manager: $(systemctl --user is-system-running)"
"$PYTHON" -m fyraften_agent.cli install --json --dry-run
# As GNOME and KDE say that their session has begun.
mkdir -p "$HOME/.config/systemd/user"
printf '[Unit]\nBindsTo=graphical-session.target\n' > "$HOME/.config/systemd/user/desktop-session.target"
systemctl --user daemon-reload
systemctl --user start desktop-session.target
"$PYTHON" -m fyraften_agent.cli install
echo "enabled: $(systemctl --user is-enabled fyraften.service)"
systemctl --user stop desktop-session.target
for attempt in $(seq 100); do
    systemctl --user is-active --quiet graphical-session.target || break
    sleep 0.1
done
systemctl --user start desktop-session.target
for attempt in $(seq 300); do
    state=$(systemctl --user show -P SubState fyraften.service)
    [ "$state" = failed ] && break
    sleep 0.1
done
echo "state: $state"
echo "exit code: $(systemctl --user show -P ExecMainStatus fyraften.service)"
echo "restarts: $(systemctl --user show -P NRestarts fyraften.service)"
"$PYTHON" -m fyraften_agent.cli uninstall
echo "afterwards: $(systemctl --user is-enabled fyraften.service 2>&1 || true)"
"""


@pytest.fixture
def namespace() -> list[str]:
    """Return the command that runs a shell script in a mount namespace of its own; skips where that is not allowed."""
    if not SYSTEMD.exists() or shutil.which("unshare") is None:
        pytest.skip("systemd is not installed")
    command = ["unshare", "--mount", "bash", "-c"]
    if subprocess.run([*command, "mount -t tmpfs tmpfs /run"], capture_output=True).returncode != 0:
        pytest.skip("a mount namespace needs root")
    return command


def test_the_unit_is_enabled_starts_with_a_session_ends_without_consent_is_not_restarted_and_goes(
    namespace: list[str], tmp_path: Path
) -> None:
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("DISPLAY", "WAYLAND", "XDG_"))}
    environ |= {
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": "/run/user/0",
        "FYRAFTEN_HOME": str(tmp_path / "fyraften"),
        "SYSTEMD": str(SYSTEMD),
        "PYTHON": sys.executable,
    }

    done = subprocess.run([*namespace, INSIDE], env=environ, capture_output=True, text=True, timeout=120)

    assert "manager: running" in done.stdout, done.stderr
    without_session, with_session = done.stdout.split("Wrote", 1)
    assert "autostart/fyraften.desktop" in without_session
    assert "systemd/user/fyraften.service" in with_session
    assert "enabled: enabled" in done.stdout
    assert "state: failed" in done.stdout
    assert "exit code: 3" in done.stdout or "exit code: 4" in done.stdout
    assert "restarts: 0" in done.stdout
    assert "enabled: enabled" not in done.stdout.partition("afterwards: ")[2]
    assert "left: nothing" in done.stdout
    assert not list((tmp_path / ".config").rglob("*fyraften*"))
    assert not list((tmp_path / "fyraften").rglob("work.sqlite3*"))
