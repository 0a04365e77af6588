#!/bin/sh
# "make lock": works out the exact versions and hashes again after a requirements*.in file has changed.
# Give --upgrade to move everything to the newest version those files allow.
. "$(dirname -- "$0")/common.sh"

sh deploy/local/setup.sh dev
cd deploy/requirements
# --universal: one list for every Python from 3.11 on and every system. No addresses: whoever installs
# uses the registry of their own choice, and the hashes vouch for what it hands out.
for name in requirements-bootstrap requirements requirements-dev; do
    "$var/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes "$@" \
        --no-header --no-emit-index-url --no-emit-find-links "$name.in" -o "$name.txt"
done
say "done: see git diff deploy/requirements"
