#!/bin/bash
# Puts key and certificate where ClickHouse reads them, in memory only. ClickHouse takes a new pair while it runs: the key comes first, because
# a new certificate is what it reacts to.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/cline/clickhouse.env
export AWS_DEFAULT_REGION

folder=/run/clickhouse-tls
install -d -m 0500 -o 101 -g 101 "$folder"
aws secretsmanager get-secret-value --secret-id "$CERTIFICATE_ID" --query SecretString --output text |
  python3 -c '
import json, os, sys
folder, secret = sys.argv[1], json.load(sys.stdin)
for name, field in (("server.key", "privateKey"), ("ca.pem", "chain"), ("server.pem", "certificate")):
    path = os.path.join(folder, name)
    try:
        if open(path).read() == secret[field]:
            continue
    except FileNotFoundError:
        pass
    with open(os.open(path + ".new", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o400), "w") as new:
        new.write(secret[field])
    os.chown(path + ".new", 101, 101)
    os.rename(path + ".new", path)
' "$folder"
