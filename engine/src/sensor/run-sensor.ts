import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Heartbeat, Order, OrderReport } from '@cerberusmesh/contract/mesh';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { type CowrieTail, createCowrieTail } from '../collect/cowrie-tail.ts';
import { bytesOf } from '../collect/raw-lines.ts';
import type { TailTelemetry } from '../collect/tail-telemetry.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { attendHub } from './attend.ts';
import type { Enrolment } from './enrolment.ts';
import { createHubClient } from './hub-client.ts';
import { openLosses } from './losses.ts';
import { createShipper } from './ship.ts';
import { openSpool, type Spool } from './spool.ts';

export interface SensorOptions {
  readonly enrolment: Enrolment;
  readonly logPath: string;
  /** The Cowrie beside this sensor; null where none may be changed. */
  readonly cowrie: { readonly dir: string; readonly host: string; readonly port: number } | null;
  readonly spoolDir: string;
  readonly spoolBytesMax: number;
  readonly version: string;
  /** Of a followed log, as sentences. */
  readonly telemetry: TailTelemetry;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  readonly signal: AbortSignal;
}

/** Read at once; small, because it is in memory three times. */
const batchBytesMax = 128 * 1024;
/** A body of the hub's holds one line at least. */
const lineBytesMax = 13 * 1024 * 1024;
/** After a small batch: Cowrie writes line by line, and each look costs more than a line. */
const paceMs = 100;
const fullMs = 500;
const newline = Buffer.from('\n');

/** Follows Cowrie's log into the spool, ships the spool to the hub, and does what the hub orders, until `signal` aborts. */
export async function runSensor(options: SensorOptions): Promise<void> {
  const { enrolment, clock, log, signal } = options;
  const startedAt = clock.now().toISOString();
  const spool = openSpool({ dir: options.spoolDir, bytesMax: options.spoolBytesMax });
  const losses = openLosses(options.spoolDir);
  const hub = createHubClient(enrolment);
  const tail = followLog(options, spool, losses);
  const shipper = createShipper({
    ...{ spool, hub, clock },
    onTrouble: (sentence) => log.warn({ waitingBytes: spool.bytesOnDisk() }, `Lines wait in the spool: ${sentence}`),
    onWellAgain: () => log.info({}, 'Lines are shipped again.'),
    onLost: (bytes) => log.error({ bytes }, 'The hub was set back, and lacks lines that are not kept here any more.'),
  });
  try {
    await Promise.all([
      fillSpool(tail, spool, { clock, log, signal, wake: shipper.wake }),
      shipper.run(signal),
      attendHub({ hub, clock, log, heartbeat, doOrder: (order) => doOrder(order, options) }, signal),
    ]);
  } finally {
    hub.close();
    spool.close();
  }

  async function heartbeat(): Promise<Heartbeat> {
    const { active, unreadBytes, lastLineAt, problem } = tail.state();
    return {
      version: options.version,
      sentAt: clock.now().toISOString(),
      startedAt,
      log: {
        ...{ active, unreadBytes, lastLineAt: lastLineAt?.toISOString() ?? null },
        problem: problem ?? (active ? null : `there is no ${options.logPath} yet`),
      },
      spool: { bytes: shipper.waitingBytes(), bytesMax: options.spoolBytesMax },
      lost: losses.count(),
      prepared: await isPrepared(options.cowrie?.dir),
      rssBytes: process.memoryUsage.rss(),
    };
  }
}

function followLog(options: SensorOptions, spool: Spool, losses: ReturnType<typeof openLosses>): CowrieTail {
  const { logPath: path, clock, signal, telemetry } = options;
  let lastUnreadBytes = 0;
  const tail = createCowrieTail({
    ...{ sourceId: 'cowrie log', path, position: spool.position(), clock, signal, batchBytesMax, lineBytesMax },
    telemetry: {
      ...telemetry,
      truncated(told) {
        if (told.restFoundIn === undefined) losses.add(lastUnreadBytes);
        telemetry.truncated(told);
      },
      positionFileGone(told) {
        losses.add(lastUnreadBytes);
        telemetry.positionFileGone(told);
      },
    },
  });
  return {
    batches: tail.batches,
    state() {
      const state = tail.state();
      lastUnreadBytes = state.unreadBytes;
      return state;
    },
  };
}

async function fillSpool(
  tail: CowrieTail,
  spool: Spool,
  parts: Pick<SensorOptions, 'clock' | 'log' | 'signal'> & { readonly wake: () => void },
): Promise<void> {
  const { clock, log, signal, wake } = parts;
  for await (const batch of tail.batches()) {
    const bytes = bytesOfBatch(batch);
    for (let isFull = false; !signal.aborted && !spool.append(bytes, batch.position); isFull = true) {
      if (!isFull) log.warn({ bytes: spool.bytesOnDisk() }, "The spool is full: what comes now waits in Cowrie's log.");
      // What is unread now is what is lost if the log goes.
      tail.state();
      await clock.sleep(fullMs, signal);
    }
    wake();
    if (bytes.length < batchBytesMax / 2) await clock.sleep(paceMs, signal);
  }
}

function bytesOfBatch({ lines }: LineBatch): Buffer {
  return Buffer.concat(lines.flatMap((line) => [bytesOf(line), newline]));
}

async function isPrepared(cowrieDir: string | undefined): Promise<boolean> {
  if (cowrieDir === undefined) return false;
  return await access(join(cowrieDir, 'etc/cerberus/manifest.json')).then(
    () => true,
    () => false,
  );
}

/** The code for orders is loaded with the first one: most sensors are never changed, and it is a fifth of the memory. */
async function doOrder(order: Order, { cowrie, logPath }: SensorOptions): Promise<OrderReport> {
  const { id, step, deadlineSeconds } = order;
  if (step.op === 'artifact') {
    const { doArtifactOrder } = await import('./give-artifact.ts');
    return await doArtifactOrder(id, step, { logPath, cowrieDir: cowrie?.dir });
  }
  if (cowrie === null)
    return { id: order.id, done: false, why: 'No folder of a Cowrie is known here (CERBERUS_COWRIE_DIR).' };
  const act = await import('../act/remote/do-order.ts');
  return await act.doOrder({ id, step, deadlineSeconds }, cowrie);
}
