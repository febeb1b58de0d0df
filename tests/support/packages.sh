#!/usr/bin/env bash
# Installs what a suite lacks of a Debian's or Ubuntu's packages. Standard input: a line for each program, `PROGRAM PACKAGE`.
set -euo pipefail
missing=() sshd=false
while read -r program package; do
  command -v "$program" > /dev/null || missing+=("$package")
  if [ "$package" = openssh-server ]; then sshd=true; fi
done
root=()
if [ "$(id -u)" -ne 0 ]; then root=(sudo); fi
if [ "${#missing[@]}" -gt 0 ]; then
  # Suites run side by side; apt-get fails at once while another one works.
  exec 9> "${TMPDIR:-/tmp}/cline-packages.lock"
  flock 9
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" 9>&-
  exec 9>&-
fi
# sshd reads its settings only where this folder is.
if "$sshd"; then "${root[@]}" mkdir -p /run/sshd; fi
