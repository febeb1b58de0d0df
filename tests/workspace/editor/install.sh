#!/usr/bin/env bash
# Installs code-server and its Node.js once, in the cache folder (600 MB, about a minute), and prints the folder. Its native modules are not
# built: the server logs that its log writer is missing, and works. Development only: workspaces install the publisher's package.
set -euo pipefail
cd "$(dirname "$0")"
cache="$(bash ../../support/cache.sh)"
exec 9>"$cache/editor.lock"
flock 9
folder="$cache/editor-$(cat package-lock.json install.sh | sha256sum | cut -c1-16)"
if [ ! -d "$folder" ]; then
  rm -rf "$folder.unfinished"
  mkdir "$folder.unfinished"
  cp package.json package-lock.json "$folder.unfinished"
  cd "$folder.unfinished"
  quiet=(--ignore-scripts --no-audit --no-fund --loglevel error)
  npm ci "${quiet[@]}" >&2
  # Its own dependencies, which the package's script would install the same way.
  (cd node_modules/code-server/lib/vscode && npm install --omit=dev "${quiet[@]}") >&2
  mv "$folder.unfinished" "$folder"
fi
echo "$folder"
