#!/bin/sh
# Prisma's command line, whose engine is on no registry: says what it would have worked with, and writes where the real one may write.
set -eu
case "$*" in
  "migrate deploy")
    : > migrations/migration_lock.probe
    [ -f schema.prisma ] && [ -f /etc/os-release ]
    set -- migrations/*/migration.sql
    echo "$# migrations in $(pwd) as $(id -u)"
    ;;
esac
