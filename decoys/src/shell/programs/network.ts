import type { Persona } from '@cerberusmesh/contract/persona';
import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { processesOf, programOf } from './processes.ts';
import { releaseOf } from './releases.ts';

/** What the network looks like from inside. Nothing here opens a socket: whoever tries to get out finds a firewall. */
export const networkPrograms: Programs = {
  ifconfig: ({ args, machine }) => ifconfig(args, machine.persona),
  ip,
  netstat,
  ss,
  route: ({ machine }) => say(routeTable(machine.persona)),
  arp: ({ machine: { persona } }) =>
    say(
      `Address                  HWtype  HWaddress           Flags Mask            Iface\n${persona.network.gateway.padEnd(25)}ether   ${gatewayMac(persona)}   C                     ${persona.network.device}\n`,
    ),
  ping: ({ args, machine, name }) => ping(args, machine, name),
  ping6: ({ args, machine, name }) => ping(args, machine, name),
  traceroute: ({ args }) =>
    say(`traceroute to ${args.at(-1) ?? ''} (${args.at(-1) ?? ''}), 30 hops max, 60 byte packets\n 1  * * *\n`),
  nslookup: ({ args }) => ({
    stdout: `;; communications error to 127.0.0.53#53: timed out\n;; no servers could be reached\n\n`,
    exitCode: args.length > 0 ? 1 : 0,
  }),
  dig: ({ args }) => ({
    stdout: `\n; <<>> DiG 9.18.18-0ubuntu0.22.04.2-Ubuntu <<>> ${args.join(' ')}\n;; global options: +cmd\n;; no servers could be reached\n\n`,
    exitCode: 9,
  }),
  host: ({ args }) => ({
    stdout: `;; communications error to 127.0.0.53#53: timed out\nHost ${args.at(-1) ?? ''} not found: 2(SERVFAIL)\n`,
    exitCode: 1,
  }),
  nc,
  netcat: nc,
  telnet: ({ args }) =>
    args[0]
      ? fail(`Trying ${args[0]}...\ntelnet: Unable to connect to remote host: No route to host\n`)
      : say('telnet> \n'),
  ssh: (call) => ssh(call),
  'ssh-keygen': ({ machine }) =>
    say(
      `Generating public/private rsa key pair.\nYour identification has been saved in /root/.ssh/id_rsa\nYour public key has been saved in /root/.ssh/id_rsa.pub\nThe key fingerprint is:\nSHA256:${Buffer.from(machine.persona.machineId).toString('base64').slice(0, 43)} root@${machine.persona.hostname}\n`,
    ),
  iptables: ({ args, machine }) => iptables(args, machine),
  ip6tables: ({ args, machine }) => iptables(args, machine),
  'iptables-save': ({ machine }) =>
    machine.actor.uid === 0 ? say('') : fail('iptables-save: Permission denied (you must be root)\n', 4),
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

function ip({ args, machine }: Call): Result {
  const { network } = machine.persona;
  const words = args.filter((arg) => !arg.startsWith('-'));
  const [topic = ''] = words;
  if (topic === '')
    return fail('Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n       ip [ -force ] -batch filename\n', 255);
  const isBrief = args.some((arg) => arg === '-br' || arg === '-brief');
  if ('address'.startsWith(topic)) {
    if (isBrief)
      return say(
        `lo               UNKNOWN        127.0.0.1/8 ::1/128 \n${network.device.padEnd(16)} UP             ${network.address}/${network.prefix} \n`,
      );
    if (args.some((arg) => arg === '-o' || arg === '-oneline')) return say(onelineAddresses(words, network));
    return say(
      `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n2: ${network.device}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n    link/ether ${network.mac} brd ff:ff:ff:ff:ff:ff\n    inet ${network.address}/${network.prefix} brd ${network.address.replace(/\d+$/, '255')} scope global ${network.device}\n       valid_lft forever preferred_lft forever\n`,
    );
  }
  if ('route'.startsWith(topic))
    return say(
      `default via ${network.gateway} dev ${network.device} proto static \n${network.address.replace(/\d+$/, '0')}/${network.prefix} dev ${network.device} proto kernel scope link src ${network.address} \n`,
    );
  if ('link'.startsWith(topic))
    return say(
      `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n2: ${network.device}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP mode DEFAULT group default qlen 1000\n    link/ether ${network.mac} brd ff:ff:ff:ff:ff:ff\n`,
    );
  if ('neighbour'.startsWith(topic))
    return say(`${network.gateway} dev ${network.device} lladdr ${gatewayMac(machine.persona)} REACHABLE\n`);
  return fail(`Object "${topic}" is unknown, try "ip help".\n`);
}

function onelineAddresses(words: readonly string[], network: Persona['network']): string {
  const rows = [
    ['lo', `1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n`],
    [
      network.device,
      `2: ${network.device}    inet ${network.address}/${network.prefix} brd ${network.address.replace(/\d+$/, '255')} scope global ${network.device}\\       valid_lft forever preferred_lft forever\n`,
    ],
  ] as const;
  const asked = rows.filter(([device]) => words.includes(device));
  return (asked.length > 0 ? asked : rows).map(([, row]) => row).join('');
}

interface Listener {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly pid: number;
  readonly program: string;
}

function listeners(machine: Machine): Listener[] {
  const running = processesOf(machine);
  return machine.persona.services.flatMap(({ command, ports }) => {
    const pid = running.find((process) => process.command === command)?.pid ?? 1;
    return ports.map(({ port, protocol, address }) => ({ protocol, address, port, pid, program: programOf(command) }));
  });
}

function netstat({ args, machine }: Call): Result {
  const { flags } = readOptions(args);
  if (flags.has('r')) return say(routeTable(machine.persona));
  const showsPrograms = flags.has('p');
  const wantsTcp = flags.has('t') || !flags.has('u');
  const wantsUdp = flags.has('u') || !flags.has('t');
  const row = (protocol: string, from: string, to: string, state: string, program: string) =>
    `${protocol.padEnd(5)}      0      0 ${from.padEnd(23)} ${to.padEnd(23)} ${state.padEnd(11)} ${showsPrograms ? program : ''}`.trimEnd();
  const shown = listeners(machine)
    .filter(({ protocol }) => (protocol === 'tcp' ? wantsTcp : wantsUdp))
    .map(({ protocol, address, port, pid, program }) =>
      row(
        protocol,
        `${address.replace(/%.*/, '')}:${port}`,
        '0.0.0.0:*',
        protocol === 'tcp' ? 'LISTEN' : '',
        machine.actor.uid === 0 ? `${pid}/${program}` : '-',
      ),
    );
  const mine =
    wantsTcp && (flags.has('a') || !flags.has('l'))
      ? [
          row(
            'tcp',
            `${machine.persona.network.address}:22`,
            `${machine.visitor.sourceIp}:${machine.visitor.sourcePort}`,
            'ESTABLISHED',
            `${machine.visitor.pid - 14}/sshd: ${machine.visitor.user}`,
          ),
        ]
      : [];
  const isListed = flags.has('l') || flags.has('a');
  const title = flags.has('l') ? '(only servers)' : flags.has('a') ? '(servers and established)' : '(w/o servers)';
  return say(
    `Active Internet connections ${title}\nProto Recv-Q Send-Q Local Address           Foreign Address         State       ${showsPrograms ? 'PID/Program name    ' : ''}\n`.replace(
      / +\n$/,
      showsPrograms ? '    \n' : '      \n',
    ) + [...(isListed ? shown : []), ...mine].map((line) => `${line}\n`).join(''),
  );
}

function ss({ args, machine }: Call): Result {
  const { flags } = readOptions(args);
  if (flags.has('s'))
    return say(
      `Total: ${150 + machine.persona.services.length}\nTCP:   ${listeners(machine).length + 1} (estab 1, closed 0, orphaned 0, timewait 0)\n`,
    );
  const rows = listeners(machine)
    .filter(({ protocol }) =>
      protocol === 'tcp' ? flags.has('t') || !flags.has('u') : flags.has('u') || !flags.has('t'),
    )
    .map(
      ({ protocol, address, port, pid, program }) =>
        `${protocol.padEnd(5)} ${(protocol === 'tcp' ? 'LISTEN' : 'UNCONN').padEnd(6)} 0      ${protocol === 'tcp' ? '128 ' : '0   '} ${`${address}:${port}`.padStart(20)}       0.0.0.0:*    ${flags.has('p') && machine.actor.uid === 0 ? `users:(("${program}",pid=${pid},fd=3))` : ''}`,
    );
  const mine = `tcp   ESTAB  0      0    ${`${machine.persona.network.address}:22`.padStart(20)} ${machine.visitor.sourceIp}:${machine.visitor.sourcePort}`;
  const shown = flags.has('l') ? rows : flags.has('a') ? [...rows, mine] : [mine];
  return say(
    `Netid State  Recv-Q Send-Q   Local Address:Port   Peer Address:Port Process\n${shown.map((line) => `${line}\n`).join('')}`,
  );
}

function routeTable({ network }: Persona): string {
  return `Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n0.0.0.0         ${network.gateway.padEnd(15)} 0.0.0.0         UG    0      0        0 ${network.device}\n${network.address.replace(/\d+$/, '0').padEnd(15)} 0.0.0.0         255.255.255.0   U     0      0        0 ${network.device}\n`;
}

function gatewayMac({ machineId }: Persona): string {
  return `52:54:00:${machineId.slice(0, 2)}:${machineId.slice(2, 4)}:01`;
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

function nc({ args, name }: Call): Result {
  const { flags, rest } = readOptions(args, 'wpsqe');
  if (flags.has('l')) return fail(`${name}: Address already in use\n`);
  if (flags.has('h')) return fail('OpenBSD netcat (Debian patchlevel 1.219-1)\n', 0);
  const [host, port] = rest;
  if (!host)
    return fail(
      `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [destination] [port]\n`,
    );
  return flags.has('v')
    ? fail(`${name}: connect to ${host} port ${port ?? ''} (tcp) failed: No route to host\n`)
    : fail('');
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
  return fail(`ssh: connect to host ${host} port ${flags.get('p') ?? '22'}: No route to host\r\n`, 255);
}

function iptables(args: readonly string[], machine: Machine): Result {
  if (machine.actor.uid !== 0)
    return fail(
      'iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n',
      4,
    );
  if (args.some((arg) => /^-\w*L/.test(arg)))
    return say(
      'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain FORWARD (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain OUTPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n',
    );
  if (args.includes('-S')) {
    const [, wanted] = args.slice(args.indexOf('-S'));
    const chains = ['INPUT', 'FORWARD', 'OUTPUT'].filter((chain) => wanted === undefined || chain === wanted);
    return say(chains.map((chain) => `-P ${chain} ACCEPT\n`).join(''));
  }
  return args.length === 0
    ? fail(
        "iptables v1.8.7 (nf_tables): no command specified\nTry `iptables -h' or 'iptables --help' for more information.\n",
        2,
      )
    : {};
}
