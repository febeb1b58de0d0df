#!/usr/bin/env bash
# gitlab-comment.sh FILE: writes FILE as the one note of a merge request, like github-comment.sh. GitLab's job token may not write notes:
# GITLAB_TOKEN is a project access token with scope api.
# Environment: GITLAB_TOKEN, and GitLab's own CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID.
set -euo pipefail
file="${1:?usage: gitlab-comment.sh FILE}"
marker="$(head -n 1 "$file")"
case "$marker" in
  '<!-- '*' -->') ;;
  *) echo "$file: found no marker in the first line; allowed a document of npm run preview -- --base" >&2; exit 1 ;;
esac
notes="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
# The token comes in by a file descriptor: arguments can be read by every process of the machine.
call() { curl --fail-with-body --silent --show-error --header @<(printf 'PRIVATE-TOKEN: %s\n' "$GITLAB_TOKEN") "$@"; }
id='' page=1
while [ -z "$id" ]; do
  list="$(call "$notes?sort=asc&per_page=100&page=$page")"
  [ "$list" != '[]' ] || break
  id="$(node -e '
    const notes = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const own = notes.find(({ system, body }) => !system && body.startsWith(process.argv[1]));
    console.log(own ? own.id : "");
  ' "$marker" <<< "$list")"
  page=$((page + 1))
done
if [ -n "$id" ]; then call --output /dev/null --request PUT "$notes/$id" --data-urlencode "body@$file"
else call --output /dev/null --request POST "$notes" --data-urlencode "body@$file"; fi
