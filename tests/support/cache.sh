#!/usr/bin/env bash
# Makes the folder in which suites keep what is dear to make, and prints its absolute path: $CLINE_CACHE, or one in the user's cache folder.
set -euo pipefail
cache="${CLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cline-landing-zone}"
mkdir -p "$cache"
cd "$cache"
pwd
