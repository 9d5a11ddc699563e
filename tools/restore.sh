#!/usr/bin/env bash
# Restores a backup of tools/backup.sh, or of the apphost, to a server of one's own: tools/restore.sh FROM KEYS [KEYS_FROM]
# KEYS_FROM is the folder of its keys where they are kept apart from it; newer ones in it are taken too.
# The database is the one that libpq finds (PGHOST, PGDATABASE …), as its owner; it must be empty, and so must the folder KEYS, or not be there.
# No process of the platform runs meanwhile. The keys come when the database is there, and that comes in one transaction.
set -euo pipefail
umask 077
[ $# -eq 2 ] || [ $# -eq 3 ] || { echo "usage: $0 FROM KEYS [KEYS_FROM]" >&2; exit 1; }
from=${1%/} keys=${2%/} kept=${3:-$1/keys}
[ -f "$from/backup.json" ] && [ -f "$from/SHA256SUMS" ] || { echo "$from is no complete backup." >&2; exit 1; }
fact() { sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\).*/\1/p" "$from/backup.json"; }
[ "$(fact format)" = 1 ] || { echo "$from was made by a newer version of the platform ($(fact release)): restore it with that." >&2; exit 1; }
[ "$(wc -l < "$from/SHA256SUMS")" = "$(fact files)" ] || { echo "$from is damaged: SHA256SUMS does not name all of its files." >&2; exit 1; }
# Those of the keys where the keys are, the others here.
sums() { sed -n "$1" "$from/SHA256SUMS"; }
checked() { local named; named=$(cat); [ -z "$named" ] || (cd "$1" && sha256sum --check --quiet --strict <<< "$named"); }
sums '/^[0-9a-f]*  keys\//!p' | checked "$from" && sums 's/^\([0-9a-f]*  \)keys\//\1/p' | checked "$kept" ||
  { echo "$from is incomplete or damaged." >&2; exit 1; }
[ -f "$from/database.dump" ] || { echo "$from is a base backup: only the apphost restores it." >&2; exit 1; }
[ ! -d "$keys" ] || [ -z "$(ls -A "$keys")" ] || { echo "$keys is not empty." >&2; exit 1; }
tables=$(psql --no-psqlrc --no-password --tuples-only --no-align --command \
  "select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
[ "$tables" = 0 ] || { echo "The database is not empty: it has $tables tables." >&2; exit 1; }

database=$(psql --no-psqlrc --no-password --tuples-only --no-align --command "select current_database()")
pg_restore --no-owner --no-privileges --exit-on-error --single-transaction --no-password --dbname="$database" "$from/database.dump"
mkdir -p "$keys"
cp -R "$kept/." "$keys/"
echo "restored, with everything acknowledged before $(fact at): start the services"
