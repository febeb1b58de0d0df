#!/usr/bin/env bash
# The trace store's TLS with its real parts: HAProxy, ClickHouse and PostgreSQL with the generated settings, certificates of the program's own
# issuer, names from a DNS server. Everything runs in a network of its own, so the ports are the deployed ones. Needs Debian 12 and root or sudo.
# ClickHouse is Debian's 18.16, the only server that a package registry has: Langfuse needs 25.12, whose newer settings it does not know.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=()
if [ "$(id -u)" -ne 0 ]; then root=(sudo --preserve-env env "PATH=$PATH"); fi
bash tests/support/packages.sh << 'LIST'
/usr/sbin/haproxy haproxy
/usr/sbin/dnsmasq dnsmasq-base
/usr/lib/postgresql/15/bin/initdb postgresql-15
/usr/bin/clickhouse-client clickhouse-client
psql postgresql-client
setpriv util-linux
openssl openssl
curl curl
ip iproute2
ps procps
LIST
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
# The server's package is unpacked, not installed: no service starts, and nothing of it stays.
(cd "$work" && apt-get -o APT::Sandbox::User=root download -qq clickhouse-server > /dev/null && dpkg-deb -x clickhouse-server_*.deb clickhouse)
chmod 0755 "$work"
npm run --silent build
export CLICKHOUSE_PACKAGE="$work/clickhouse" NODE_NO_WARNINGS=1
# A network, and folders for run-time files, of this run alone.
# shellcheck disable=SC2016
"${root[@]}" unshare --net --mount bash -c '
  set -e
  ip link set lo up
  echo "nameserver 127.0.0.1" > "$0/resolv.conf"
  mount --bind "$0/resolv.conf" /etc/resolv.conf
  mount -t tmpfs -o mode=0755 tmpfs /run
  mkdir -m 1777 /run/haproxy
  exec npx --no-install mocha --no-config --require ./tests/support/stacks-guard.cjs --require tsx/cjs --forbid-only --forbid-pending \
    --timeout 120000 --exit "tests/trace-store/*.test.ts"' "$work"
