# Shared by the scripts in this folder: they read it with ".", it does nothing on its own.
# Plain POSIX sh, because the first thing a newcomer runs must not depend on what is to be installed.
# shellcheck shell=sh
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
cd "$root"
var=$root/var
logs=$var/log
python=$var/venv/bin/python
mkdir -p "$logs"

# Whatever Python, its tools and ours write goes below var/: the rest of the folder stays as it was
# cloned, and "rm -rf var" is a complete start over.
export PYTHONPYCACHEPREFIX="$var/pycache"
export UV_CACHE_DIR="$var/packages/uv" PIP_CACHE_DIR="$var/packages/pip"
export RUFF_CACHE_DIR="$var/checks/ruff" MYPY_CACHE_DIR="$var/checks/mypy"
export HYPOTHESIS_STORAGE_DIRECTORY="$var/checks/hypothesis" SE_CACHE_PATH="$var/checks/selenium"
export PIP_DISABLE_PIP_VERSION_CHECK=1
export DJANGO_SETTINGS_MODULE=portal.settings
# Left over in somebody's shell, these would reach into another project, or (the first) make every
# start compile thousands of modules again.
unset PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH VIRTUAL_ENV

say() { printf 'Waymark: %s\n' "$*"; }
stop() {
    printf 'Waymark: %s\n' "$@" >&2
    exit 1
}

# One line that changes when any of the files changes, or one comes or goes.
sha256() { if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# Runs a command quietly, with its name and the seconds it took; its output is shown only if it fails.
timed() { # what it is doing, log file, command...
    timed_what=$1 timed_log=$2 timed_from=$(date +%s)
    shift 2
    printf 'Waymark: %s ... ' "$timed_what"
    if "$@" >"$timed_log" 2>&1 </dev/null; then
        printf 'done in %s s\n' "$(($(date +%s) - timed_from))"
    else
        timed_status=$?
        printf 'failed\n'
        return "$timed_status"
    fi
}

# Sets $base to a Python that will do. A version manager may offer a command and then refuse to run it,
# so each is asked, not only looked up. One that can make environments is preferred to one that cannot.
find_python() {
    base=''
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        base=${base:-$candidate}
        if can_make_environments "$candidate"; then
            base=$candidate
            return
        fi
    done
    [ -n "$base" ] || stop "this needs Python 3.11 or newer, and found $(python3 -V 2>/dev/null || echo none)." \
        "On Debian 12 or Ubuntu 24.04: apt-get install python3 python3-venv" \
        "Installed under another name? Say so: PYTHON=/path/to/python3.12 make run"
}
can_make_environments() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Takes a lock that the kernel gives back when this process ends, however it ends, so there is no stale
# lock file to clean up. It is done through Python because flock(1) is not on every system.
try_lock() { # file descriptor (already open), "wait" or nothing
    "$base" -c 'import fcntl, sys
try: fcntl.flock(int(sys.argv[1]), fcntl.LOCK_EX | (0 if sys.argv[2:] else fcntl.LOCK_NB))
except BlockingIOError: sys.exit(1)' "$@"
}

# Whether the fonts of the paper copy are there. Ethiopic stands for all: no other family has it by chance.
has_letters() { find /usr/share/fonts "${HOME:-}/.fonts" "${HOME:-}/.local/share/fonts" -name 'NotoSansEthiopic*' 2>/dev/null | grep -q .; }

# Installs Debian packages when we may, and otherwise says how.
install_debian_packages() { # why, package...
    why=$1
    shift
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        stop "$why needs programs that are not installed. On Debian or Ubuntu:" \
            "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" \
            "On another system install the same programs its own way, then run this again."
    fi
    # The second attempt is for package lists that are missing or out of date, and for a mirror that hiccups.
    timed "installing $* (Debian)" "$logs/debian.log" apt_install "$@" ||
        timed "fetching the package lists and trying again" "$logs/debian.log" apt_update_and_install "$@" || {
        tail -n 15 "$logs/debian.log" >&2
        stop "could not install $*; the whole story is in var/log/debian.log."
    }
}
apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 \
        install -y --no-install-recommends "$@"
}
apt_update_and_install() { apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 update && apt_install "$@"; }
