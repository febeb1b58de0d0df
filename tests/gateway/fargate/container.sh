#!/usr/bin/env bash
# Runs one container of a task as Fargate does: a root file system of its own that is read-only, volumes and tmpfs as given, user and
# capabilities as given. Called as root, in a mount namespace of its own:
#   unshare --mount --propagation private bash container.sh FOLDER UID GID "ro:PATH…" "tmpfs:SIZE:OPTIONS:PATH…" "volume:ro|rw:FROM:TO…" -- COMMAND…
# FOLDER is an empty folder to mount the root on. The environment is the command's. The host's programs stand in the image's place.
set -euo pipefail
command=$PATH PATH=/usr/sbin:/usr/bin:/sbin:/bin
root="$1" uid="$2" gid="$3"
shift 3

mount -t tmpfs -o mode=0755,size=64m tmpfs "$root"
mkdir -p "$root"/{app,dev,etc,proc,tmp}
chown "$uid:$gid" "$root/app"

# bind FROM TO: read-only, with the folders above it open to everybody.
bind() {
  mkdir -p "$(dirname "$2")"
  if [ -d "$1" ]; then mkdir -p "$2"; else touch "$2"; fi
  mount --bind "$1" "$2"
  mount -o remount,bind,ro "$2"
}

bind /usr "$root/usr"
for name in bin sbin lib lib64; do
  if [ -L "/$name" ]; then cp -P "/$name" "$root/$name"; elif [ -d "/$name" ]; then bind "/$name" "$root/$name"; fi
done
for name in passwd group hosts resolv.conf nsswitch.conf ld.so.cache localtime os-release services; do
  if [ -e "/etc/$name" ]; then cp -L "/etc/$name" "$root/etc/$name"; fi
done
for name in ssl alternatives; do
  if [ -d "/etc/$name" ]; then bind "/etc/$name" "$root/etc/$name"; fi
done
for name in null zero full random urandom; do
  touch "$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
ln -s /proc/self/fd "$root/dev/fd"
mkdir "$root/dev/shm"
mount -t tmpfs -o mode=1777,size=64m tmpfs "$root/dev/shm"
mount -t proc proc "$root/proc"

while [ "$1" != -- ]; do
  IFS=: read -r kind first second third <<< "$1"
  case "$kind" in
    ro) bind "$first" "$root$first" ;;
    at) bind "$first" "$root$second" ;;
    tmpfs)
      mkdir -p "$root$third"
      mount -t tmpfs -o "size=$first,$second" tmpfs "$root$third"
      ;;
    volume)
      mkdir -p "$root$third"
      mount --bind "$second" "$root$third"
      if [ "$first" = ro ]; then mount -o remount,bind,ro "$root$third"; fi
      ;;
  esac
  shift
done
shift
mount -o remount,ro "$root"

cd "$root"
PATH=$command
exec /usr/sbin/chroot "$root" /usr/bin/env --chdir=/app /usr/bin/setpriv --reuid "$uid" --regid "$gid" --clear-groups \
  --bounding-set=-all --inh-caps=-all --ambient-caps=-all -- "$@"
