import { createBackground } from './background.ts';
import type { DueJob } from './cron.ts';
import { createInterpreters } from './interpreter.ts';
import type { Machine } from './program.ts';
import { accountsIn } from './programs/world-accounts.ts';

const jobMs = 20_000;

/**
 * Runs what the visitor's timetable asks for, as whom it names, in a shell without a terminal: what it changes is in his world, what it
 * fetches goes the way of every fetch, and what it says is nobody's mail.
 */
export async function runCron(machine: Machine, jobs: readonly DueJob[]): Promise<void> {
  for (const { user, command } of jobs) {
    const account = accountsIn(machine).find(({ name }) => name === user);
    if (!account) continue;
    const own: Machine = {
      ...machine,
      actor: { uid: account.uid, gid: account.gid },
      visitor: { ...machine.visitor, user, terminal: null },
      history: [],
      background: createBackground(() => machine.visitor.pid + 40, machine.now),
      enter: () => undefined,
      ask: async () => null,
    };
    machine.tell({
      eventid: 'cerberus.decoy.cron',
      fields: { user, input: command.slice(0, 2_000) },
      message: `CRON (${user}): ${command.slice(0, 2_000)}`,
    });
    const { another } = createInterpreters(own, { isAlive: true, isQuiet: false, arrays: undefined });
    const env = { HOME: account.home, LOGNAME: user, SHELL: '/bin/sh', PATH: '/usr/bin:/bin', PWD: account.home };
    const options = { cwd: account.home, env, replaceEnv: true, rawScript: true, signal: AbortSignal.timeout(jobMs) };
    // A job that fails tells nobody.
    await another()
      .exec(command.replace(/(?<!\\)%.*/s, ''), options)
      .catch(() => undefined);
  }
}
