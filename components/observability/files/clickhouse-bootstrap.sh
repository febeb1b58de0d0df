#!/bin/bash
# Prepares the ClickHouse host once. Only an empty volume is formatted, so traces survive a new host.
set -euo pipefail

dnf --quiet --assumeyes install docker xfsprogs
systemctl disable --now sshd

device=/dev/sdf
for _ in $(seq 120); do [ -b "$device" ] && break; sleep 5; done
[ -b "$device" ] || { echo "the data volume did not appear at $device within ten minutes"; exit 1; }
blkid "$device" || mkfs.xfs -q -L clickhouse "$device"
mkdir -p /var/lib/clickhouse
grep -q " /var/lib/clickhouse " /etc/fstab ||
  echo "UUID=$(blkid -s UUID -o value "$device") /var/lib/clickhouse xfs defaults,nosuid,nodev,noexec,x-systemd.device-timeout=300 0 2" >> /etc/fstab
systemctl daemon-reload
mountpoint -q /var/lib/clickhouse || mount /var/lib/clickhouse
xfs_growfs /var/lib/clickhouse
chown 101:101 /var/lib/clickhouse

systemctl enable --now docker.service clickhouse.service clickhouse-retention.timer
