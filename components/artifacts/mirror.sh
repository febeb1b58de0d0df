#!/bin/bash
# Brings images and files in from the internet, images by digest and files by their publishers' checksums. Runs in CodeBuild, outside
# every VPC, and is safe to repeat: what is here already is only checked.
set -euo pipefail

ecr="$ACCOUNT_ID.dkr.ecr.$AWS_REGION.amazonaws.com"
aws ecr get-login-password | docker login --username AWS --password-stdin "$ecr"

present() { aws ecr describe-images --repository-name "$1" --image-ids "imageDigest=$2" > /dev/null; }

while read -r repository source digest; do
  # A single source is copied as it is, so the digest of a multi-architecture index stays.
  present "$repository" "$digest" 2> /dev/null ||
    docker buildx imagetools create --tag "$ecr/$repository:${digest#sha256:}" "$source@$digest"
  present "$repository" "$digest" || { echo "$repository: the copy of $source has another digest than $digest"; exit 1; }
done <<< "$IMAGES"

fetch() { curl --fail --silent --show-error --location --proto =https --retry 3 "$@"; }
sum() { sha256sum < "$1" | cut -d' ' -f1; }
# same FILE PUBLISHED: the file is what its publisher says it is.
same() { [[ "$2" =~ ^[0-9a-f]{64}$ && "$(sum "$1")" = "$2" ]] || { echo "$1: not the checksum its publisher gives"; exit 1; }; }

rpm="code-server-$CODE_SERVER_VERSION-arm64.rpm"
fetch --output code-server.rpm "https://github.com/coder/code-server/releases/download/v$CODE_SERVER_VERSION/$rpm"
same code-server.rpm "$(fetch "https://api.github.com/repos/coder/code-server/releases/tags/v$CODE_SERVER_VERSION" |
  jq --raw-output --arg name "$rpm" '.assets[] | select(.name == $name) | .digest | ltrimstr("sha256:")')"

vsix="https://open-vsx.org/api/saoudrizwan/claude-dev/$CLINE_VERSION/file/saoudrizwan.claude-dev-$CLINE_VERSION"
fetch --output cline.vsix "$vsix.vsix"
same cline.vsix "$(fetch "$vsix.sha256" | cut -d' ' -f1)"

sha256sum code-server.rpm cline.vsix > SHA256SUMS
for file in code-server.rpm cline.vsix SHA256SUMS; do
  aws s3 cp --only-show-errors "$file" "s3://$BUCKET/workspace/$file"
done

# The authorities that sign RDS's certificates in this region; TLS to the truststore vouches for them.
fetch --output rds-ca.pem "https://truststore.pki.rds.amazonaws.com/$AWS_REGION/$AWS_REGION-bundle.pem"
aws s3 cp --only-show-errors rds-ca.pem "s3://$BUCKET/gateway/rds-ca.pem"
