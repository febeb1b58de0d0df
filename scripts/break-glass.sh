#!/usr/bin/env bash
# break-glass.sh ACCOUNT ORGANIZATION USER [MFA_ARN CODE]: the deployer's rights, for four hours, by the break-glass role, as shell exports:
#   eval "$(scripts/break-glass.sh 111122223333 example mori arn:aws:iam::111122223333:mfa/mori 123456)"
# Needs the user's own credentials. It sets off an alarm, and the trail names USER in both roles. AWS ends a session that a role's session took after
# one hour: a profile takes the deployer's role anew, so no `up` loses it. Without MFA_ARN and CODE the credentials are those of IAM Identity Center,
# which are a role's session already: the rights end after one hour.
set -euo pipefail
# What fails leaves no file with credentials; `eval` fails with it, and changes nothing.
folder=""
ended() { local code=$?; [ "$code" -eq 0 ] || { [ -z "$folder" ] || rm -r -- "$folder"; echo false; }; }
trap ended EXIT
[ "$#" -eq 3 ] || [ "$#" -eq 5 ] || { echo "usage: break-glass.sh ACCOUNT ORGANIZATION USER [MFA_ARN CODE]" >&2; exit 2; }
region="${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}"
[ -n "$region" ] || { echo "AWS_REGION: found nothing; needed the platform's region; export AWS_REGION=REGION, then try again" >&2; exit 2; }
role="arn:aws:iam::$1:role/cline/$2" user="$3"
given=(--duration-seconds 3600)
if [ "$#" -eq 5 ]; then given=(--duration-seconds 14400 --serial-number "$4" --token-code "$5"); fi
answer="$(aws sts assume-role --role-arn "$role-break-glass" --role-session-name "$user" --source-identity "$user" \
  "${given[@]}" --region "$region" --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken,Expiration]' --output text)"
read -r id secret token ends <<< "$answer"
umask 077
folder="$(mktemp -d)"
printf '[break-glass]\naws_access_key_id = %s\naws_secret_access_key = %s\naws_session_token = %s\n' "$id" "$secret" "$token" > "$folder/credentials"
printf '[profile deployer]\nrole_arn = %s-deployer\nsource_profile = break-glass\nrole_session_name = %s\nregion = %s\n' \
  "$role" "$user" "$region" > "$folder/config"
set_up="$(printf 'export AWS_SHARED_CREDENTIALS_FILE=%q AWS_CONFIG_FILE=%q AWS_PROFILE=deployer' "$folder/credentials" "$folder/config")"
left='AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_DEFAULT_PROFILE'
printf '%s\nunset %s\n' "$set_up" "$left"
printf 'This shell deploys until %s. Afterwards: rm -r %q ~/.aws/cli/cache; unset AWS_SHARED_CREDENTIALS_FILE AWS_CONFIG_FILE AWS_PROFILE\n' \
  "$ends" "$folder" >&2
