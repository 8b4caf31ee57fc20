import { programOf } from '../../persona/process-table.ts';
import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { routeTable } from './network.ts';
import { processesOf } from './processes.ts';

/** Who listens, and who is connected: the persona's services and the visitor himself. */
export const socketPrograms: Programs = { netstat, ss };

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
  if (flags.has('r'))
    return say(routeTable(machine.persona).replace('Metric Ref    Use Iface', '  MSS Window  irtt Iface'));
  if (flags.has('i'))
    return say(
      `Kernel Interface table\nIface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n${machine.persona.network.device.padEnd(16)} 1500   184220      0      0 0        121004      0      0      0 BMRU\nlo              65536     1204      0      0 0          1204      0      0      0 LRU\n`,
    );
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
  const odd = args.find((arg) => arg.startsWith('--') && !ssOptions.test(arg));
  if (odd !== undefined) return fail(`ss: unrecognized option '${odd}'\n${ssUsage}`, 255);
  const { flags } = readOptions(args);
  const wants = (letter: string, long: string) => flags.has(letter) || flags.has(long);
  if (wants('s', 'summary'))
    return say(
      `Total: ${150 + machine.persona.services.length}\nTCP:   ${listeners(machine).length + 1} (estab 1, closed 0, orphaned 0, timewait 0)\n`,
    );
  const [isTcp, isUdp] = [wants('t', 'tcp'), wants('u', 'udp')];
  const isUnix = wants('x', 'unix');
  const [isListed, isAll] = [wants('l', 'listening'), wants('a', 'all')];
  const isFiltered = args.includes('state');
  const hasNetid = isTcp === isUdp || isUnix;
  const row = (protocol: string, state: string, queue: string, from: string, to: string, users: string) =>
    `${hasNetid ? `${protocol.padEnd(5)} ` : ''}${isFiltered ? '' : `${state.padEnd(6)} `}0      ${queue.padEnd(6)} ${from.padStart(18)} ${to.padStart(18)} ${users}`.trimEnd();
  const rows = listeners(machine)
    .filter(({ protocol }) => (isUnix ? false : protocol === 'tcp' ? isTcp || !isUdp : isUdp || !isTcp))
    .map(({ protocol, address, port, pid, program }) =>
      row(
        protocol,
        protocol === 'tcp' ? 'LISTEN' : 'UNCONN',
        protocol === 'tcp' ? '128' : '0',
        `${address}:${port}`,
        '0.0.0.0:*',
        wants('p', 'processes') && machine.actor.uid === 0 ? `users:(("${program}",pid=${pid},fd=3))` : '',
      ),
    );
  const { network } = machine.persona;
  const mine = row(
    'tcp',
    'ESTAB',
    '0',
    `${network.address}:22`,
    `${machine.visitor.sourceIp}:${machine.visitor.sourcePort}`,
    '',
  );
  const own = isUnix || (isUdp && !isTcp) ? [] : [mine];
  const shown = isListed ? rows : isAll ? [...rows, ...own] : own;
  const head = `${hasNetid ? 'Netid ' : ''}${isFiltered ? '' : 'State  '}Recv-Q Send-Q Local Address:Port Peer Address:PortProcess`;
  return say([head, ...shown].map((line) => `${line}\n`).join(''));
}

const ssOptions =
  /^--(?:tcp|udp|unix|listening|all|processes|numeric|resolve|summary|extended|options|memory|info|ipv4|ipv6|raw|no-header|context|help|version)$/;
const ssUsage =
  "Usage: ss [ OPTIONS ]\n       ss [ OPTIONS ] [ FILTER ]\n   -h, --help          this message\n   -V, --version       output version information\n   -n, --numeric       don't resolve service names\n";
