#!/bin/sh
# Makes var/venv and fills it from the lock files: "setup.sh run" for the portal, "setup.sh dev" for the
# tests and checks as well. Does nothing, quickly, when that is already so.
. "$(dirname -- "$0")/common.sh"

wanted=${1:-run}
lists=$root/deploy/requirements
stamp=$var/venv.stamp

# The folder is part of it, because an environment stops working when it is moved or copied.
fingerprint() { # run or dev
    if [ "$1" = dev ]; then set -- dev "$lists/requirements-dev.txt"; else set -- run; fi
    kind=$1
    shift
    printf '%s %s\n' "$kind" "$( (echo "$root" && cat "$lists/requirements-bootstrap.txt" "$lists/requirements.txt" "$@") | sha256)"
}
# The development set holds the other one, so it serves both purposes.
is_ready() {
    [ -f "$stamp" ] && { [ "$(cat "$stamp")" = "$(fingerprint "$wanted")" ] || [ "$(cat "$stamp")" = "$(fingerprint dev)" ]; } &&
        "$python" -c '' 2>/dev/null # false when the Python it was made from is gone
}

is_ready && exit 0
find_python

# Two terminals must not build the same environment at once: the second waits, then finds it ready.
exec 8>>"$var/setup.lock"
try_lock 8 || { say "another setup is at work in this folder; waiting for it." && try_lock 8 wait; }
is_ready && exit 0

# Whoever has the development set keeps it when the lists change.
if [ -f "$stamp" ]; then read -r had _ <"$stamp" && [ "$had" != dev ] || wanted=dev; fi

if ! can_make_environments "$base"; then
    say "$base cannot make environments; Debian keeps that part in a package of its own."
    install_debian_packages "Setting up" "python$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    can_make_environments "$base" || stop "$base still cannot make environments." "Choose another Python: PYTHON=/path/to/python3.12 make run"
fi

failed() {
    if grep -qiE 'resol(ve|ution)|connect|timed out|dns|unreachable|retries exceeded' "$logs/setup.log"; then
        tail -n 3 "$logs/setup.log" >&2
        stop "the package registry cannot be reached. A connection is needed this once; later starts need none." \
            "Behind a proxy: set HTTPS_PROXY. With a mirror: set PIP_INDEX_URL and UV_DEFAULT_INDEX. Then run this again."
    fi
    tail -n 15 "$logs/setup.log" >&2
    stop "that did not work; the whole story is in var/log/setup.log. It is safe to run this again."
}

# Always from an empty folder: what an interrupted installation left behind may look complete and not be.
# Packages already fetched are kept apart (var/packages), so starting over costs seconds.
rm -rf "$stamp" "$var/venv"
timed "making a Python environment in var/venv, with $("$base" -V)" "$logs/setup.log" \
    "$base" -m venv "$var/venv" || failed
timed "fetching the installer" "$logs/setup.log" \
    "$python" -m pip install --retries 2 --require-hashes -r "$lists/requirements-bootstrap.txt" || failed
if [ "$wanted" = dev ]; then set -- "$lists/requirements-dev.txt"; else set -- "$lists/requirements.txt"; fi
timed "installing the packages, each checked against its hash" "$logs/setup.log" \
    "$var/venv/bin/uv" pip sync --require-hashes --compile-bytecode --python "$python" \
    "$1" "$lists/requirements-bootstrap.txt" || failed

# Last, and in one move: an interruption anywhere above leaves no stamp and the next run begins again.
fingerprint "$wanted" >"$stamp.new"
mv "$stamp.new" "$stamp"
