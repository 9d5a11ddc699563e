#!/usr/bin/env bash
# Stores what today's code stores and answers in tests/EndToEnd/Releases/NAME, for all later releases to open. Run once for each release, with
# its version as NAME, from the commit that is tagged.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 1 ] || { echo "usage: tools/store-release.sh NAME" >&2; exit 1; }
[ ! -e "tests/EndToEnd/Releases/$1" ] || { echo "tests/EndToEnd/Releases/$1 is there already: what was released stays as it is." >&2; exit 1; }

dotnet build tests/EndToEnd -m:2 -v q -nologo -p:Version="${1#v}"
STORE_RELEASE=$1 dotnet artifacts/bin/EndToEnd/debug/PolicyPlatform.EndToEnd.dll \
  -method PolicyPlatform.EndToEnd.when_a_release_follows_another.what_today_stores_is_stored_when_a_release_is_made
du -sh "tests/EndToEnd/Releases/$1"
