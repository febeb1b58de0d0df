#!/usr/bin/env bash
# github-code-scanning.sh FILE: uploads the SARIF of a pull request. Without the right to upload (forks, Dependabot) it does nothing.
# Environment: GH_TOKEN, GITHUB_REPOSITORY, HEAD_REPOSITORY (owner/name), AUTHOR (login), SHA (of the head), REF (refs/pull/N/head).
set -euo pipefail
file="${1:?usage: github-code-scanning.sh FILE}"
if [ "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ] || [ "$AUTHOR" = 'dependabot[bot]' ]; then
  echo "this pull request's token can only read: $file is not uploaded"
  exit 0
fi
encoded="$(mktemp)"
trap 'rm -f "$encoded"' EXIT
gzip -c "$file" | base64 -w0 > "$encoded"
gh api --silent --method POST "repos/$GITHUB_REPOSITORY/code-scanning/sarifs" -f commit_sha="$SHA" -f ref="$REF" -F sarif=@"$encoded"
