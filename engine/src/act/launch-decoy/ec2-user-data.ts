/**
 * What a fresh Debian machine at AWS runs once: Cowrie from PyPI as a user of its own, reached on port 22. The machine's
 * own sshd is taken away: nobody needs to log in, and a key would be one more thing to lose.
 */
export function ec2UserData(decoy: {
  readonly sensor: string;
  readonly hostname: string;
  readonly version: string;
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
systemctl daemon-reload
systemctl enable --now cowrie
`;
}
