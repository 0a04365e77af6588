#!/bin/sh
# "make messages": collects the texts to translate into locale/*/LC_MESSAGES/*.po, then compiles them.
. "$(dirname -- "$0")/common.sh"

sh deploy/local/setup.sh dev
command -v xgettext >/dev/null 2>&1 || install_debian_packages "Collecting texts" gettext
export SECRET_KEY=only-to-read-the-sources ALLOWED_HOSTS=localhost

# The languages one by one: "--all" would look where the compiled files are. English is what the sources say. Languages in which
# nobody works have no use for the words of the workspace.
set -f # patterns are for makemessages, not for this shell
locales() { # a condition in Python
    "$python" -c "from portal.languages import FIRST_RELEASE, SOURCE, WORKSPACE
print(*(f'--locale={language.code}' for language in FIRST_RELEASE if language.code != SOURCE and language.code $1 WORKSPACE))"
}
left_out=$("$python" -c 'from portal.languages import WORKSPACE_FILES
print(*(f"--ignore={pattern}" for pattern in WORKSPACE_FILES))')
mkdir -p locale
collect() { # Without places, so that moving a line of code changes no translation file.
    "$python" manage.py makemessages "$@" --no-location --no-wrap --ignore 'var/*' --ignore 'tests/*'
}
# shellcheck disable=SC2046,SC2086 # lists of options
collect $(locales in)
# shellcheck disable=SC2046,SC2086
collect $(locales 'not in') $left_out
"$python" manage.py compile_catalogues
