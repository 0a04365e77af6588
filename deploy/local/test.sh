#!/bin/sh
# The tests of "make test" and "make bench". Its arguments go to pytest.
. "$(dirname -- "$0")/common.sh"

sh deploy/local/setup.sh dev

# What Python packages cannot bring: the databases of production, a real browser, and gettext.
missing=''
need() { # Debian package, a command that shows it is there
    command -v "$2" >/dev/null 2>&1 || missing="$missing $1"
}
need chromium chromium
need redis-server redis-server
need gettext msgfmt
# Debian keeps the servers out of PATH, one folder for each version.
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
# The paper copy: WeasyPrint loads Pango by itself, and every script of the guide needs letters.
"$python" -c 'import weasyprint' >/dev/null 2>&1 || missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
has_letters || missing="$missing fonts-noto-core"
# shellcheck disable=SC2086 # a list of names
[ -z "$missing" ] || install_debian_packages "Testing" $missing

# As "python -m pytest", which puts this folder on the path early enough for the plugin tests.services:
# it starts a PostgreSQL and a Redis of the tests' own before the settings are read.
say "running the tests."
for argument in "$@"; do
    [ ! -e "${argument%%::*}" ] || exec "$python" -m pytest "$@" # these tests and no others
done

# First what only computes, on every core; then browsers, kills and the clock, which need the machine for themselves.
cores=$(getconf _NPROCESSORS_ONLN)
status=0 found=0
run() {
    outcome=0
    "$python" -m pytest "$@" || outcome=$?
    case $outcome in
    0) found=1 ;;
    5) ;; # none of the tests that were asked for is in this part
    *) found=1 status=$outcome ;;
    esac
}
run -n "$((cores < 4 ? cores : 4))" --dist loadfile --no-loadscope-reorder "$@" tests/unit tests/integration
run "$@" tests/browser tests/drills
[ "$found" = 1 ] || stop "no test was found."
exit "$status"
