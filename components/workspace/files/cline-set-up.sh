#!/bin/bash
# Fetches the set-up by its SHA-256, writes its files and prepares the workspace. systemd starts it again until it succeeds, and at each start of
# the machine: a step that is done is found done. The log is shipped before anything else may fail.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/cline/workspace.env
mkdir -p /var/lib/cline
step() { echo "set-up: $1"; }

step "logs"
rpm --quiet -q amazon-cloudwatch-agent || dnf --quiet --assumeyes install amazon-cloudwatch-agent
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/etc/cline/cloudwatch-agent.json

step "fetch $SET_UP_SHA256"
file=/var/lib/cline/set-up.json
right() { echo "$SET_UP_SHA256  $file" | sha256sum --check --status; }
if ! right; then
  aws s3 cp --only-show-errors "s3://$ARTIFACT_BUCKET/$SET_UP_OBJECT" "$file"
  right || { rm "$file"; echo "s3://$ARTIFACT_BUCKET/$SET_UP_OBJECT: found another SHA-256 than $SET_UP_SHA256; nothing is run from it"; exit 1; }
fi

step "write"
python3 -I - "$file" << 'PYTHON'
import json, os, sys
for entry in json.load(open(sys.argv[1])):
    path = entry["path"]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as new:
        new.write(entry["content"])
    os.chmod(path + ".new", int(entry["permissions"], 8))
    os.replace(path + ".new", path)
PYTHON
systemctl daemon-reload

/usr/local/sbin/cline-bootstrap
