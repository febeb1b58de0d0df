#!/usr/bin/env bash
# What machines do at their first start, checked by the programs that read it: cloud-init, shellcheck, nft, visudo, sshd, Python, and the
# settings writer against a gateway. Needs a Debian or Ubuntu whose packages can be installed; nothing of AWS.
set -euo pipefail
cd "$(dirname "$0")/../.."
missing=()
while read -r program package; do command -v "$program" > /dev/null || missing+=("$package"); done << 'LIST'
shellcheck shellcheck
cloud-init cloud-init
/usr/sbin/nft nftables
/usr/sbin/visudo sudo
/usr/sbin/sshd openssh-server
ss iproute2
python3 python3
LIST
root=()
if [ "$(id -u)" -ne 0 ]; then root=(sudo); fi
if [ "${#missing[@]}" -gt 0 ]; then
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
# sshd reads its settings only where this folder is.
"${root[@]}" mkdir -p /run/sshd
exec npx --no-install mocha --no-config --require ./tests/support/stacks-guard.cjs --require tsx/cjs --forbid-only --forbid-pending --timeout 120000 'tests/workspace/**/*.test.ts' "$@"
