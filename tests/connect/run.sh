#!/usr/bin/env bash
# `connect` with AWS's own session-manager-plugin and start-session, against a stand-in of Session Manager on
# loopback; ssh and sshd through them. Needs Go for the first run, Python, and a Debian or Ubuntu whose packages can be installed; nothing of AWS.
set -euo pipefail
cd "$(dirname "$0")/../.."
bash tests/support/packages.sh << 'LIST'
ssh openssh-client
/usr/sbin/sshd openssh-server
dash dash
zsh zsh
curl curl
shellcheck shellcheck
LIST
CONNECT_PLUGIN="$(bash tests/connect/plugin/install.sh)"
CONNECT_AWS="$(bash tests/support/aws-cli.sh)/bin/aws"
export CONNECT_PLUGIN CONNECT_AWS
exec npx --no-install mocha --no-config --require ./tests/support/stacks-guard.cjs --require tsx/cjs --forbid-only --forbid-pending --timeout 300000 'tests/connect/**/*.test.ts' "$@"
