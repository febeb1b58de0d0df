#!/usr/bin/env bash
# The bootstrap's template: read by cfn-lint, and applied to moto's CloudFormation, where the names are held against the program's own.
# Then AWS's command line reads each command of `connect` and `doctor`, and asks moto those of `doctor --live`.
# Needs Python; the programs are kept in the cache folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools="$(bash tests/support/cache.sh)/bootstrap"
[ -x "$tools/bin/flask" ] || {
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check cfn-lint==1.58.0 'moto[cloudformation,iam,kms,s3,server]==5.2.5' boto3==1.44.8
}
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
node -r tsx/cjs tests/bootstrap/print.ts "$work"
for file in "$work"/*.yaml; do
  "$tools/bin/cfn-lint" "$file"
  echo "1 passed: cfn-lint $(basename "$file")"
done
"$tools/bin/python" tests/bootstrap/apply.py "$work"

cli="$(bash tests/support/aws-cli.sh)"
node -r tsx/cjs tests/cli/connect/print.ts |
  env AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null \
    "$cli/bin/python" tests/cli/connect/commands.py

project="$(node -r tsx/cjs tests/bootstrap/project.ts)"
trap 'rm -rf "$work" "$project"' EXIT
"$tools/bin/python" tests/bootstrap/account.py "$project" "$cli/bin"
