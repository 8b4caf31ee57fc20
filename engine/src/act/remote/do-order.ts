import type { OpenedCowrie, Order, OrderReport, OrderStep } from '@cerberusmesh/contract/mesh';
import { reasonOf } from '../../kit/reason-of.ts';
import { announcerOf } from '../cowrie/plugin/announce.ts';
import { openPreparedCowrie, type PreparedCowrie } from '../cowrie/prepared-cowrie.ts';
import { createProbe } from '../cowrie/probe.ts';
import { acceptedCredentials } from '../cowrie/user-db.ts';

/** The Cowrie beside this sensor. */
export interface LocalCowrie {
  readonly dir: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Does what the hub orders, on the one Cowrie here and by the code that the hub would use itself: paths are those of files
 * that were prepared for change, and no others. Never rejects.
 */
export async function doOrder(
  { id, step, deadlineSeconds }: Omit<Order, 'step'> & { readonly step: Step },
  local: LocalCowrie,
): Promise<OrderReport> {
  try {
    const signal = AbortSignal.timeout(deadlineSeconds * 1000);
    return { id, done: true, result: await doStep(step, local, signal) };
  } catch (error) {
    return { id, done: false, why: reasonOf(error).slice(0, 2000) };
  }
}

type Step = Exclude<OrderStep, { op: 'artifact' }>;

async function doStep(step: Step, local: LocalCowrie, signal: AbortSignal): Promise<unknown> {
  if (step.op === 'look') return await look(step, local, signal);
  const cowrie = await openLocal(local);
  switch (step.op) {
    case 'open':
      return describe(cowrie);
    case 'read':
      return (await cowrie.read(step.path)).toString('base64');
    case 'check_writable':
      await cowrie.checkWritable(step.path);
      return null;
    case 'write':
      await cowrie.write(step.path, Buffer.from(step.content, 'base64'));
      return null;
    case 'explain_unreloadable':
      return (await cowrie.explainUnreloadable()) ?? null;
    case 'reload': {
      const reload = await cowrie.whenReloadable(signal);
      await reload();
      return null;
    }
  }
}

async function openLocal({ dir }: LocalCowrie): Promise<PreparedCowrie> {
  const opened = await openPreparedCowrie(dir);
  if (opened.kind === 'ok') return opened.value;
  throw new Error(opened.reason);
}

function describe({ dir, manifest, persona }: PreparedCowrie): OpenedCowrie {
  const { personas, hotFiles, plugin } = manifest;
  return {
    dir,
    plugin,
    persona: manifest.persona,
    personaId: persona?.id ?? null,
    personas: [...personas],
    hotFiles: [...hotFiles],
  };
}

async function look(step: Extract<OrderStep, { op: 'look' }>, local: LocalCowrie, signal: AbortSignal) {
  const probe = createProbe({
    key: Buffer.from(step.probeKey, 'base64'),
    now: () => new Date(),
    announce: announcerOf(local.dir),
  });
  const { dir, host, port } = local;
  return await probe.look({ host, port, credentials: await acceptedCredentials(dir) }, step.looks, signal);
}
