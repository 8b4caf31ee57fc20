import { fill } from '../persona/generate.ts';
import { loadOf, memoryOf } from '../persona/kernel-files.ts';
import type { Visit } from '../shell/visit.ts';

/** What a login shows before the first prompt: the persona's motd, with the machine's figures of now. */
export function greeting({ persona, now, user }: Visit): string {
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
    processes: String(100 + persona.services.length).padEnd(3),
    disk: (18 + (persona.seed.length % 7) * 2.5).toFixed(1),
    diskSize: `${(persona.diskKb / 1_000_000).toFixed(2)}GB`,
    memory: String(Math.round((memory.used * 100) / memory.total)),
    device: persona.network.device,
    address: persona.network.address,
  });
  const before = new Date(now() - 93_600_000).toUTCString();
  const [, lastDay = '', lastDate = '', lastMonth = '', lastYear = '', lastTime = ''] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(before) ?? [];
  const last =
    user === 'root' || persona.users.some(({ name }) => name === user)
      ? `Last login: ${lastDay} ${lastMonth} ${String(Number(lastDate)).padStart(2)} ${lastTime} ${lastYear} from ${persona.network.gateway}\n`
      : '';
  return `${shown}${last}`.replace(/\n/g, '\r\n');
}
