#!/bin/bash
# Gives every table of traces the age at which its rows go. Langfuse makes its tables itself, so this looks again every hour; a table that has
# the right age already is left alone.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/cline/clickhouse.env

query() {
  # The password is the container's own variable.
  # shellcheck disable=SC2016
  docker exec -i clickhouse sh -c 'exec clickhouse-client --user langfuse --password "$CLICKHOUSE_PASSWORD" --multiquery' <<< "$1"
}

query "SELECT table || ' ' || name FROM system.columns
  WHERE database = 'default' AND (table, name) IN
    (('traces', 'timestamp'), ('observations', 'start_time'), ('scores', 'timestamp'), ('events', 'start_time'),
     ('events_core', 'start_time'), ('events_full', 'start_time'), ('blob_storage_file_log', 'created_at'))" |
  while read -r table column; do
    ttl="toDateTime($column) + toIntervalDay($RETENTION_DAYS)"
    present="$(query "SELECT count() FROM system.tables WHERE database = 'default' AND name = '$table' AND position(engine_full, '$ttl') > 0" < /dev/null)"
    [ "$present" = 1 ] || query "ALTER TABLE default.\`$table\` MODIFY TTL $ttl" < /dev/null
  done
