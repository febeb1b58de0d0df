#!/bin/bash
# Says every minute whether Langfuse could use this host: ClickHouse answers by TLS, under its name and authority, from the data volume. An
# alarm reads the metric, and its absence as well.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/cline/clickhouse.env
export AWS_DEFAULT_REGION

ready=0
if mountpoint -q /var/lib/clickhouse &&
  curl --silent --fail --output /dev/null --max-time 10 --cacert /run/clickhouse-tls/ca.pem \
    --resolve "$CLICKHOUSE_HOST:8443:127.0.0.1" "https://$CLICKHOUSE_HOST:8443/ping"; then
  ready=1
fi
aws cloudwatch put-metric-data --namespace "$METRIC_NAMESPACE" --metric-name ClickHouseReady \
  --dimensions "Stack=$METRIC_STACK" --value "$ready"
