# The programs of the system that the tests use: program (or a path of it), Debian package, and the tests that are left
# out without it.
# Sourced by set-up and test; the one place that knows this table.

TEST_PROGRAMS='
Xvfb            xvfb           desktop
xdotool         xdotool        desktop
dbus-daemon     dbus           desktop
dunst           dunst          desktop
notify-send     libnotify-bin  desktop
xfce4-panel     xfce4-panel    panel
import          imagemagick    panel
openbox         openbox        occupied
xprop           x11-utils      occupied
xfce4-notifyd-config xfce4-notifyd occupied
gsettings       libglib2.0-bin occupied
/usr/share/glib-2.0/schemas/org.gnome.desktop.notifications.gschema.xml gsettings-desktop-schemas occupied
/usr/lib/python3/dist-packages/dbus python3-dbus occupied
/usr/lib/python3/dist-packages/gi python3-gi occupied
pulseaudio      pulseaudio     occupied
pactl           pulseaudio-utils occupied
pw-cli          pipewire-bin   occupied
wireplumber     wireplumber    occupied
strace          strace         strace
/usr/lib/postgresql postgresql postgresql
mutter          mutter         sessions
kwin_wayland    kwin-wayland   sessions
/usr/lib/python3/dist-packages/dbusmock python3-dbusmock sessions
gnome-keyring-daemon gnome-keyring keyring
chromium        chromium       browser
systemd-analyze systemd        systemd
'

# Prints "program package tests" for every program of the table that is not here.
missing_programs() {
    local program package tests
    while read -r program package tests; do
        [ -z "$program" ] || is_here "$program" || echo "${program##*/} $package $tests"
    done <<<"$TEST_PROGRAMS"
}

is_here() {
    case $1 in
        /*) [ -e "$1" ] ;;
        *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# Prints in plain words what the tests called $1 would have shown.
tests_in_words() {
    case $1 in
        desktop) echo "the tests on a virtual desktop (typing, moving the mouse, notices)" ;;
        panel) echo "the tests of the icon on a real panel" ;;
        occupied) echo "the tests of what no notice may disturb (a full screen, do not disturb, a microphone in use)" ;;
        sessions) echo "the tests in a real GNOME or KDE session, and those of its locking and sleeping" ;;
        strace) echo "the tests that watch system calls for network use" ;;
        postgresql) echo "the tests of the service on PostgreSQL" ;;
        keyring) echo "the tests of keys in a real keyring" ;;
        browser) echo "the tests in a browser" ;;
        systemd) echo "the check of the systemd unit" ;;
    esac
}

# Prints how to become root without a password ("" for root itself); fails where that is not allowed.
root_prefix() {
    if [ "$(id -u)" = 0 ]; then
        echo ""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        echo "sudo -n"
    else
        return 1
    fi
}

# Installs the Debian packages named, those that exist; fails with a reason on stderr where it may not or cannot.
install_packages() {
    local prefix package wanted=()
    command -v apt-get >/dev/null 2>&1 || { echo "apt-get is not on this system" >&2; return 1; }
    prefix=$(root_prefix) || { echo "installing needs root, or sudo without a password" >&2; return 1; }
    # The lists are refreshed only now that a package is known to be missing.
    $prefix apt-get update -qq -o Acquire::Retries=2 >/dev/null 2>&1 || echo "the package lists could not be refreshed" >&2
    for package in "$@"; do
        if [ -n "$(apt-cache madison "$package" 2>/dev/null)" ]; then wanted+=("$package"); fi
    done
    [ ${#wanted[@]} -gt 0 ] || { echo "this system's package lists do not have: $*" >&2; return 1; }
    echo "Installing system packages: ${wanted[*]}"
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${wanted[@]}" >/dev/null || {
        echo "apt-get could not install: ${wanted[*]}" >&2
        return 1
    }
}
