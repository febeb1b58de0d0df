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
token="$(curl --silent --fail --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)"
instance="$(curl --silent --fail --header "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id)"

exec docker run --rm --name clickhouse --user 101:101 --read-only --tmpfs /tmp --cap-drop ALL \
  --security-opt no-new-privileges --ulimit nofile=262144:262144 \
  --publish 8123:8123 --publish 9000:9000 \
  --env CLICKHOUSE_DB=default --env CLICKHOUSE_USER=langfuse --env CLICKHOUSE_PASSWORD \
  --tmpfs /etc/clickhouse-server/users.d:uid=101,gid=101,mode=0700 \
  --volume /etc/cline/clickhouse/cline.yaml:/etc/clickhouse-server/config.d/cline.yaml:ro \
  --volume /var/lib/clickhouse:/var/lib/clickhouse \
  --log-driver awslogs --log-opt "awslogs-region=$AWS_DEFAULT_REGION" --log-opt "awslogs-group=$LOG_GROUP" \
  --log-opt "awslogs-stream=$instance" "$IMAGE"
