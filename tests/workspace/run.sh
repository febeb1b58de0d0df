#!/usr/bin/env bash
# What machines do at their first start, checked by the programs that read it: cloud-init, systemd, shellcheck, nft, visudo, sshd, Python, the
# settings writer against a gateway, HAProxy as the local gateway, code-server in Chromium, the kernel's packet filter, and the bootstraps on disk images, killed before
# each of their commands. Needs a Debian or Ubuntu whose packages can be installed, loop devices, and root or sudo; nothing of AWS.
set -euo pipefail
cd "$(dirname "$0")/../.."
bash tests/support/packages.sh << 'LIST'
shellcheck shellcheck
cloud-init cloud-init
/usr/sbin/nft nftables
/usr/sbin/visudo sudo
/usr/sbin/sshd openssh-server
ss iproute2
chromium chromium
/usr/sbin/haproxy haproxy
setpriv util-linux
pgrep procps
systemd-analyze systemd
/usr/sbin/mkfs.xfs xfsprogs
/usr/bin/python3 python3
LIST
exec npx --no-install mocha --no-config --require ./tests/support/stacks-guard.cjs --require tsx/cjs --forbid-only --forbid-pending --timeout 600000 'tests/workspace/**/*.test.ts' "$@"
