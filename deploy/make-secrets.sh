#!/bin/sh
# Makes what is missing in deploy/secrets. The containers read these files as uid 999, and nobody else shall.
set -eu
if [ "$(id -u)" != 0 ]; then
  echo "Run it as root: the files must belong to uid 999, as which the containers run." >&2
  exit 1
fi
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
[ -s secrets/postgres_password ] || random > secrets/postgres_password
[ -s secrets/database_url ] ||
  printf 'postgresql://cerberus:%s@database:5432/cerberus' "$(cat secrets/postgres_password)" > secrets/database_url
for name in master_key ml_token; do
  [ -s "secrets/$name" ] || random > "secrets/$name"
done
# A sensor's, which its owner fills with what the hub printed.
[ -e secrets/invitation ] || : > secrets/invitation
chown -R 999:999 secrets
