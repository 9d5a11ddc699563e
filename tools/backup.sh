#!/usr/bin/env bash
# Backs up the database and the keys of a platform on a server of one's own, while it runs: tools/backup.sh TO KEYS
# KEYS is the folder that has what PersonalData:KeyFolder, Integrity:KeyFile name. The database is the one that libpq finds (PGHOST, PGDATABASE,
# PGSERVICE …); RELEASE may name what runs. The backup is TO, whole or not at all; tools/restore.sh and `restore` of the apphost take it.
set -euo pipefail
umask 077
[ $# -eq 2 ] || { echo "usage: $0 TO KEYS" >&2; exit 1; }
to=${1%/} keys=${2%/}
[ ! -e "$to" ] || { echo "$to is there already: name another folder." >&2; exit 1; }
[ -d "$keys" ] || { echo "There are no keys in $keys." >&2; exit 1; }

part=$to.part
rm -rf "$part"
mkdir -p "$part"
trap 'rm -rf "$part"' EXIT
now() { date -u +%Y-%m-%dT%H:%M:%S.%6NZ; }

at=$(now)
pg_dump --format=custom --no-password --file="$part/database.dump"
postgres=$(psql --no-psqlrc --no-password --tuples-only --no-align --command "select current_setting('server_version_num')::int / 10000")
# After the database: whatever was sealed in it was sealed with a key that is there by now. Locks and what is being written are left out.
mkdir "$part/keys"
(cd "$keys" && find . -type f -regextype posix-extended ! -regex '.*\.(lock|tmp|[0-9a-f]{32})' -exec cp --parents -p {} "$part/keys/" \;)
cd "$part"
files=$(find . -type f | wc -l)
printf '{\n  "format": 1,\n  "release": "%s",\n  "at": "%s",\n  "restorableFrom": "%s",\n  "postgres": %s,\n  "files": %s\n}\n' \
  "${RELEASE:-}" "$at" "$(now)" "$postgres" $((files + 1)) > backup.json
find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum > SHA256SUMS
sync -f .
cd - > /dev/null
mv "$part" "$to"
trap - EXIT
echo "backed up to $to: everything acknowledged before $at"
