import type { Persona } from '@cerberusmesh/contract/persona';
import { diskOf } from './disk.ts';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly user: string;
  readonly terminal: string;
  readonly command: string;
  readonly startedMs: number;
  readonly memoryKb: number;
}

const kernelThreads =
  'kthreadd rcu_gp rcu_par_gp kworker/0:0H-events_highpri mm_percpu_wq ksoftirqd/0 rcu_sched migration/0 cpuhp/0 kdevtmpfs kauditd khungtaskd oom_reaper kcompactd0 kswapd0';

/** What runs from the boot on: init, the kernel's own, and the services. */
export function systemProcesses(persona: Persona): Process[] {
  const boot = { parent: 1, terminal: '?', startedMs: persona.bootedAtMs };
  const kernel = [...kernelThreads.split(' '), `jbd2/${diskOf(persona).root}-8`, 'ext4-rsv-conver'].map(
    (name, index) => ({
      ...{ ...boot, parent: index === 0 ? 0 : 2, pid: index + 2, user: 'root', command: `[${name}]`, memoryKb: 0 },
    }),
  );
  const services = persona.services.map(({ command, user, memoryKb }, index) => ({
    ...{ ...boot, pid: 380 + index * 37 + (index % 3), user, command, memoryKb },
  }));
  const first =
    persona.os.family === 'busybox'
      ? { command: '/sbin/procd', memoryKb: 1_540 }
      : { command: '/sbin/init', memoryKb: 11_880 };
  const init: Process = { ...boot, ...first, parent: 0, pid: 1, user: 'root' };
  return [init, ...kernel, ...services];
}

/** Who is logged in, as far as processes tell. */
export interface Login {
  readonly pid: number;
  readonly user: string;
  readonly terminal: string | null;
  readonly sinceMs: number;
}

const dropbear = '/usr/sbin/dropbear -F -P /var/run/dropbear.1.pid -p 22 -K 300 -T 3';

/** Two for each login: its sshd, and its shell. */
export function loginProcesses(persona: Persona, logins: readonly Login[]): Process[] {
  const isBusybox = persona.os.family === 'busybox';
  const listening = /^sshd:|\/dropbear\b/;
  const sshd = systemProcesses(persona).find(({ command }) => listening.test(command))?.pid ?? 812;
  return logins.flatMap(({ pid, user, terminal, sinceMs }) => [
    {
      ...{ pid: pid - 14, parent: sshd, user: 'root', terminal: '?', startedMs: sinceMs, memoryKb: 9_800 },
      command: isBusybox ? dropbear : `sshd: ${user}${terminal ? `@${terminal}` : '@notty'}`,
    },
    {
      ...{ pid, parent: pid - 14, user, terminal: terminal ?? '?', startedMs: sinceMs },
      ...(isBusybox ? { command: '-ash', memoryKb: 1_160 } : { command: '-bash', memoryKb: 5_060 }),
    },
  ]);
}

/** The program's name in a command line of the process table. */
export function programOf(command: string): string {
  const first = command.replace(/^[[@-]/, '').split(/[ \]:]/)[0] ?? '';
  return first.slice(first.lastIndexOf('/') + 1);
}
