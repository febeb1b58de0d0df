#!/usr/bin/env bash
# Builds AWS's session-manager-plugin from its Go module once, in the cache folder (18 MB, some minutes), and prints the program's path.
# Apache-2.0; development only: people install AWS's package. Needs Go 1.26.
set -euo pipefail
cd "$(dirname "$0")"
cache="$(bash ../../support/cache.sh)"
exec 9>"$cache/session-manager-plugin.lock"
flock 9
program="$cache/session-manager-plugin-$(cat go.mod go.sum | sha256sum | cut -c1-16)/session-manager-plugin"
if [ ! -x "$program" ]; then
  echo "  building session-manager-plugin (some minutes, once): $program" >&2
  mkdir -p "$(dirname "$program")"
  GOFLAGS="-mod=readonly -buildvcs=false" go build -ldflags "-s -w" -o "$program.unfinished" \
    github.com/aws/session-manager-plugin/src/sessionmanagerplugin-main >&2
  mv "$program.unfinished" "$program"
fi
echo "$program"
