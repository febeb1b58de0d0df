#!/bin/bash
# Brings images and files in from the internet. Images are copied by digest, files are held against the SHA-256 that the platform's stack
# file pins, RDS's authorities against the fingerprints of this repository. Runs in CodeBuild, outside every VPC, and is safe to repeat:
# what is here already is not fetched again.
set -euo pipefail

fail() { echo "$*" >&2; exit 1; }
sum() { sha256sum < "$1" | cut -d' ' -f1; }
# again COMMAND…: a registry that throttles or a connection that breaks gets five tries, with doubling pauses.
again() {
  local pause="${PAUSE_SECONDS:-5}" attempt
  for attempt in 1 2 3 4; do
    if "$@"; then return 0; fi
    echo "attempt $attempt of 5 failed: ${*:1:4}; again in $pause s" >&2
    sleep "$pause"
    pause=$((pause * 2))
  done
  "$@"
}

ecr="$ACCOUNT_ID.dkr.ecr.$AWS_REGION.amazonaws.com"
work="$(mktemp -d)"
cd "$work"
sign_in() { aws ecr get-login-password | docker login --username AWS --password-stdin "$ecr" > /dev/null; }
again sign_in

present() { aws ecr describe-images --repository-name "$1" --image-ids "imageDigest=$2" > /dev/null; }
manifest() { docker buildx imagetools inspect --raw "$1" > manifest.json; }
details() { docker buildx imagetools inspect --format '{{json .Image}}' "$1" > image.json; }
copy() { docker buildx imagetools create --tag "$1" "$2"; }
# late_enough VERSION LEAST: the version, without a leading v, is not below the least one.
late_enough() { [ "$(printf '%s\n%s\n' "$2" "${1#v}" | sort --version-sort | head -n 1)" = "$2" ]; }

while read -r repository source digest tag least; do
  if present "$repository" "$digest" 2> /dev/null; then continue; fi
  again manifest "$source@$digest" || fail "$source@$digest cannot be read"
  [ "sha256:$(sum manifest.json)" = "$digest" ] || fail "$source answers with another manifest than $digest"
  again details "$source@$digest" || fail "$source@$digest cannot be read"
  # One image, or the images of an index by platform.
  jq --exit-status 'if has("architecture") then .os == "linux" and .architecture == "arm64" else has("linux/arm64") or has("linux/arm64/v8") end' \
    image.json > /dev/null || fail "$source@$digest is not for linux/arm64"
  version="$tag"
  if [ "$tag" = - ]; then
    version="$(jq --raw-output '(if has("architecture") then . else .["linux/arm64"] // .["linux/arm64/v8"] end)
      | .config.Labels["org.opencontainers.image.version"] // ""' image.json)"
    [ -n "$version" ] || fail "$source@$digest does not say its version: write TAG@$digest in cline:images"
  else
    again manifest "$source:$tag" || fail "$source:$tag cannot be read"
    [ "sha256:$(sum manifest.json)" = "$digest" ] ||
      jq --exit-status --arg digest "$digest" 'any(.manifests[]?; .digest == $digest)' manifest.json > /dev/null ||
      fail "$source:$tag is not $digest"
  fi
  late_enough "$version" "$least" || fail "$source $version: $least is the first version that runs here"
  # A single source is copied as it is: the manifest of one platform alone, an index whole, each with its digest.
  again copy "$ecr/$repository:${digest#sha256:}" "$source@$digest" || fail "$source@$digest cannot be copied"
  present "$repository" "$digest" || fail "$repository: the copy of $source has another digest than $digest"
done <<< "$IMAGES"

fetch() { curl --fail --silent --show-error --location --proto =https --retry 5 --retry-all-errors --retry-max-time 240 "$@"; }

# bring FILE SOURCE: from its publisher, by address or as npm:PACKAGE@VERSION; npm runs none of its scripts.
bring() {
  case "$2" in
    npm:*) mkdir -p npm && again npm pack --silent --ignore-scripts --pack-destination npm "${2#npm:}" > /dev/null && mv npm/*.tgz "$1" ;;
    *) fetch --output "$1" "$2" ;;
  esac
}

: > SHA256SUMS
while read -r file source sha key; do
  bring "$file" "$source" || fail "$source cannot be fetched"
  [ "$(sum "$file")" = "$sha" ] || fail "$source is not the file that cline:images.$key pins: its SHA-256 is $(sum "$file")"
  sha256sum "$file" >> SHA256SUMS
done <<< "$FILES"
while read -r file _; do
  aws s3 cp --only-show-errors "$file" "s3://$BUCKET/workspace/$file"
done <<< "$FILES"
aws s3 cp --only-show-errors SHA256SUMS "s3://$BUCKET/workspace/SHA256SUMS"

# The authorities that sign RDS's certificates in this region: the pinned ones, each of them, and no other.
fetch --output bundle.pem "https://truststore.pki.rds.amazonaws.com/$AWS_REGION/$AWS_REGION-bundle.pem" ||
  fail "RDS's authorities cannot be fetched"
awk '/-----BEGIN CERTIFICATE-----/ { n++ } n { print > ("root-" n ".pem") }' bundle.pem
: > rds-ca.pem
for root in $RDS_ROOTS; do
  found=
  for candidate in root-*.pem; do
    if [ "$(openssl x509 -in "$candidate" -outform DER | sha256sum | cut -d' ' -f1)" = "$root" ]; then found="$candidate"; fi
  done
  [ -n "$found" ] || fail "RDS's authorities in $AWS_REGION lack the pinned $root: AWS has replaced it, or this is not AWS"
  openssl x509 -in "$found" >> rds-ca.pem
done
aws s3 cp --only-show-errors rds-ca.pem "s3://$BUCKET/gateway/rds-ca.pem"
