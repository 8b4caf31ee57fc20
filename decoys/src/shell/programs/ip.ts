import type { Persona } from '@cerberusmesh/contract/persona';
import { type Call, fail, type Programs, type Result, say } from '../program.ts';

/** `ip`, of a machine with one card and no IPv6. */
export const ipPrograms: Programs = { ip };

interface Device {
  readonly at: number;
  readonly name: string;
  readonly flags: string;
  readonly kind: string;
  readonly state: string;
  /** From its size to its queue's length, the words of the kind of list left out. */
  readonly queue: string;
  readonly mtu: number;
  readonly address: string;
  readonly broadcast: string;
  readonly network: string;
  readonly scope: string;
}

const usage =
  'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n       ip [ -force ] -batch filename\nwhere  OBJECT := { address | addrlabel | fou | help | ila | ioam | l2tp | link |\n                   macsec | maddress | monitor | mptcp | mroute | mrule |\n                   neighbor | neighbour | netconf | netns | nexthop | ntable |\n                   ntbl | route | rule | sr | stats | tap | tcpmetrics |\n                   token | tunnel | tuntap | vrf | xfrm }\n       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -r[esolve] |\n                    -h[uman-readable] | -iec | -j[son] | -p[retty] |\n                    -f[amily] { inet | inet6 | mpls | bridge | link } |\n                    -4 | -6 | -M | -B | -0 |\n                    -l[oops] { maximum-addr-flush-attempts } | -br[ief] |\n                    -o[neline] | -t[imestamp] | -ts[hort] | -b[atch] [filename] |\n                    -rc[vbuf] [size] | -n[etns] name | -N[umeric] | -a[ll] |\n                    -c[olor]}\n';

const objects = ['address', 'link', 'route', 'neighbour', 'rule'] as const;
const changing = /^(?:add|del|delete|set|change|replace|flush|append|prepend)$/;
const listing = /^(?:show|list|ls|lst|get|dev|up|to|via|table|scope)$/;

function ip({ args, machine }: Call): Result {
  const options = new Set(args.filter((arg) => arg.startsWith('-')));
  const [topic = '', ...words] = args.filter((arg) => !arg.startsWith('-'));
  if (options.has('-V')) return say('ip utility, iproute2-6.1.0, libbpf 1.1.0\n');
  if (topic === '' || topic === 'help') return fail(usage, topic === '' ? 255 : 0);
  const object = objects.find((name) => name.startsWith(topic));
  if (object === undefined) return fail(`Object "${topic}" is unknown, try "ip help".\n`);
  const [verb = 'show'] = words;
  if (changing.test(verb))
    return machine.actor.uid === 0 ? {} : fail('RTNETLINK answers: Operation not permitted\n', 2);
  if (object === 'rule')
    return say('0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n');
  if (object === 'neighbour') return say(neighbour(machine.persona));
  if (object === 'route') return route(words, options, machine.persona);
  const named = words.includes('dev') ? words[words.indexOf('dev') + 1] : words.find((word) => !listing.test(word));
  const devices = devicesOf(machine.persona).filter(({ name }) => named === undefined || name === named);
  if (devices.length === 0) return fail(`Device "${named}" does not exist.\n`);
  return say(devices.map((device) => describe(device, object === 'link', options)).join(''));
}

function describe(device: Device, isLink: boolean, options: ReadonlySet<string>): string {
  if (options.has('-br') || options.has('-brief')) return brief(device, isLink, options);
  const isOneLine = options.has('-o') || options.has('-oneline');
  const end = isOneLine ? '\\' : '\n';
  const { at, name, flags, mtu, queue, state, kind, address, broadcast } = device;
  const inet = `inet ${device.network} ${device.scope}${end}       valid_lft forever preferred_lft forever`;
  if (!isLink && isOneLine) return options.has('-6') ? '' : `${at}: ${name}    ${inet}\n`;
  if (!isLink && options.has('-6')) return '';
  const mode = isLink ? ' mode DEFAULT' : '';
  const head = `${at}: ${name}: <${flags}> mtu ${mtu} qdisc ${queue} state ${state}${mode} group default qlen 1000`;
  const card = `${end}    link/${kind} ${address} brd ${broadcast}`;
  if (isLink) return `${head}${card}\n`;
  return `${head}${options.has('-4') ? '' : card}\n    ${inet}\n`;
}

function brief(
  { name, state, address, flags, network }: Device,
  isLink: boolean,
  options: ReadonlySet<string>,
): string {
  const head = `${name.padEnd(16)} ${state.padEnd(14)} `;
  if (isLink) return `${head}${address} <${flags}> \n`;
  return options.has('-6') ? '' : `${head}${network} \n`;
}

function devicesOf({ network }: Persona): Device[] {
  const broadcast = network.address.replace(/\d+$/, '255');
  return [
    {
      ...{ at: 1, name: 'lo', flags: 'LOOPBACK,UP,LOWER_UP', kind: 'loopback', state: 'UNKNOWN' },
      ...{ queue: 'noqueue', mtu: 65_536, address: '00:00:00:00:00:00', broadcast: '00:00:00:00:00:00' },
      ...{ network: '127.0.0.1/8', scope: 'scope host lo' },
    },
    {
      ...{ at: 2, name: network.device, flags: 'BROADCAST,MULTICAST,UP,LOWER_UP', kind: 'ether', state: 'UP' },
      ...{ queue: 'fq_codel', mtu: 1500, address: network.mac, broadcast: 'ff:ff:ff:ff:ff:ff' },
      ...{ network: `${network.address}/${network.prefix}`, scope: `brd ${broadcast} scope global ${network.device}` },
    },
  ];
}

function route(words: readonly string[], options: ReadonlySet<string>, { network }: Persona): Result {
  if (options.has('-6')) return say('');
  if (words[0] === 'get') return routeTo(words[1], network);
  const near = `${network.address.replace(/\d+$/, '0')}/${network.prefix} dev ${network.device} proto kernel scope link src ${network.address} \n`;
  const far = `default via ${network.gateway} dev ${network.device} proto static \n`;
  return say(words.includes('default') ? far : far + near);
}

function routeTo(target: string | undefined, network: Persona['network']): Result {
  if (target === undefined) return fail('need at least a destination address\n', 255);
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(target))
    return fail(`Error: any valid prefix is expected rather than "${target}".\n`);
  const isOwn = target.startsWith('127.') || target === network.address;
  if (isOwn)
    return say(
      `local ${target} dev lo src ${target.startsWith('127.') ? '127.0.0.1' : target} uid 0 \n    cache <local> \n`,
    );
  const isNear = target.replace(/\d+$/, '') === network.address.replace(/\d+$/, '');
  const via = isNear ? '' : `via ${network.gateway} `;
  return say(`${target} ${via}dev ${network.device} src ${network.address} uid 0 \n    cache \n`);
}

function neighbour(persona: Persona): string {
  return `${persona.network.gateway} dev ${persona.network.device} lladdr ${gatewayMac(persona)} REACHABLE\n`;
}

/** The card of the machine's gateway, made of its own identity. */
export function gatewayMac({ machineId }: Pick<Persona, 'machineId'>): string {
  return `52:54:00:${machineId.slice(0, 2)}:${machineId.slice(2, 4)}:01`;
}
