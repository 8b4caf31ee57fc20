import type { Persona } from '@cerberusmesh/contract/persona';
import type { WorldNode } from '../world/node.ts';
import { createProgram } from './programs.ts';

type Entries = Array<readonly [string, WorldNode]>;

/** Which applet is a link where, as OpenWrt has them. */
const applets: Readonly<Record<string, string>> = {
  '/bin':
    'ash cat chgrp chmod chown cp date dd df dmesg echo egrep false fgrep grep gunzip gzip kill ln login ls mkdir mknod mktemp mount mv netstat nice pidof ping ping6 ps pwd rm rmdir sed sh sleep sync tar touch true umount uname vi zcat',
  '/sbin':
    'halt hwclock ifconfig insmod lsmod mkswap modprobe pivot_root poweroff reboot rmmod route swapoff swapon sysctl udhcpc',
  '/usr/bin':
    '[ [[ awk basename bunzip2 bzcat clear cmp crontab cut dirname du env expr find flock free head hexdump id killall less logger md5sum mkfifo nc nslookup passwd pgrep printf readlink renice reset seq sha1sum sha256sum sort strings tail tee test tftp time top tr traceroute uniq uptime wc wget which xargs yes',
  '/usr/sbin': 'brctl chroot crond ntpd telnetd',
};
const programs: Readonly<Record<string, string>> = {
  '/bin': 'busybox ubus',
  '/sbin': 'procd ubusd logd logread netifd uci firstboot sysupgrade wifi ip',
  '/usr/sbin': 'dropbear dnsmasq uhttpd iptables iw hostapd',
  '/usr/bin': 'ssh scp dbclient',
};
const folders =
  '/ /bin /dev /dev/pts /etc /etc/config /etc/init.d /etc/rc.d /etc/crontabs /etc/dropbear /lib /lib/modules /mnt /overlay /proc /proc/self /proc/1 /proc/net /rom /root /sbin /sys /tmp /tmp/run /tmp/log /tmp/etc /usr /usr/bin /usr/lib /usr/sbin /usr/share /www /www/cgi-bin';

/** The file system of a small router: one busybox with links to it, a memory disk for /tmp, and /var in it. */
export function busyboxEntries({ kernel, seed, installedAtMs, bootedAtMs }: Persona): Entries {
  const link = (path: string, target: string) =>
    [path, { kind: 'link', mode: 0o777, uid: 0, gid: 0, mtimeMs: installedAtMs, target }] as const;
  return [
    ...folders.split(' ').map((path): Entries[number] => {
      const mtimeMs = /^\/(?:tmp|dev|proc|sys)/.test(path) ? bootedAtMs : installedAtMs;
      return [path, { kind: 'folder', mode: path === '/tmp' ? 0o1777 : 0o755, uid: 0, gid: 0, mtimeMs }];
    }),
    ...spread(programs, (path) => [path, createProgram(path, kernel.machine, seed, installedAtMs)]),
    ...spread(applets, (path) => link(path, path.startsWith('/bin/') ? 'busybox' : busyboxFrom(path))),
    link('/var', 'tmp'),
    link('/etc/mtab', '/proc/mounts'),
  ];
}

function spread(names: Readonly<Record<string, string>>, make: (path: string) => Entries[number]): Entries {
  return Object.entries(names).flatMap(([folder, all]) => all.split(' ').map((name) => make(`${folder}/${name}`)));
}

function busyboxFrom(path: string): string {
  return path.startsWith('/usr/') ? '../../bin/busybox' : '../bin/busybox';
}

/** What a router has below /etc besides its own files. */
export function busyboxFiles({ hostname, os, network }: Persona): Persona['files'] {
  const texts: Record<string, string> = {
    '/etc/hostname': `${hostname}\n`,
    '/etc/hosts': `127.0.0.1 localhost\n${network.address} ${hostname}\n\n::1     localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n`,
    '/etc/resolv.conf': 'search lan\nnameserver 127.0.0.1\n',
    '/etc/os-release': `NAME="${os.name}"\nVERSION="${os.version}"\nID="${os.id}"\nID_LIKE="lede openwrt"\nPRETTY_NAME="${os.prettyName}"\nVERSION_ID="${os.versionId}"\nHOME_URL="https://openwrt.org/"\nLEDE_BOARD="ath79/generic"\n`,
    '/etc/shells': '/bin/ash\n',
    '/etc/inittab':
      '::sysinit:/etc/init.d/rcS S boot\n::shutdown:/etc/init.d/rcS K shutdown\n::askconsole:/usr/libexec/login.sh\n',
    '/etc/profile': '[ -e /tmp/.failsafe ] && export FAILSAFE=1\n\nexport PATH="/usr/sbin:/usr/bin:/sbin:/bin"\n',
    '/etc/crontabs/root': '',
    '/etc/rc.local':
      '# Put your custom commands here that should be executed once\n# the system init finished.\n\nexit 0\n',
  };
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, { text, mode: '644', owner: 'root' }]));
}
