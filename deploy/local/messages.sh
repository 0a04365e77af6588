#!/bin/sh
# "make messages": collects the texts to translate into locale/*/LC_MESSAGES/*.po, then compiles them.
. "$(dirname -- "$0")/common.sh"

sh deploy/local/setup.sh dev
command -v xgettext >/dev/null 2>&1 || install_debian_packages "Collecting texts" gettext
export SECRET_KEY=only-to-read-the-sources ALLOWED_HOSTS=localhost

# The languages one by one: "--all" would look where the compiled files are. English is what the sources say.
set -- $("$python" -c 'from portal.languages import FIRST_RELEASE, SOURCE
print(*(f"--locale={language.code}" for language in FIRST_RELEASE if language.code != SOURCE))')
mkdir -p locale
# Without places, so that moving a line of code changes no translation file.
"$python" manage.py makemessages "$@" --no-location --no-wrap --ignore 'var/*' --ignore 'tests/*'
"$python" manage.py compile_catalogues
