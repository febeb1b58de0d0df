#!/bin/bash
# Prepares the ClickHouse host. systemd starts it again until it succeeds, so every step may find itself done, or half done. Only a volume
# that was empty is formatted, so traces survive a new host.
set -euo pipefail
step() { echo "bootstrap: $1"; }

step "packages"
dnf --quiet --assumeyes install docker xfsprogs

step "no SSH"
systemctl disable --now sshd

step "data volume"
device=/dev/sdf
for _ in $(seq 60); do [ -b "$device" ] && break; sleep 5; done
[ -b "$device" ] || { echo "the data volume did not appear at $device within five minutes"; exit 1; }
# The mark says that the volume was empty: a format that was cut off leaves something that is neither empty nor a file system.
mkdir -p /var/lib/cline
formatting=/var/lib/cline/formatting
# 2: nothing was found. 8: signatures of several kinds, which files of a home can hold too: that volume is not empty.
found=0
blkid -p "$device" || found=$?
if [ ! -e "$formatting" ] && [ "$found" -eq 2 ]; then touch "$formatting"; sync; fi
if [ -e "$formatting" ]; then
  mountpoint -q /var/lib/clickhouse && { echo "$formatting: the volume is in use, and is not formatted"; exit 1; }
  mkfs.xfs -q -f -L clickhouse "$device"
  rm "$formatting"
fi

step "mount"
mkdir -p /var/lib/clickhouse
id="$(blkid -s UUID -o value "$device" || true)"
[ -n "$id" ] || { echo "$device: no file system"; exit 1; }
grep -v " /var/lib/clickhouse " /etc/fstab > /etc/fstab.new || true
echo "UUID=$id /var/lib/clickhouse xfs defaults,nosuid,nodev,noexec,nofail,x-systemd.device-timeout=300 0 2" >> /etc/fstab.new
mv /etc/fstab.new /etc/fstab
systemctl daemon-reload
mountpoint -q /var/lib/clickhouse || mount /var/lib/clickhouse
xfs_growfs /var/lib/clickhouse
chown 101:101 /var/lib/clickhouse

step "services"
systemctl enable --now docker.service clickhouse.service clickhouse-certificate.timer clickhouse-retention.timer
step "done"
