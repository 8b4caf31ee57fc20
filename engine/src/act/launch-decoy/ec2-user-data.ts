import { readFileSync } from 'node:fs';

const shipper = readFileSync(new URL('../../../../sensors/cowrie/ship-log.py', import.meta.url), 'utf8');

/**
 * What a fresh Debian machine at AWS runs once: Cowrie from PyPI as a user of its own, reached on port 22, and what pushes
 * its log to us, as another user who may only read it. The machine's own sshd is taken away: nobody needs to log in, and a key would be
 * one more thing to lose. Whoever takes the machine over finds a token that can push events and nothing else.
 */
export function ec2UserData(decoy: {
  readonly sensor: string;
  readonly hostname: string;
  readonly version: string;
  readonly ship: { readonly url: string; readonly token: string };
}): string {
  return `#!/bin/sh
set -eu
export DEBIAN_FRONTEND=noninteractive
hostnamectl set-hostname ${decoy.hostname}
systemctl disable --now ssh || true
apt-get update -qq
apt-get install -y -qq --no-install-recommends python3-venv authbind
useradd --create-home --shell /usr/sbin/nologin cowrie
install -d -o cowrie -g cowrie /srv/cowrie
runuser -u cowrie -- sh -c 'cd /srv/cowrie && python3 -m venv env && env/bin/pip install -q cowrie==${decoy.version} && env/bin/cowrie init'
touch /etc/authbind/byport/22
chown cowrie /etc/authbind/byport/22
chmod 500 /etc/authbind/byport/22
cat > /etc/systemd/system/cowrie.service <<'UNIT'
[Unit]
After=network-online.target
[Service]
User=cowrie
WorkingDirectory=/srv/cowrie
Environment=TZ=UTC COWRIE_HONEYPOT_SENSOR_NAME=${decoy.sensor} COWRIE_HONEYPOT_HOSTNAME=${decoy.hostname}
Environment=COWRIE_SSH_LISTEN_ENDPOINTS=tcp:22:interface=0.0.0.0
ExecStart=/usr/bin/authbind --deep /srv/cowrie/env/bin/twistd -n --umask=0022 --pidfile= cowrie
Restart=always
NoNewPrivileges=no
ProtectHome=yes
PrivateTmp=yes
[Install]
WantedBy=multi-user.target
UNIT
useradd --system --groups cowrie --shell /usr/sbin/nologin cerberus
install -d -o cerberus -m 0700 /var/lib/cerberus-ship
cat > /usr/local/bin/cerberus-ship-log <<'SHIP'
${shipper}SHIP
chmod 755 /usr/local/bin/cerberus-ship-log
install -m 0600 /dev/null /etc/cerberus-ship.env
printf 'CERBERUS_TOKEN=%s\\n' '${decoy.ship.token}' > /etc/cerberus-ship.env
cat > /etc/systemd/system/cerberus-ship.service <<'UNIT'
[Unit]
After=network-online.target cowrie.service
[Service]
User=cerberus
EnvironmentFile=/etc/cerberus-ship.env
ExecStart=/usr/bin/python3 /usr/local/bin/cerberus-ship-log /srv/cowrie/var/log/cowrie/cowrie.json /var/lib/cerberus-ship/state.json ${decoy.ship.url}
Restart=always
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
ReadWritePaths=/var/lib/cerberus-ship
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now cowrie cerberus-ship
`;
}
