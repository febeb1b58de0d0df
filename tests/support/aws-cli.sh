#!/usr/bin/env bash
# Installs AWS's command line, version 1, once, in the cache folder, and prints the folder of its virtual environment.
# Version 2 is on no package index; `start-session` and the models are the same in both.
set -euo pipefail
cache="$(bash "$(dirname "$0")/cache.sh")"
exec 9>"$cache/aws-cli.lock"
flock 9
folder="$cache/aws-cli"
if [ ! -x "$folder/bin/aws" ]; then
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check awscli==1.46.3 >&2
fi
echo "$folder"
