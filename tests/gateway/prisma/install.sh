#!/usr/bin/env bash
# Makes what the gateway suite needs and is dear, once, in the cache folder: npm packages, a virtual environment with LiteLLM, and in it the
# Python client of LiteLLM's database. Says on standard output where they are, as lines for a shell: eval "$(bash tests/gateway/prisma/install.sh)"
# With a version of LiteLLM it makes the same for that one, beside the other: its packages are found anew and frozen in the cache.
# The second run takes a moment. Removing the folder "gateway" in the cache undoes everything.
set -euo pipefail
cd "$(dirname "$0")/../../.."
suite=tests/gateway
cache="$(bash tests/support/cache.sh)/gateway"
mkdir -p "$cache"

say() { echo "  $*" >&2; }
hash_of() { cat "$@" | sha256sum | cut -c1-16; }

# Two runs at once would install into the same folders; the second waits for the first and finds everything made.
exec 9>"$cache/install.lock"
flock 9

packages="$cache/npm-$(hash_of "$suite/package-lock.json")"
if [ ! -d "$packages" ]; then
  say "npm packages (450 MB, under a minute): $packages"
  rm -rf "$packages.unfinished"
  mkdir "$packages.unfinished"
  cp "$suite/package.json" "$suite/package-lock.json" "$packages.unfinished"
  (cd "$packages.unfinished" && npm ci --ignore-scripts --no-audit --no-fund --loglevel error) >&2
  mv "$packages.unfinished" "$packages"
fi
export GATEWAY_NODE_MODULES="$packages/node_modules"

python="$(bash "$suite/release/python.sh")"
requirements="$suite/requirements.txt"
if [ $# -gt 0 ]; then
  requirements="$cache/candidate-$1.txt"
  if [ ! -f "$requirements" ]; then
    say "the packages of LiteLLM $1 (about a minute): $requirements"
    node -r tsx/cjs "$suite/release/requirements.ts" "$python" "$requirements.unfinished" "$1"
    mv "$requirements.unfinished" "$requirements"
  fi
fi

# A virtual environment's scripts hold its path, so it is made in place and counts only with the mark that is set last.
environment="$cache/python-$("$python" -c 'import sys; print(*sys.version_info[:3], sep=".")')-$(hash_of "$requirements" "$suite/prisma/generate.ts" "$suite/prisma/engine/release.ts")"
export GATEWAY_PYTHON="$environment/bin/python"
if [ ! -f "$environment/complete" ]; then
  say "LiteLLM and its packages (2 GB, about 3 minutes): $environment"
  rm -rf "$environment"
  "$python" -m venv "$environment"
  "$GATEWAY_PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps --requirement "$requirements" >&2
  say "the Python client of LiteLLM's database"
  node -r tsx/cjs "$suite/prisma/generate.ts"
  # LiteLLM asks Prisma's command line whether the tables are as they should be, and it would download an engine to answer.
  printf '#!/bin/sh\nexit 0\n' >"$environment/bin/prisma"
  touch "$environment/complete"
fi

printf 'export GATEWAY_NODE_MODULES=%q\nexport GATEWAY_PYTHON=%q\nexport GATEWAY_REQUIREMENTS=%q\n' "$GATEWAY_NODE_MODULES" "$GATEWAY_PYTHON" "$(realpath "$requirements")"
