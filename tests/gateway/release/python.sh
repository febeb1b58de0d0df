#!/usr/bin/env bash
# Prints an interpreter of the version that tests/gateway/requirements.txt is frozen for: the image's. $PYTHON names one where this does not find it.
set -euo pipefail
wanted="$(sed -n 's/^# Python //p' "$(dirname "$0")/../requirements.txt")"
for each in "${PYTHON:-}" "python$wanted" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$wanted".*/bin/"python$wanted"; do
  if [ -n "$each" ] && "$each" -c "import venv, ensurepip, sys; sys.exit('%d.%d' % sys.version_info[:2] != '$wanted')" 2> /dev/null; then
    echo "$each"
    exit
  fi
done
echo "  no Python $wanted with venv: install python$wanted and python$wanted-venv, or name one in PYTHON" >&2
exit 1
