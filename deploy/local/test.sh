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
exec "$python" -m pytest "$@"
