#!/usr/bin/env bash
# github-comment.sh FILE: writes FILE as the one comment of a pull request. The first line of FILE is its marker: a comment of this workflow
# that begins with it is updated in place. Without the right to comment (forks, Dependabot) FILE goes to the job summary.
# Environment: GH_TOKEN, GITHUB_REPOSITORY (owner/name), PULL_REQUEST (number), HEAD_REPOSITORY (owner/name), AUTHOR (login),
# GITHUB_STEP_SUMMARY (file).
set -euo pipefail
file="${1:?usage: github-comment.sh FILE}"
marker="$(head -n 1 "$file")"
case "$marker" in
  '<!-- '*' -->') ;;
  *) echo "$file: found no marker in the first line; allowed a document of npm run preview -- --base" >&2; exit 1 ;;
esac
if [ "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ] || [ "$AUTHOR" = 'dependabot[bot]' ]; then
  cat "$file" >> "$GITHUB_STEP_SUMMARY"
  echo "this pull request's token can only read: the preview stands in the job summary"
  exit 0
fi
comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
# Assigned first: a failure inside an argument would pass unnoticed.
list="$(gh api --paginate --slurp "$comments?per_page=100")"
id="$(node -e '
  const comments = JSON.parse(require("node:fs").readFileSync(0, "utf8")).flat();
  const own = comments.find(({ user, body }) => user.login === "github-actions[bot]" && body.startsWith(process.argv[1]));
  console.log(own ? own.id : "");
' "$marker" <<< "$list")"
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F body=@"$file"
else
  gh api --silent --method POST "$comments" -F body=@"$file"
fi
