import type { Persona } from '@cerberusmesh/contract/persona';
import { sshdConfig } from './sshd-config.ts';

type TextFile = Persona['files'][string];

/** What every Debian-like system has below /etc and /var/log, filled with the persona's own names. */
export function systemFiles(persona: Persona): Record<string, TextFile> {
  const { hostname, os, network, machineId } = persona;
  const texts: Record<string, string> = {
    '/etc/debian_version': `${{ jammy: 'bookworm/sid', bookworm: '12.5', bullseye: '11.9' }[os.codename] ?? os.versionId}\n`,
    '/etc/host.conf': 'multi on\n',
    '/etc/hostname': `${hostname}\n`,
    '/etc/services': serviceNames,
    '/etc/protocols': protocolNames,
    '/etc/hosts': `127.0.0.1 localhost\n127.0.1.1 ${hostname}\n\n# The following lines are desirable for IPv6 capable hosts\n::1     localhost ip6-localhost ip6-loopback\nfe00::0 ip6-localnet\nff00::0 ip6-mcastprefix\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n`,
    '/etc/resolv.conf': 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n',
    '/etc/os-release': osRelease(persona),
    '/usr/lib/os-release': osRelease(persona),
    '/etc/issue': `${issueName(persona)} \\n \\l\n\n`,
    '/etc/issue.net': `${issueName(persona)}\n`,
    '/etc/machine-id': `${machineId}\n`,
    '/etc/timezone': 'Etc/UTC\n',
    '/etc/shells':
      '# /etc/shells: valid login shells\n/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/usr/bin/sh\n/bin/dash\n/usr/bin/dash\n',
    '/etc/fstab': `# <file system> <mount point>   <type>  <options>       <dump>  <pass>\nUUID=${machineId.slice(0, 8)}-${machineId.slice(8, 12)}-4${machineId.slice(13, 16)}-a${machineId.slice(17, 20)}-${machineId.slice(20)} / ext4 discard,errors=remount-ro 0 1\n`,
    '/etc/crontab':
      '# /etc/crontab: system-wide crontab\nSHELL=/bin/sh\nPATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin\n\n17 *\t* * *\troot    cd / && run-parts --report /etc/cron.hourly\n25 6\t* * *\troot\ttest -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )\n47 6\t* * 7\troot\ttest -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.weekly )\n52 6\t1 * *\troot\ttest -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.monthly )\n',
    '/etc/profile':
      '# /etc/profile: system-wide .profile file for the Bourne shell\n\nif [ "$PS1" ]; then\n  PS1=\'# \'\nfi\n',
    '/etc/nsswitch.conf':
      'passwd:         files systemd\ngroup:          files systemd\nshadow:         files\nhosts:          files dns\nnetworks:       files\nprotocols:      db files\nservices:       db files\n',
    '/etc/ssh/sshd_config': sshdConfig,
    '/etc/ssh/sshd_config.d/50-algorithms.conf': algorithmsText(persona),
    '/etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n\n',
    '/etc/environment':
      'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin"\n',
    '/var/log/dpkg.log': persona.packages
      .map(
        (line) =>
          `${isoTime(persona.installedAtMs)} status installed ${line.split(' ')[0]}:amd64 ${line.split(' ')[1] ?? ''}\n`,
      )
      .join(''),
    [`/etc/default/locale`]: 'LANG=C.UTF-8\n',
    [`/etc/network/interfaces`]: `auto lo\niface lo inet loopback\n\nauto ${network.device}\niface ${network.device} inet dhcp\n`,
  };
  const open = Object.entries(texts).map(([path, text]) => [path, { text, mode: '644', owner: 'root' }] as const);
  const closed: [string, TextFile][] = [
    [
      '/etc/sudoers',
      {
        text: 'Defaults\tenv_reset\nDefaults\tmail_badpass\nroot\tALL=(ALL:ALL) ALL\n%admin ALL=(ALL) ALL\n%sudo\tALL=(ALL:ALL) ALL\n',
        mode: '440',
        owner: 'root',
      },
    ],
    ['/var/log/btmp', { text: '', mode: '660', owner: 'root' }],
  ];
  return Object.fromEntries([...open, ...closed]);
}

/**
 * Our SSH library lacks what no sshd leaves out by itself (sntrup761x25519, umac), so what the decoy offers is that of an sshd whose owner chose
 * the lists; whoever looks finds that he did.
 */
export function algorithmsText({ ssh }: Persona): string {
  return `KexAlgorithms ${ssh.kex.join(',')}\nCiphers ${ssh.ciphers.join(',')}\nMACs ${ssh.macs.join(',')}\n`;
}

/** Debian's base-files leave out the name of the release here. */
export function issueName({ os }: Persona): string {
  return os.id === 'debian' ? `${os.name} ${os.versionId}` : os.prettyName;
}

function osRelease({ os }: Persona): string {
  const isUbuntu = os.id === 'ubuntu';
  const lines = [
    `PRETTY_NAME="${os.prettyName}"`,
    `NAME="${os.name}"`,
    `VERSION_ID="${os.versionId}"`,
    `VERSION="${os.version}"`,
    `VERSION_CODENAME=${os.codename}`,
    `ID=${os.id}`,
    ...(isUbuntu
      ? [
          'ID_LIKE=debian',
          'HOME_URL="https://www.ubuntu.com/"',
          'SUPPORT_URL="https://help.ubuntu.com/"',
          'BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"',
          `UBUNTU_CODENAME=${os.codename}`,
        ]
      : [
          'HOME_URL="https://www.debian.org/"',
          'SUPPORT_URL="https://www.debian.org/support"',
          'BUG_REPORT_URL="https://bugs.debian.org/"',
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** `Nov 22 04:50:00`. */
export function syslogTime(ms: number): string {
  const [, day = '', month = '', , time = ''] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(ms).toUTCString()) ?? [];
  return `${month} ${String(Number(day)).padStart(2)} ${time}`;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** The commonest of the ports that have names. */
const serviceNames =
  '# Network services, Internet style\n\ntcpmux\t\t1/tcp\necho\t\t7/tcp\necho\t\t7/udp\ndiscard\t\t9/tcp\t\tsink null\ndaytime\t\t13/tcp\nftp-data\t20/tcp\nftp\t\t21/tcp\nssh\t\t22/tcp\t\t\t\t# SSH Remote Login Protocol\ntelnet\t\t23/tcp\nsmtp\t\t25/tcp\t\tmail\ntime\t\t37/tcp\t\ttimserver\ndomain\t\t53/tcp\ndomain\t\t53/udp\nbootps\t\t67/udp\ntftp\t\t69/udp\nhttp\t\t80/tcp\t\twww\nkerberos\t88/tcp\npop3\t\t110/tcp\t\tpop-3\nsunrpc\t\t111/tcp\t\tportmapper\nntp\t\t123/udp\nimap2\t\t143/tcp\t\timap\nsnmp\t\t161/tcp\nldap\t\t389/tcp\nhttps\t\t443/tcp\nmicrosoft-ds\t445/tcp\nsyslog\t\t514/udp\nsubmission\t587/tcp\nldaps\t\t636/tcp\nrsync\t\t873/tcp\nimaps\t\t993/tcp\npop3s\t\t995/tcp\nms-sql-s\t1433/tcp\nmysql\t\t3306/tcp\npostgresql\t5432/tcp\tpostgres\nx11\t\t6000/tcp\tx11-0\nredis\t\t6379/tcp\nhttp-alt\t8080/tcp\twebcache\n';
const protocolNames =
  '# Internet (IP) protocols\n\nip\t0\tIP\nicmp\t1\tICMP\nigmp\t2\tIGMP\ntcp\t6\tTCP\negp\t8\tEGP\nudp\t17\tUDP\nipv6\t41\tIPv6\ngre\t47\tGRE\nesp\t50\tIPSEC-ESP\nah\t51\tIPSEC-AH\nipv6-icmp\t58\tIPv6-ICMP\nospf\t89\tOSPFIGP\nsctp\t132\tSCTP\n';
