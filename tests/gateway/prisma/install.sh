#!/usr/bin/env bash
# Makes what the gateway suite needs and is dear, once, in the cache folder: npm packages, a virtual environment with LiteLLM, and in it the
# Python client of LiteLLM's database. Says on standard output where they are, as lines for a shell: eval "$(bash tests/gateway/prisma/install.sh)"
# The second run takes a moment. Removing the folder "gateway" in the cache undoes everything.
set -euo pipefail
cd "$(dirname "$0")/../../.."
suite=tests/gateway
cache="${CLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cline-landing-zone}/gateway"
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

# LiteLLM's image takes Wolfi's python3, which is 3.13 or later; the packages below have wheels for 3.13. With Python 3.11 everything is tested but
# that LiteLLM's workers sometimes crash in it (`failures`), so an older one is used only where there is no other. $PYTHON overrules.
python() {
  local each
  for each in "${PYTHON:-}" python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13.*/bin/python3.13 python3.12 python3.11; do
    if [ -n "$each" ] && "$each" -c 'import venv, ensurepip' 2>/dev/null; then
      echo "$each"
      return
    fi
  done
  say "no Python of 3.11 to 3.13 with venv: install python3.13 and python3.13-venv, or name one in PYTHON"
  return 1
}
python="$(python)"

# A virtual environment's scripts hold its path, so it is made in place and counts only with the mark that is set last.
environment="$cache/python-$("$python" -c 'import sys; print(*sys.version_info[:3], sep=".")')-$(hash_of "$suite/requirements.txt" "$suite/prisma/generate.ts" "$suite/prisma/engine/release.ts")"
export GATEWAY_PYTHON="$environment/bin/python"
if [ ! -f "$environment/complete" ]; then
  say "LiteLLM and its packages (1 GB, about 2 minutes): $environment"
  rm -rf "$environment"
  "$python" -m venv "$environment"
  "$GATEWAY_PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps --requirement "$suite/requirements.txt" >&2
  say "the Python client of LiteLLM's database"
  node -r tsx/cjs "$suite/prisma/generate.ts"
  # LiteLLM asks Prisma's command line whether the tables are as they should be, and it would download an engine to answer.
  printf '#!/bin/sh\nexit 0\n' >"$environment/bin/prisma"
  touch "$environment/complete"
fi

printf 'export GATEWAY_NODE_MODULES=%q\nexport GATEWAY_PYTHON=%q\n' "$GATEWAY_NODE_MODULES" "$GATEWAY_PYTHON"
