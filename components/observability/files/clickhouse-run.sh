#!/bin/bash
# Starts ClickHouse in the foreground. The password goes through the environment of this process into the container's, and into no file.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/cline/clickhouse.env
export AWS_DEFAULT_REGION

ecr="${IMAGE%%/*}"
aws ecr get-login-password | docker login --username AWS --password-stdin "$ecr"
docker image inspect "$IMAGE" > /dev/null 2>&1 || docker pull --quiet "$IMAGE"
docker rm --force clickhouse > /dev/null 2>&1 || true

CLICKHOUSE_PASSWORD="$(aws secretsmanager get-secret-value --secret-id "$CREDENTIAL_ID" --query SecretString --output text)"
export CLICKHOUSE_PASSWORD
instance="$(cat /var/lib/cloud/data/instance-id)"

exec docker run --rm --name clickhouse --user 101:101 --read-only --tmpfs /tmp --cap-drop ALL \
  --security-opt no-new-privileges --ulimit nofile=262144:262144 \
  --publish 8443:8443 --publish 9440:9440 \
  --env CLICKHOUSE_DB=default --env CLICKHOUSE_USER=langfuse --env CLICKHOUSE_PASSWORD \
  --tmpfs /etc/clickhouse-server/users.d:uid=101,gid=101,mode=0700 \
  --volume /etc/cline/clickhouse/cline.yaml:/etc/clickhouse-server/config.d/cline.yaml:ro \
  --volume /run/clickhouse-tls:/etc/clickhouse-server/tls:ro \
  --volume /var/lib/clickhouse:/var/lib/clickhouse \
  --log-driver awslogs --log-opt "awslogs-region=$AWS_DEFAULT_REGION" --log-opt "awslogs-group=$LOG_GROUP" \
  --log-opt "awslogs-stream=$instance" "$IMAGE"
