#!/bin/bash
# Runs as root: fetches the developer's virtual key and hands it over, on standard input, to a process that has the developer's rights only.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/cline/workspace.env
aws secretsmanager get-secret-value --region "$AWS_REGION" --secret-id "$VIRTUAL_KEY_ID" --query SecretString --output text |
  env -i HOME="/home/$DEVELOPER_USER" PATH=/usr/bin:/usr/sbin GATEWAY_URL="$GATEWAY_URL" \
    runuser -u "$DEVELOPER_USER" -- /usr/bin/python3 -I /usr/local/lib/cline/cline-settings.py
