#!/bin/bash
# Runs the bootstrap of a host in roots of their own: /usr read-only, everything else empty, the data volume a disk image. Real are bash, python3,
# sha256sum, useradd, mkfs.xfs, blkid, mount, mountpoint, xfs_growfs; stand-ins write down what dnf, systemctl and others are asked for, rpm knows
# what dnf installed, aws copies from a folder, and sleep takes no time.
# Usage, in a mount namespace, as root: first-start.sh HOST FILES VOLUME CASE…
#   HOST    clickhouse | workspace
#   FILES   folder with the host's files below it; what aws finds is below its folder `store`
#   VOLUME  empty | kept: a new volume, or one with traces
#   CASE    a number N kills the bootstrap before its Nth command; `format` kills it while the volume is formatted; `none` does not kill it;
#           `absent` attaches no volume; `grown` enlarges the kept volume by 80 MiB first
# After a kill it runs again until it succeeds, twice at most, and once more after that. Prints a line of JSON for each case.
set -euo pipefail
host="$1" files="$2" volume="$3"
shift 3
case "$host" in
  clickhouse) bootstrap=/usr/local/sbin/clickhouse-bootstrap at=/var/lib/clickhouse label=clickhouse ;;
  workspace) bootstrap=/usr/local/sbin/cline-set-up at=/home/developer label=cline-home ;;
esac

prepare() {
  root="$(mktemp -d)"
  mount -t tmpfs tmpfs "$root"
  mkdir -p "$root"/{usr,etc,var/lib,run,tmp,proc,dev,stand-ins}
  for name in bin sbin lib lib64; do [ ! -e "/$name" ] || ln -s "usr/$name" "$root/$name"; done
  mount --bind -o ro /usr "$root/usr"
  mount -t tmpfs tmpfs "$root/usr/local"
  mount -t proc proc "$root/proc"
  cp -a "$files/etc/." "$root/etc/"
  cp -a "$files/usr/local/." "$root/usr/local/"
  cp /etc/ld.so.cache "$root/etc/"
  [ ! -d "$files/store" ] || cp -a "$files/store" "$root/store"
  local name
  echo "LABEL=root / ext4 defaults 0 1" > "$root/etc/fstab"
  echo "root:x:0:0::/root:/bin/bash" > "$root/etc/passwd"
  echo "root:x:0:" > "$root/etc/group"
  mkdir -p "$root/etc/skel"
  echo profile | tee "$root/etc/skel/.bashrc" "$root/etc/skel/.bash_profile" > "$root/etc/skel/.bash_logout"
  cp -a "$(dirname "$0")/stand-ins/." "$root/stand-ins/"
  for name in systemctl update-ca-trust; do ln -s asked "$root/stand-ins/$name"; done
  mkdir -p "$root/opt/aws/amazon-cloudwatch-agent/bin"
  ln -s /stand-ins/asked "$root/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"
  # Every command of the script passes this trap; bash reads the file before the script.
  # shellcheck disable=SC2016
  printf 'trap '\''count=$(($(< /count) + 1)); echo "$count" > /count; [ "$count" != "${KILL_AT:-}" ] || kill -KILL $$'\'' DEBUG\n' > "$root/trap"
  for name in null zero urandom; do cp -a "/dev/$name" "$root/dev/"; done
  disk="$(mktemp)"
  truncate -s 320M "$disk"
  device="$(losetup --find --show "$disk")"
  cp -a "$device" "$root/dev/"
  [ "$1" = absent ] || ln -s "${device##*/}" "$root/dev/sdf"
  if [ "$volume" = kept ]; then
    mkfs.xfs -q -L "$label" "$device"
    mkdir "$root/look"
    mount "$device" "$root/look"
    echo traces > "$root/look/store"
    [ "$host" = clickhouse ] || { echo mine > "$root/look/.bashrc"; chown -R 1000:1000 "$root/look"; }
    # A file with another file system's marks: probing the volume finds two kinds.
    if [ "$1" = ambiguous ]; then
      mark="$(mktemp)"
      { printf '\014\261\272\000\000\000\000\000'; head -c 1016 /dev/zero; } > "$mark"
      for _ in $(seq 4096); do cat "$mark"; done > "$root/look/marks"
      rm "$mark"
    fi
    umount "$root/look"
    rmdir "$root/look"
    if [ "$1" = grown ]; then truncate -s 400M "$disk"; losetup --set-capacity "$device"; fi
  fi
}

run() {
  echo 0 > "$root/count"
  chroot "$root" env -i PATH=/stand-ins:/usr/sbin:/usr/bin BASH_ENV=/trap "KILL_AT=${1:-}" "$bootstrap" > "$root/said" 2>&1
}

state() {
  local id
  id="$(blkid -p -s UUID -o value "$device" || true)"
  printf '"fstab": "%s", ' "$(sed "s/${id:-none}/ID/" "$root/etc/fstab" | tr '\n' ';')"
  printf '"mounted": "%s", ' "$(findmnt -n -o FSTYPE,OPTIONS "$root$at" 2> /dev/null | grep -oE 'xfs|nosuid|nodev|noexec' | sort -u | tr '\n' ' ')"
  printf '"mounts": %s, ' "$(findmnt -rn -o TARGET | grep -c "^$root$at$" || true)"
  printf '"label": "%s", ' "$(blkid -p -s LABEL -o value "$device" || true)"
  printf '"owner": "%s", ' "$(stat -c %u:%g "$root$at" 2> /dev/null || true)"
  printf '"content": "%s", ' "$(cat "$root$at/store" 2> /dev/null || true)"
  printf '"mark": %s, ' "$([ -e "$root/var/lib/cline/formatting" ] && echo true || echo false)"
  printf '"users": "%s", ' "$(cut -d: -f1,3 "$root/etc/passwd" | sed 's/cline-gateway:.*/cline-gateway/' | tr '\n' ' ')"
  printf '"ready": %s, ' "$([ -e "$root/var/lib/cline/ready" ] && echo true || echo false)"
  printf '"home": "%s", ' "$([ "$host" = clickhouse ] || find "$root$at" -mindepth 1 -type f -printf '%P:%U ' 2> /dev/null | tr ' ' '\n' | sort | tr '\n' ' ')"
  printf '"grown": %s, ' "$([ "$(df --output=size -k "$root$at" 2> /dev/null | tail -1)" -gt $((330 * 1024)) ] && mountpoint -q "$root$at" && echo true || echo false)"
  printf '"last": "%s"' "$(tail -1 "$root/asked" 2> /dev/null || true)"
}

for case in "$@"; do
  prepare "$case"
  kill_at=
  case "$case" in
    format)
      # A format that is cut off: the first half of the first block is there, and no more.
      # shellcheck disable=SC2016
      printf '#!/bin/bash\nset -e\n/usr/sbin/mkfs.xfs "$@"\n[ -e /cut ] && exit\ntouch /cut\ndevice="${@: -1}"\nhead -c 256 "$device" > /half; head -c 1048576 /dev/urandom | dd of="$device" conv=notrunc status=none\ndd if=/half of="$device" conv=notrunc status=none\nkill -KILL $PPID\n' > "$root/stand-ins/mkfs.xfs"
      chmod 0755 "$root/stand-ins/mkfs.xfs"
      ;;
    [0-9]*) kill_at="$case" ;;
  esac
  first=0 again=0 repeated=0
  run "$kill_at" || first=$?
  commands="$(cat "$root/count")"
  if [ "$first" -ne 0 ]; then run || run || again=$?; fi
  said="$(tail -1 "$root/said" | tr -d '"')"
  before="$(state)"
  run || repeated=$?
  after="$(state)"
  printf '{"case": "%s", "first": %s, "again": %s, "repeated": %s, "commands": %s, "said": "%s", "same": %s, %s}\n' \
    "$case" "$first" "$again" "$repeated" "$commands" "$said" "$([ "$before" = "$after" ] && echo true || echo false)" "$after"
  umount -R "$root"
  rmdir "$root"
  losetup -d "$device"
  rm "$disk"
done
