#!/usr/bin/env bash
# plan-stacks.sh FOLDER STACK…: saves the plan of each stack in FOLDER/STACK.json, judged by the pack, and prints what would change.
# Environment: PULUMI_BACKEND_URL and AWS credentials that read the state.
set -euo pipefail
folder="${1:?usage: plan-stacks.sh FOLDER STACK…}"
shift
[ "$#" -gt 0 ] || { echo "STACK: found none; allowed the platform, or departments; name one" >&2; exit 2; }
mkdir -p "$folder"
settings="$(mktemp)"
trap 'rm -f "$settings"' EXIT
for stack in "$@"; do
  npm run --silent policy-config -- "$stack" > "$settings"
  printf '## %s\n\n```text\n' "$stack"
  pulumi preview --non-interactive --color never --suppress-outputs --stack "$stack" --save-plan "$folder/$stack.json" \
    --policy-pack policy-pack --policy-pack-config "$settings"
  printf '```\n\n'
done
