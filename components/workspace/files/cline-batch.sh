#!/bin/bash
# Carries batch files between ~/batch and the gateway's bucket. Root alone has the instance's credentials; the home is opened as the developer, so
# that a link leads nowhere the developer could not go.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/cline/workspace.env
own() { runuser -u "$DEVELOPER_USER" -- "$@"; }
copy() { aws s3 cp --only-show-errors "$@"; }
home=/home/$DEVELOPER_USER/batch
own mkdir -p "$home"/{requests,sent,answers}
mkdir -p /var/lib/cline/batch
cd /var/lib/cline/batch

# A file that has rested for ten seconds is whole.
own find "$home/requests" -maxdepth 1 -type f -size -34M -not -newermt '-10 seconds' -regextype posix-extended \
  -regex '.*/[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.(jsonl|stop)' -printf '%f\n' |
  while read -r file; do
    own cat "$home/requests/$file" | copy - "s3://$BATCH_BUCKET/requests/$BATCH_OWNER/$file"
    own mv "$home/requests/$file" "$home/sent/"
  done

aws s3api list-objects-v2 --bucket "$BATCH_BUCKET" --prefix "answers/$BATCH_OWNER/" --query 'Contents[].[ETag,Key]' --output text |
  while read -r version key; do
    file=${key##*/}
    if [ -z "$file" ] || [ "$(cat "$file" 2> /dev/null)" = "$version" ]; then continue; fi
    copy "s3://$BATCH_BUCKET/$key" - < /dev/null | own tee "$home/answers/.$file" > /dev/null
    own mv "$home/answers/.$file" "$home/answers/$file"
    echo "$version" > "$file"
  done
