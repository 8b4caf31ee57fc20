import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '@cerberusmesh/contract/doctor';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { runningPid } from '../../act/cowrie/installation.ts';
import { pluginFolder, pluginSocketPath } from '../../act/cowrie/manifest.ts';
import { connectPlugin } from '../../act/cowrie/plugin/connection.ts';
import { openPreparedCowrie, type PreparedCowrie } from '../../act/cowrie/prepared-cowrie.ts';
import type { Config } from '../../config.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { closedFolder, enterFix } from './closed-folder.ts';
import { fault, off, sound } from './finding.ts';
import { greetingOf } from './greeting.ts';
import { whyUnreachable } from './unreachable.ts';

/** Whether it runs, was prepared, lets this user change what was prepared, and has our plugin in it. */
export async function checkCowrie(config: Config): Promise<readonly Finding[]> {
  const { dir } = config.cowrie;
  if (dir === null)
    return [off('cowrie', 'No Cowrie folder is named (CERBERUS_COWRIE_DIR); its log is read, it is not changed.')];
  const closed = await closedFolder(join(dir, 'etc'));
  if (closed !== undefined) return [fault('cowrie', `${closed} is closed to this user.`, enterFix(closed))];
  if (!(await stat(dir).catch(() => undefined))?.isDirectory()) return [off('cowrie', `There is no folder ${dir}.`)];
  return [await checkRuns(config, dir), ...(await checkPrepared(config, dir))];
}

async function checkRuns({ cowrie: { host, port } }: Config, dir: string): Promise<Finding> {
  const pid = await runningPid(dir);
  const greeting = await greetingOf(host, port).catch((error: unknown) => ({ why: whyUnreachable(error) }));
  const place = `${host}:${port}`;
  if (typeof greeting === 'string' && greeting.startsWith('SSH-')) return sound('cowrie', `It answers at ${place}.`);
  if (pid === undefined) {
    return fault('cowrie', `No Cowrie runs in ${dir}, and none answers at ${place}.`, `Start it: ${startLine(dir)}`);
  }
  const why = typeof greeting === 'string' ? 'something else does' : greeting.why;
  return fault(
    'cowrie',
    `It runs (process ${pid}), and does not answer at ${place}: ${why}.`,
    'Set CERBERUS_COWRIE_HOST and CERBERUS_COWRIE_PORT to listen_endpoints in [ssh] of its etc/cowrie.cfg.',
  );
}

async function checkPrepared({ adaptation }: Config, dir: string): Promise<readonly Finding[]> {
  const check = 'cowrie prepared';
  if (!adaptation.enabled) return [off(check, 'It is not changed (ENABLE_AUTO_ADAPTATION is off).')];
  const prepareFix = `cerberus prepare ${dir}, then restart Cowrie once`;
  try {
    const opened = await openPreparedCowrie(dir);
    if (opened.kind === 'refused') return [fault(check, opened.reason, prepareFix)];
    return [await checkWritable(opened.value), await checkPlugin(opened.value)];
  } catch (error) {
    return [fault(check, error instanceof CerberusError ? error.detail : reasonOf(error), prepareFix)];
  }
}

async function checkWritable(cowrie: PreparedCowrie): Promise<Finding> {
  const check = 'cowrie prepared';
  for (const { path } of cowrie.manifest.hotFiles) {
    const why = await cowrie.checkWritable(path).then(() => undefined, reasonOf);
    if (why !== undefined) {
      return fault(
        check,
        `This user may not change ${path}: ${why}.`,
        `Run the engine as the owner of ${cowrie.dir}/etc/cerberus.`,
      );
    }
  }
  return sound(check, `${cowrie.dir} is ready for adaptations.`);
}

async function checkPlugin({ dir, manifest }: PreparedCowrie): Promise<Finding> {
  const check = 'cowrie plugin';
  if (!manifest.plugin) return off(check, 'This Cowrie was prepared without our plugin.');
  try {
    const line = await connectPlugin({ socketPath: join(dir, pluginSocketPath) });
    line.close();
    return sound(check, 'It is loaded and answers.');
  } catch (error) {
    return fault(
      check,
      error instanceof CerberusError ? error.detail : reasonOf(error),
      `Restart Cowrie so: ${startLine(dir)}`,
    );
  }
}

function startLine(dir: string): string {
  return `cd ${dir} && TZ=UTC PYTHONPATH=${dir}/${pluginFolder} cowrie start`;
}
