import { dateText } from '../persona/date-text.ts';
import { fill } from '../persona/generate.ts';
import { loadOf, memoryOf } from '../persona/kernel-files.ts';
import type { LastLogin } from '../persona/login-records.ts';
import { systemProcesses } from '../persona/process-table.ts';
import type { Visit } from '../shell/visit.ts';

/** What a login shows before the first prompt: the persona's motd, with the machine's figures of now, and when this user was last here. */
export function greeting({ persona, now }: Visit, last: LastLogin | undefined): string {
  const memory = memoryOf(persona, now());
  const date = new Date(now()).toUTCString();
  const [, weekday = '', day = '', month = '', year = '', time = ''] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(date) ?? [];
  const shown = fill(persona.motd, {
    pretty: persona.os.prettyName,
    kernel: persona.kernel.release,
    machine: persona.kernel.machine,
    build: persona.kernel.build,
    hostname: persona.hostname,
    date: `${weekday} ${month} ${day} ${time} UTC ${year}`,
    load: loadOf(now())[0] ?? '0.00',
    // Of whoever comes in: his sshd, his shell, and what writes this.
    processes: String(systemProcesses(persona).length + 3).padEnd(3),
    disk: (18 + (persona.seed.length % 7) * 2.5).toFixed(1),
    diskSize: `${(persona.diskKb / 1_000_000).toFixed(2)}GB`,
    memory: String(Math.round((memory.used * 100) / memory.total)),
    device: persona.network.device,
    address: persona.network.address,
  });
  const told = last ? `Last login: ${dateText(last.atMs)} from ${last.host}\n` : '';
  return `${shown}${told}`.replace(/\n/g, '\r\n');
}
