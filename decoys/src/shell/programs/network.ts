import type { Persona } from '@cerberusmesh/contract/persona';
import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { gatewayMac } from './ip.ts';
import { releaseOf } from './releases.ts';

/** What the network looks like from inside. Nothing here opens a socket: whoever tries to get out finds a firewall. */
export const networkPrograms: Programs = {
  ifconfig: ({ args, machine }) => ifconfig(args, machine.persona),
  route: ({ machine }) => say(routeTable(machine.persona)),
  arp: ({ machine: { persona } }) =>
    say(
      `Address                  HWtype  HWaddress           Flags Mask            Iface\n${persona.network.gateway.padEnd(25)}ether   ${gatewayMac(persona)}   C                     ${persona.network.device}\n`,
    ),
  ping: ({ args, machine, name }) => ping(args, machine, name),
  ping6: ({ args, machine, name }) => ping(args, machine, name),
  traceroute: ({ args }) =>
    !/^[\d.]+$/.test(args.at(-1) ?? '')
      ? fail(
          `${args.at(-1) ?? ''}: Temporary failure in name resolution\nCannot handle "host" cmdline arg \`${args.at(-1) ?? ''}' on position 1 (argc ${args.length})\n`,
          2,
        )
      : say(`traceroute to ${args.at(-1) ?? ''} (${args.at(-1) ?? ''}), 30 hops max, 60 byte packets\n 1  * * *\n`),
  nslookup: ({ args }) => ({
    stdout: `;; communications error to ${serverOf(args)}#53: timed out\n;; no servers could be reached\n\n`,
    exitCode: args.length > 0 ? 1 : 0,
  }),
  dig: ({ args, machine }) => {
    const why =
      /^127\./.test(serverOf(args)) && args.some((arg) => arg.startsWith('@')) ? 'connection refused' : 'timed out';
    const head = args.includes('+short')
      ? ''
      : `\n; <<>> DiG ${digVersion(machine.persona)} <<>> ${args.join(' ')}\n;; global options: +cmd\n`;
    return {
      stdout: `;; communications error to ${serverOf(args)}#53: ${why}\n${head};; no servers could be reached\n`,
      exitCode: 9,
    };
  },
  host: ({ args }) =>
    args.length === 0
      ? fail(hostUsage)
      : {
          stdout: `;; communications error to ${serverOf(args)}#53: timed out\n;; no servers could be reached\n`,
          exitCode: 1,
        },
  telnet: ({ args }) =>
    args[0]
      ? {
          stdout: `Trying ${args[0]}...\n`,
          stderr: `telnet: Unable to connect to remote host: ${whyNot(args[0] ?? '')}\n`,
          exitCode: 1,
        }
      : say('telnet> \n'),
  ssh: (call) => ssh(call),
  ufw: ({ args, machine }) =>
    machine.actor.uid === 0
      ? say(args[0] === 'status' ? 'Status: inactive\n' : 'Firewall stopped and disabled on system startup\n')
      : fail('ERROR: You need to be root to run this script\n'),
  tcpdump: () =>
    fail(
      'tcpdump: listening on any, link-type LINUX_SLL2 (Linux cooked v2), snapshot length 262144 bytes\n0 packets captured\n0 packets received by filter\n0 packets dropped by kernel\n',
      0,
    ),
};

const hostUsage =
  'Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n       -a is equivalent to -v -t ANY\n       -A is like -a but omits RRSIG, NSEC, NSEC3\n';

function serverOf(args: readonly string[]): string {
  return (
    args.find((arg) => arg.startsWith('@'))?.slice(1) ??
    args.slice(1).find((arg) => /^\d+\.\d+/.test(arg)) ??
    '127.0.0.53'
  );
}

function digVersion({ os }: Persona): string {
  return os.id === 'ubuntu' ? '9.18.18-0ubuntu0.22.04.2-Ubuntu' : '9.18.24-1-Debian';
}

function ifconfig(args: readonly string[], { network, bootedAtMs }: Persona): Result {
  const wanted = args.find((arg) => !arg.startsWith('-'));
  const received = 4_000_000 + (Math.floor((Date.now() - bootedAtMs) / 1000) % 90_000_000) * 21;
  const counts = (bytes: number) =>
    `        RX packets ${Math.floor(bytes / 310)}  bytes ${bytes} (${(bytes / 1e6).toFixed(1)} MB)\n        RX errors 0  dropped 0  overruns 0  frame 0\n        TX packets ${Math.floor(bytes / 420)}  bytes ${Math.floor(bytes * 0.62)} (${((bytes * 0.62) / 1e6).toFixed(1)} MB)\n        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0\n\n`;
  const own = `${network.device}: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        inet ${network.address}  netmask 255.255.255.0  broadcast ${network.address.replace(/\d+$/, '255')}\n        ether ${network.mac}  txqueuelen 1000  (Ethernet)\n${counts(received)}`;
  const loop = `lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n        inet 127.0.0.1  netmask 255.0.0.0\n        loop  txqueuelen 1000  (Local Loopback)\n${counts(184_220)}`;
  if (wanted === undefined) return say(own + loop);
  if (wanted === network.device) return say(own);
  return wanted === 'lo' ? say(loop) : fail(`${wanted}: error fetching interface information: Device not found\n`);
}

/** As `route -n` prints it. */
export function routeTable({ network }: Persona): string {
  return `Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n0.0.0.0         ${network.gateway.padEnd(15)} 0.0.0.0         UG    0      0        0 ${network.device}\n${network.address.replace(/\d+$/, '0').padEnd(15)} 0.0.0.0         255.255.255.0   U     0      0        0 ${network.device}\n`;
}

async function ping(args: readonly string[], machine: Machine, name: string): Promise<Result> {
  const { flags, rest } = readOptions(args, 'ciwWsIt');
  const [target] = rest;
  if (!target) return fail(`${name}: usage error: Destination address required\n`);
  const isNear =
    target === 'localhost' ||
    target.startsWith('127.') ||
    target === machine.persona.network.address ||
    target === machine.persona.network.gateway;
  if (!/^[\d.]+$/.test(target) && target !== 'localhost')
    return fail(`${name}: ${target}: Temporary failure in name resolution\n`, 2);
  const count = Math.min(10, Number(flags.get('c') ?? 4) || 4);
  const head = `PING ${target} (${target}) 56(84) bytes of data.\n`;
  if (!isNear)
    return {
      stdout: `${head}From ${machine.persona.network.gateway} icmp_seq=1 Packet filtered\n\n--- ${target} ping statistics ---\n${count} packets transmitted, 0 received, +1 errors, 100% packet loss, time ${(count - 1) * 1024}ms\n\n`,
      exitCode: 1,
    };
  const rows = Array.from(
    { length: count },
    (_, index) => `64 bytes from ${target}: icmp_seq=${index + 1} ttl=64 time=0.0${31 + index} ms\n`,
  ).join('');
  return say(
    `${head}${rows}\n--- ${target} ping statistics ---\n${count} packets transmitted, ${count} received, 0% packet loss, time ${(count - 1) * 1024}ms\nrtt min/avg/max/mdev = 0.031/0.034/0.041/0.004 ms\n`,
  );
}

function ssh({ args, machine }: Call): Result {
  const { flags, rest } = readOptions(args, 'ploiFLRDwcmbe');
  if (flags.has('V'))
    return fail(
      `${machine.persona.ssh.ident.replace('SSH-2.0-', '')}, ${releaseOf(machine.persona).openssl.replace(/ \(.*/, '')}\n`,
      0,
    );
  const [target] = rest;
  if (!target)
    return fail(
      'usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface]\n           [-b bind_address] [-c cipher_spec] [-D [bind_address:]port]\n           [-i identity_file] [-p port] destination [command [argument ...]]\n',
      255,
    );
  const host = target.replace(/^.*@/, '');
  if (!/^[\d.]+$/.test(host))
    return fail(`ssh: Could not resolve hostname ${host}: Temporary failure in name resolution\r\n`, 255);
  return fail(`ssh: connect to host ${host} port ${flags.get('p') ?? '22'}: ${whyNot(host)}\r\n`, 255);
}

/** Nothing of ours answers, and nothing else is reached. */
function whyNot(host: string): string {
  return /^(?:.*@)?(?:127\.|localhost$)/.test(host) ? 'Connection refused' : 'No route to host';
}
