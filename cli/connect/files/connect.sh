#!/bin/sh
# Opens the workspace of one developer. Needs AWS's command line and its Session Manager plugin, nothing else, and holds no credential.
# Made by `npm run connect -- PERSON --export`: a new instance needs no new one, another region, role or organization does.
set -u
umask 077

# @values

usage="usage: $0 [--shell | --credentials] [--port N] [--no-browser]
  --shell        a shell in this terminal instead of code-server
  --credentials  the session's credentials instead, as AWS's credential_process reads them; asks nothing
  --port N       port of this machine, 1024 to 65535
  --no-browser   prints the address only
AWS_PROFILE names the profile with your own credentials. Ctrl-C ends the session."

say() { printf '%s\n' "$1" >&2; }
fail() {
  say "$1"
  exit "${2:-1}"
}
again="run this again, and when it stays so, show this line to an operator"

new='' said='' pid=''
trap 'rm -f "$new" "$said" "$pid"' EXIT
trap 'exit 130' INT TERM HUP

wish=editor port='' browser=yes
while [ "$#" -gt 0 ]; do
  case $1 in
    --shell) wish=shell ;;
    --credentials) wish=credentials ;;
    --no-browser) browser=no ;;
    --port)
      port=${2:-}
      case $port in '' | *[!0-9]* | ??????*) fail "--port: found ${port:-nothing}; allowed a whole number from 1024 to 65535" 2 ;; esac
      if [ "$port" -lt 1024 ] || [ "$port" -gt 65535 ]; then fail "--port: found $port; allowed a whole number from 1024 to 65535" 2; fi
      shift
      ;;
    --help | -h)
      printf '%s\n' "$usage"
      exit 0
      ;;
    *) fail "$1: not an option
$usage" 2 ;;
  esac
  shift
done
asked=$port
[ -n "$port" ] || port=$((20000 + $$ % 10000))

# older A B: whether version A comes before B.
older() {
  awk -v a="$1" -v b="$2" 'BEGIN {
    split(a, x, "."); split(b, y, ".")
    for (i = 1; i <= 3; i++) if (x[i] + 0 != y[i] + 0) exit x[i] + 0 > y[i] + 0
    exit 1
  }'
}
tool() {
  found=$("$1" --version 2> /dev/null | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p' | head -n 1)
  if [ -z "$found" ]; then
    found='no command on PATH'
  elif ! older "$found" "$2"; then
    return
  fi
  say "$1: found $found; needed $2 or later; install it: $3"
  missing=yes
}

case ${XDG_CACHE_HOME:-} in
  /*) folder=$XDG_CACHE_HOME/cline-landing-zone ;;
  *) folder=${HOME:?}/.cache/cline-landing-zone ;;
esac
cache=$folder/$CACHE

field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$cache"; }
# Seconds since 1970 of a time of AWS, which is in UTC.
seconds() {
  awk -v t="$1" 'BEGIN {
    split(t, p, /[-T:Z+.]/); y = p[1]; m = p[2]
    if (m <= 2) { y--; m += 12 }
    days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + p[3] - 719469
    print days * 86400 + p[4] * 3600 + p[5] * 60 + p[6]
  }'
}
# The session of an earlier run, while it serves for five minutes more; one that others may read is deleted.
kept() {
  [ -f "$cache" ] || return 1
  # shellcheck disable=SC2012 # The name is ours.
  case $(ls -ld "$cache") in -rw-------* | -r--------*) ;; *) rm -f "$cache" && return 1 ;; esac
  ends=$(field Expiration)
  [ -n "$ends" ] && [ "$(seconds "$ends")" -gt $(($(date +%s) + 300)) ]
}

code() {
  [ -n "$SERIAL" ] || return 0
  none="MFA code: found no input; needed the six digits of the device; run $0 in a terminal once, later runs use the session"
  if [ "$wish" = credentials ]; then fail "$none"; fi
  printf 'MFA code of %s: ' "$SERIAL" >&2
  read -r MFA_CODE || fail "
$none"
  case $MFA_CODE in
    [0-9][0-9][0-9][0-9][0-9][0-9]) ;;
    *) fail 'MFA code: found something else (not shown); needed six digits; run this again' ;;
  esac
}
fresh() {
  missing=''
  tool aws "$LEAST_AWS" "$GUIDE_AWS"
  tool session-manager-plugin "$LEAST_PLUGIN" "$GUIDE_PLUGIN"
  if [ -n "$missing" ]; then exit 1; fi
  code
  mkdir -p "$folder" && chmod 700 "$folder" || exit 1
  new=$cache.$$
  if ! sign_in > "$new"; then
    if [ -n "$SERIAL" ] || [ "$wish" = credentials ]; then
      fail "sign-in: refused, as the line above says; needed the credentials of $SIGN_IN in AWS_PROFILE, a new code and the right time"
    fi
    say 'Identity Center asks you to sign in, in a browser.'
    if ! login >&2 || ! sign_in > "$new"; then
      fail 'sign-in: refused, as the line above says; needed a profile of Identity Center in AWS_PROFILE'
    fi
  fi
  mv "$new" "$cache"
}
session() {
  kept || fresh
  AWS_ACCESS_KEY_ID=$(field AccessKeyId) AWS_SECRET_ACCESS_KEY=$(field SecretAccessKey) AWS_SESSION_TOKEN=$(field SessionToken)
}
# A command with the session, and without the profile, which the plugin would prefer.
as_session() {
  (
    unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    "$@"
  )
}

find_workspace() {
  found=$(as_session describe) || fail "workspace: refused, as the line above says; ask the lead of $DEPARTMENT whether your line is deployed"
  read -r INSTANCE_ID state more << END
$(printf '%s' "$found" | tr '\n' ' ')
END
  if [ -z "$INSTANCE_ID" ]; then fail "workspace: found none of $PERSON; needed one of $DEPARTMENT, deployed; ask the department's lead"; fi
  if [ -n "$more" ]; then fail "workspace: found several of $PERSON; needed one; ask an operator to look at department $DEPARTMENT"; fi
}
running_workspace() {
  find_workspace
  if [ "$state" = running ]; then return; fi
  last=$(($(date +%s) + 300))
  started=''
  while [ "$state" != running ] || [ "$(as_session agent)" != connected ]; do
    if [ "$(date +%s)" -gt "$last" ]; then fail "workspace: still $state, or without an agent, after 300 s; $again"; fi
    if [ "$state" = stopped ] && [ -z "$started" ]; then
      as_session start > /dev/null || fail 'workspace: cannot be started, as the line above says'
      started=yes
      say "workspace $INSTANCE_ID: starting it, which takes a minute or two"
    fi
    sleep "${CONNECT_POLL:-3}"
    find_workspace
  done
}

# A request to this machine, past the proxy of its environment. The tool is no part of every system.
local_curl() { command -v curl > /dev/null && curl --silent --noproxy '*' "$@"; }
# The plugin waits in silence where another program has the port. Exit code 7: nobody answers there.
used() {
  command -v curl > /dev/null || return 1
  local_curl --max-time 1 --output /dev/null "http://127.0.0.1:$port/"
  [ "$?" -ne 7 ]
}
refuse_used() { fail "--port: found $port, which another program uses; leave it out for a free one, or write another --port"; }
listens() { grep -q "Port $port opened" "$said"; }
healthy() {
  listens || return 1
  command -v curl > /dev/null || return 0
  [ "$(local_curl --max-time 2 "http://127.0.0.1:$port/healthz" | grep -c '"status"')" = 1 ]
}
# Sends a signal to the programs of the session alone.
signal() {
  root=$(cat "$pid" 2> /dev/null)
  [ -n "$root" ] || return 0
  # shellcheck disable=SC2046 # Numbers.
  kill "-$1" $(ps -A -o pid= -o ppid= | awk -v root="$root" '
    { parent[$1] = $2 }
    END { for (each in parent) { for (p = each; p > 1 && p != root; p = parent[p]); if (p == root) print each } }') 2> /dev/null
}
# Before the workspace answers, the plugin ignores Ctrl-C.
end_programs() {
  signal INT
  sleep 2
  signal KILL
}
# Judged by code-server's answer: the plugin's words and an open port say nothing.
announce() {
  last=$(($(date +%s) + ${CONNECT_WAIT:-60}))
  taken=''
  until healthy; do
    # The plugin says so a moment after it has taken the port.
    if [ -n "$taken" ] && ! listens; then
      end_programs
      return
    fi
    if ! listens && used; then taken=yes; fi
    if [ "$(date +%s)" -gt "$last" ] && ! listens; then
      end_programs
      return
    fi
    if [ "$(date +%s)" -gt "$last" ]; then
      say "code-server: no answer within 60 s; the workspace may still be setting itself up: Ctrl-C, then $again"
      return
    fi
    sleep 1
  done
  say "code-server: http://127.0.0.1:$port/ (Ctrl-C ends it)"
  if [ "$browser" = no ]; then return; fi
  for program in xdg-open open; do
    if command -v "$program" > /dev/null; then
      "$program" "http://127.0.0.1:$port/" > /dev/null 2>&1
      return
    fi
  done
}

if [ "$wish" = editor ]; then
  while used; do
    if [ -n "$asked" ]; then refuse_used; fi
    port=$((port + 1))
  done
fi

session
if [ "$wish" = credentials ]; then
  printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s","SessionToken":"%s","Expiration":"%s"}\n' \
    "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" "$(field Expiration)"
  exit 0
fi
running_workspace
if [ "$wish" = shell ]; then
  # Ctrl-C is a key for the shell.
  trap : INT
  as_session shell
  exit
fi

said=$folder/session.$$ pid=$folder/pid.$$
stopped=''
# Writes the number that AWS's command line takes over.
watched() {
  # shellcheck disable=SC2016 # Another shell's parent is this one.
  sh -c 'echo "$PPID"' > "$pid"
  forward 2>&1
}
trap 'stopped=yes' INT TERM HUP
lost=0
while [ "$lost" -le 5 ]; do
  if used; then refuse_used; fi
  : > "$said"
  announce &
  waiter=$!
  # The terminal's Ctrl-C ends the plugin, which closes its session; the copy goes on until then.
  as_session watched 2> /dev/null | tee -i "$said" > /dev/null
  kill "$waiter" 2> /dev/null
  # The plugin's own word may not have been sent.
  SESSION_ID=$(sed -n 's/.*SessionId: *\([^ ]*\).*/\1/p' "$said" | head -n 1)
  if [ -n "$SESSION_ID" ]; then as_session terminate > /dev/null; fi
  if [ -n "$stopped" ]; then exit 0; fi
  if ! listens && { used || grep -q 'address already in use' "$said"; }; then refuse_used; fi
  if grep -Eiq 'timed? ?out|inactiv' "$said"; then
    say 'the session ended after its idle time; run this again to go on'
    exit 0
  fi
  grep . "$said" | tail -n 1 >&2
  if ! listens && ! grep -q TargetNotConnected "$said"; then
    fail "session: refused, or without a port for ${CONNECT_WAIT:-60} s, as the line above says; look at this machine's network and proxy, then $again"
  fi
  say 'the tunnel dropped; connecting again'
  browser=no
  lost=$((lost + 1))
  sleep "${CONNECT_POLL:-3}"
  session
  running_workspace
done
fail "session: the tunnel dropped 6 times; look at this machine's network, then run this again"
