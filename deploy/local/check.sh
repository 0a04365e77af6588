#!/bin/sh
# "make check": everything that can be judged without running the portal. All of it runs, also when one
# part fails, so that one round shows everything there is to mend.
. "$(dirname -- "$0")/common.sh"

sh deploy/local/setup.sh dev
mkdir -p "$var/checks"
failed=''

check() { # name, command...
    name=$1
    shift
    timed "$name" "$var/checks/last.log" "$@" || {
        cat "$var/checks/last.log"
        failed="$failed
    $name"
    }
}
templates() { find templates portal survivors providers standards -name '*.html' -exec "$@" {} +; }

# The settings of a public server, so that what is checked is what will be served. Made up here, because
# nobody's own environment may change the verdict.
unset WAYMARK_DEMO WAYMARK_TESTING WAYMARK_MAINTENANCE BEHIND_PROXY LEAVE_DESTINATION
SECRET_KEY=$("$python" -c 'import secrets; print(secrets.token_urlsafe(45))') # 60 characters
VAULT_ROOT_KEYS=1:$("$python" -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())')
DATABASE_URL=sqlite:///$var/checks/check.sqlite3
KEYRING_URL=sqlite:///$var/checks/keyring.sqlite3
CACHE_URL=filecache://$var/checks/cache
CLAMD_ADDRESS=tcp://127.0.0.1:3310
ALLOWED_HOSTS=guide.example
SITE_ADDRESS=https://guide.example
export CLAMD_ADDRESS SECRET_KEY VAULT_ROOT_KEYS KEYRING_URL DATABASE_URL CACHE_URL ALLOWED_HOSTS SITE_ADDRESS

check "layout of the code (ruff format)" "$python" -m ruff format --check .
check "common mistakes (ruff)" "$python" -m ruff check .
check "types (mypy)" "$python" -m mypy
check "who may import whom (import-linter)" "$python" -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' \
    --no-logo --cache-dir "$var/checks/imports"
check "layout of the templates (djade)" templates "$var/venv/bin/djade" --check
check "common mistakes in templates (djlint)" templates "$python" -m djlint --lint --quiet
check "a migration for every model (makemigrations)" "$python" manage.py makemigrations --check --dry-run
check "settings of a public server (check --deploy)" "$python" manage.py check --deploy --fail-level WARNING

[ -z "$failed" ] || stop "these checks failed (their output is above):$failed"
say "all checks passed."
