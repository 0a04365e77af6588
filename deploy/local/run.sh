#!/bin/sh
# "make run": from a fresh clone to a running portal with demo data, on this machine only.
. "$(dirname -- "$0")/common.sh"

port=${PORT:-8000}
address=http://localhost:$port

case $port in '' | *[!0-9]*) stop "PORT must be a number, not \"$port\"." ;; esac
[ "$port" -ge 1 ] && [ "$port" -le 65535 ] || stop "PORT must lie between 1 and 65535."

# Stopping half way is harmless: every step below is done again if it did not finish.
trap 'printf "\n"; say "stopped."; exit 0' INT TERM HUP

# Two servers would write to one database and one set of stamps. The server inherits the lock, and keeps it
# even if this script is killed.
find_python
exec 9>>"$var/run.lock"
try_lock 9 || stop "it is already running here: $(cat "$var/run.lock")." \
    "Stop that one first, or use a second clone for a second portal."
printf 'process %s, %s\n' "$$" "$address" >"$var/run.lock"

# Asked now rather than after the long work. Both loopbacks, since a browser tries either for "localhost".
port_is_free() {
    "$base" -c 'import socket, sys
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, int(sys.argv[1])))
    except PermissionError: sys.exit("it is reserved for the administrator")
    except OSError as problem:
        if family == socket.AF_INET or problem.errno == __import__("errno").EADDRINUSE: sys.exit("it is in use")' "$port"
}
port_user() {
    { command -v lsof >/dev/null 2>&1 && lsof -nP -iTCP:"$port" -sTCP:LISTEN 2>/dev/null | awk 'NR == 2 { print $1 ", process " $2 }'; } ||
        { command -v ss >/dev/null 2>&1 && ss -Hltnp "sport = :$port" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1, process \2/p'; } || true
}
if ! why=$(port_is_free 2>&1); then
    user=$(port_user | head -n 1)
    stop "port $port cannot be used: $why${user:+ by $user}." "Try another: make run PORT=$((port < 65535 ? port + 1 : 8001))"
fi

sh deploy/local/setup.sh run

# A key and a password of this copy's own, made once and readable by its owner only.
if [ ! -f "$var/local.env" ]; then
    (
        umask 077
        "$python" -c 'import secrets
print("# Made by make run for this copy alone. Delete var/ to start over.")
print(f"SECRET_KEY={secrets.token_urlsafe(50)}")
print(f"DEMO_PASSWORD={secrets.token_hex(2)}-{secrets.token_hex(2)}-{secrets.token_hex(2)}-{secrets.token_hex(2)}")' >"$var/local.env.new"
        mv "$var/local.env.new" "$var/local.env"
    )
fi
# A copy made before anything was sealed has no keys for it yet.
grep -q '^VAULT_ROOT_KEYS=' "$var/local.env" ||
    "$python" -c 'import base64, secrets
print(f"VAULT_ROOT_KEYS=1:{base64.b64encode(secrets.token_bytes(32)).decode()}")' >>"$var/local.env"
grep -q '^FIELD_KEYS=' "$var/local.env" ||
    "$python" -c 'import base64, secrets
print(f"FIELD_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}")' >>"$var/local.env"
set -a
. "$var/local.env"
WAYMARK_DEMO=1
DATABASE_URL=sqlite:///$var/waymark.sqlite3
KEYRING_URL=sqlite:///$var/keyring.sqlite3
CACHE_URL=filecache://$var/cache
ALLOWED_HOSTS=localhost,127.0.0.1
SITE_ADDRESS=$address
set +a

# The long steps are left out while the files they depend on are those of the last time they succeeded.
fingerprint() { # conditions for find(1)
    find . \( -path ./var -o -path ./.git -o -path ./tests -o -path ./docs \) -prune -o -type f \( "$@" \) \
        -exec sh -c 'if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi' sh {} + | sort | sha256
}
is_unchanged() { # name, its fingerprint now, something the step makes
    [ -e "$3" ] && [ "$(cat "$var/$1.stamp" 2>/dev/null)" = "$2" ]
}
manage() { # what it is doing, manage.py arguments...
    doing=$1
    shift
    timed "$doing" "$logs/start.log" "$python" manage.py "$@" || {
        tail -n 15 "$logs/start.log" >&2
        stop "that did not work; the whole story is in var/log/start.log. It is safe to run this again."
    }
}

catalogues=$(fingerprint -name '*.po' -o -name languages.py)
if ! is_unchanged catalogues "$catalogues" "$var/locale"; then
    manage "compiling the translations" compile_catalogues
    echo "$catalogues" >"$var/catalogues.stamp"
fi

# The lock file counts too: the packages bring migrations of their own.
database=$(fingerprint -path '*/migrations/*.py' -o -path '*/data/*' -o -path '*seed*' -o -name languages.py -o -name requirements.txt)
if ! is_unchanged database "$database" "$var/waymark.sqlite3"; then
    manage "making the tables (the first time takes longest)" migrate --noinput
    manage "making the keyring" migrate vault --noinput --database keyring
    manage "putting in the pages and the demo data" seed --demo
    echo "$database" >"$var/database.stamp"
fi

# The server gets a session of its own, and only this script ends it. The terminal would do it badly: granian
# takes a closed window as "reload" and stays, and a worker that Ctrl-C reaches twice at once, from the terminal
# and from granian, hangs (seen once in forty). The timeout, in seconds, is for one that is not up yet.
mkdir -p "$var/static" # empty: locally the files are served from where they are, but the folder must exist
say "starting."
"$python" -c 'import os, sys; os.setsid(); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])' \
    -m granian --interface wsgi --workers 1 --blocking-threads 4 --no-ws --log-level warning --workers-kill-timeout 2 \
    --host 127.0.0.1 --port "$port" portal.wsgi:application &
server=$!
printf 'process %s, %s\n' "$server" "$address" >"$var/run.lock"
paper='' worker=''
# shellcheck disable=SC2086 # nothing, or one number
trap 'printf "\n"; kill "$server" $worker $paper 2>/dev/null || true; wait "$server" $worker || true; say "stopped."; exit 0' INT TERM HUP

# The addresses are shown when the portal really answers, not when it is about to.
answer=0
"$python" -c 'import http.client, os, sys, time
server, port = map(int, sys.argv[1:])
while True:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/")
        sys.exit(connection.getresponse().status >= 500)
    except OSError: time.sleep(0.1)
    try: os.kill(server, 0)
    except OSError: sys.exit(2)' "$server" "$port" 2>/dev/null || answer=$?
case $answer in
0)
    # E-mails, reminders and documents: a process of its own, in a session of its own, like the server.
    "$python" -c 'import os, sys; os.setsid(); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])' \
        deploy/local/worker.py 9>&- >"$logs/worker.log" 2>&1 </dev/null &
    worker=$!
    cat <<END

  Waymark is running, for this machine only.

    The guide for survivors   $address/
    People who sign in        $address/accounts/demo/
        one click each        manager, assessor, inspector, commissioner, editor, administrator ...
        or the ordinary way   $address/accounts/login/
                              manager@harbour.example and the password $DEMO_PASSWORD;
                              the page above shows the code of the second factor

    To stop it                Ctrl-C
    To start again            make run         (keeps what you did)
    To start over             rm -rf var       (deletes the database and everything else it made)

END
    # The guide as files for printing: minutes of work that nobody waits for, and only where the libraries are.
    if has_letters && "$python" -c 'import weasyprint' >/dev/null 2>&1; then
        say "making the paper copies in the background; see var/log/paper.log."
        nice "$python" manage.py make_paper 9>&- >"$logs/paper.log" 2>&1 </dev/null &
        paper=$!
    else
        say "without paper copies: they need libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core (Debian)."
    fi
    ;;
1) say "it has started, but its first page is an error; see above." ;;
esac

wait "$server" || {
    # shellcheck disable=SC2086 # nothing, or one number
    kill $worker $paper 2>/dev/null || true
    stop "the server has ended by itself; what it said last stands above."
}
