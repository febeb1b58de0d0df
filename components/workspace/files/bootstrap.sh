#!/bin/bash
# Prepares a workspace. It is started again until it succeeds, and at each start of the machine, so every step may find itself done, or half done.
# The developer's account is made last: whatever fails before leaves nobody able to sign in.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/cline/workspace.env
step() { echo "bootstrap: $1"; }
home=/home/$DEVELOPER_USER

step "packages"
packages=(nftables git tar gzip xfsprogs haproxy)
rpm --quiet -q "${packages[@]}" || dnf --quiet --assumeyes install "${packages[@]}"

# Instance metadata answers root only: the developer must never hold the instance's credentials. A restart of the rules would end open sessions.
step "guard"
systemctl enable --now nftables.service

# The home volume is attached after the instance starts. Only a volume that was empty is formatted, so an earlier home is kept.
step "home volume"
device=/dev/sdf
for _ in $(seq 120); do [ -b "$device" ] && break; sleep 5; done
[ -b "$device" ] || { echo "the home volume did not appear at $device within ten minutes"; exit 1; }
# The mark says that the volume was empty: a format that was cut off leaves something that is neither empty nor a file system.
formatting=/var/lib/cline/formatting
# 2: nothing was found. 8: signatures of several kinds, which files of a home can hold too: that volume is not empty.
found=0
blkid -p "$device" || found=$?
if [ ! -e "$formatting" ] && [ "$found" -eq 2 ]; then touch "$formatting"; sync; fi
if [ -e "$formatting" ]; then
  mountpoint -q "$home" && { echo "$formatting: the volume is in use, and is not formatted"; exit 1; }
  mkfs.xfs -q -f -L cline-home "$device"
  rm "$formatting"
fi

step "mount"
mkdir -p "$home"
id="$(blkid -s UUID -o value "$device" || true)"
[ -n "$id" ] || { echo "$device: no file system"; exit 1; }
grep -v " $home " /etc/fstab > /etc/fstab.new || true
echo "UUID=$id $home xfs defaults,nosuid,nodev,nofail,x-systemd.device-timeout=300 0 2" >> /etc/fstab.new
mv /etc/fstab.new /etc/fstab
systemctl daemon-reload
mountpoint -q "$home" || mount "$home"
xfs_growfs "$home"

# Artifacts were checked against their publishers' checksums when they came into the bucket; they are checked again here.
step "artifacts"
mkdir -p /opt/cline
cd /opt/cline
aws s3 cp --only-show-errors "s3://$ARTIFACT_BUCKET/workspace/SHA256SUMS" SHA256SUMS
for file in code-server.rpm cline.vsix cline-cli.tgz; do
  right() { grep -E "^[0-9a-f]{64}  $file\$" SHA256SUMS | sha256sum --check --strict --quiet; }
  if [ ! -e "$file" ] || ! right; then aws s3 cp --only-show-errors "s3://$ARTIFACT_BUCKET/workspace/$file" "$file"; fi
  right
done
cd /
rpm --quiet -q code-server || dnf --quiet --assumeyes install /opt/cline/code-server.rpm
if [ ! -e /var/lib/cline/ready ]; then
  mkdir -p /opt/cline/cli /usr/local/bin
  tar -xzf /opt/cline/cline-cli.tgz -C /opt/cline/cli --strip-components=1 --no-same-owner
  ln -sf /opt/cline/cli/bin/cline /usr/local/bin/cline
fi

# What the platform's stack file says of Cline: read when the editor starts.
step "agent"
for file in agent.json agent.env; do
  aws s3 cp --only-show-errors "s3://$ARTIFACT_BUCKET/workspace/agent/$DEPARTMENT/$file" "/etc/cline/$file.new"
  mv "/etc/cline/$file.new" "/etc/cline/$file"
done

step "authorities"
if [ -s /etc/pki/ca-trust/source/anchors/cline-gateway.pem ]; then update-ca-trust; fi

step "sign-in"
if [ -s "/etc/ssh/authorized_keys/$DEVELOPER_USER" ]; then systemctl restart sshd; else systemctl disable --now sshd; fi

step "local gateway"
id cline-gateway 2>/dev/null || useradd --system --no-create-home --home-dir /var/empty --shell /sbin/nologin cline-gateway
systemctl enable --now cline-gateway.service cline-key-refresh.timer

step "developer"
id "$DEVELOPER_USER" 2>/dev/null ||
  useradd --uid 1000 --user-group --no-create-home --home-dir "$home" --shell /bin/bash "$DEVELOPER_USER"
chown "$DEVELOPER_USER:$DEVELOPER_USER" "$home"
chmod 0700 "$home"

# Once for each machine: later starts leave the developer's files alone.
step "editor"
if [ ! -e /var/lib/cline/ready ]; then
  runuser -u "$DEVELOPER_USER" -- cp -rnT /etc/skel "$home"
  runuser -u "$DEVELOPER_USER" -- code-server --install-extension /opt/cline/cline.vsix --force
fi
systemctl enable --now cline-batch.timer cline-editor.service "code-server@$DEVELOPER_USER.service"
touch /var/lib/cline/ready
step "done"
