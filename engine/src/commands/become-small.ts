import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { ConfigSources } from '../config.ts';
import type { SmallSensorSettings } from './small-sensor.ts';

/**
 * For a process that shares a small machine with a honeypot: a young generation that stays small, no compiled code, one helper
 * thread; one pool of memory for all threads, which gives back what it was lent for a body. The bound is for lines of 13 MB.
 */
const flags = [
  ...['--max-semi-space-size=1', '--max-old-space-size=256', '--optimize-for-size'],
  ...['--no-opt', '--no-maglev', '--v8-pool-size=1'],
];
const environment = {
  ...{ MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '131072' },
  UV_THREADPOOL_SIZE: '2',
};
const script = join(import.meta.dirname, '..', '..', 'bin', 'cerberus.mjs');

/**
 * Begins anew in this process's place, under the same id: V8 takes such options on the command line only, and what was loaded to
 * read the configuration would stay in memory, 5 to 8 MB of it. Returns only where Node cannot do it.
 */
export function becomeSmall(settings: Omit<SmallSensorSettings, 'launcherPid'>, env: ConfigSources['env']): void {
  if (process.execve === undefined) return;
  // An ordinary end does this by itself.
  flushCompileCache();
  // A launcher's line (`runWith` in engine/bin/launch.mjs) does not outlive this.
  const launcherPid = process.channel ? process.ppid : null;
  process.execve(
    process.execPath,
    [process.execPath, ...process.execArgv, ...flags, script, ...process.argv.slice(2)],
    {
      ...Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
      ...environment,
      CERBERUS_SMALL: JSON.stringify({ ...settings, launcherPid } satisfies SmallSensorSettings),
    },
  );
}
