#!/bin/bash
# Prepares a workspace once, at its first start. The developer's account is made last: whatever fails before leaves nobody able to sign in.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/cline/workspace.env
exec > >(tee -a /var/log/cline/bootstrap.log) 2>&1

dnf --quiet --assumeyes install nftables git tar gzip xfsprogs amazon-cloudwatch-agent

# Instance metadata answers root only: the developer must never hold the instance's credentials.
systemctl enable nftables.service
systemctl restart nftables.service

# The home volume is attached after the instance starts. Only an empty volume is formatted, so an earlier home is kept.
device=/dev/sdf
for _ in $(seq 120); do [ -b "$device" ] && break; sleep 5; done
[ -b "$device" ] || { echo "the home volume did not appear at $device within ten minutes"; exit 1; }
blkid "$device" || mkfs.xfs -q -L cline-home "$device"
mkdir -p "/home/$DEVELOPER_USER"
grep -q "/home/$DEVELOPER_USER " /etc/fstab ||
  echo "UUID=$(blkid -s UUID -o value "$device") /home/$DEVELOPER_USER xfs defaults,nosuid,nodev,x-systemd.device-timeout=300 0 2" >> /etc/fstab
systemctl daemon-reload
mountpoint -q "/home/$DEVELOPER_USER" || mount "/home/$DEVELOPER_USER"
xfs_growfs "/home/$DEVELOPER_USER"

# Artifacts were checked against their publishers' checksums when they came into the bucket; they are checked again here.
mkdir -p /opt/cline
cd /opt/cline
for file in SHA256SUMS code-server.rpm cline.vsix; do
  aws s3 cp --only-show-errors "s3://$ARTIFACT_BUCKET/workspace/$file" "$file"
done
for file in code-server.rpm cline.vsix; do
  grep -E "^[0-9a-f]{64}  $file\$" SHA256SUMS | sha256sum --check --strict --quiet
done
cd /
dnf --quiet --assumeyes install /opt/cline/code-server.rpm

if [ -s /etc/pki/ca-trust/source/anchors/cline-gateway.pem ]; then update-ca-trust; fi
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/etc/cline/cloudwatch-agent.json

if [ -s "/etc/ssh/authorized_keys/$DEVELOPER_USER" ]; then systemctl restart sshd; else systemctl disable --now sshd; fi

id "$DEVELOPER_USER" 2>/dev/null ||
  useradd --uid 1000 --user-group --no-create-home --home-dir "/home/$DEVELOPER_USER" --shell /bin/bash "$DEVELOPER_USER"
if [ ! -e "/home/$DEVELOPER_USER/.bashrc" ]; then cp -rT /etc/skel "/home/$DEVELOPER_USER"; fi
chown "$DEVELOPER_USER:$DEVELOPER_USER" "/home/$DEVELOPER_USER"
chmod 0700 "/home/$DEVELOPER_USER"
runuser -u "$DEVELOPER_USER" -- code-server --install-extension /opt/cline/cline.vsix --force

systemctl enable --now cline-key-refresh.timer cline-batch.timer "code-server@$DEVELOPER_USER.service"
touch /var/lib/cline/ready
