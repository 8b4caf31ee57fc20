import { Sighting } from '@cerberusmesh/contract/adaptation';
import { OpenedCowrie } from '@cerberusmesh/contract/mesh';
import { z } from 'zod';
import { type Outcome, ok, refused } from '../../kit/outcome.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import type { PreparedCowrie } from '../cowrie/prepared-cowrie.ts';
import type { Probe } from '../cowrie/probe.ts';
import type { AskSensor } from './order-book.ts';

const seconds = { look: 30, reload: 60, step: 15 };
const Nothing = z.null();
const Bytes = z.base64();

/**
 * A prepared Cowrie beside a sensor of the mesh, as if it were here: what is planned, written down, verified and taken
 * back is the same as for one of our own, and each step is done there by the same code.
 */
export async function openRemoteCowrie(ask: AskSensor, sensor: string): Promise<Outcome<PreparedCowrie, string>> {
  try {
    const opened = OpenedCowrie.parse(await ask(sensor, { op: 'open' }, seconds.step));
    return ok(toPreparedCowrie(ask, sensor, opened));
  } catch (error) {
    return refused(reasonOf(error));
  }
}

/** A visit from beside the honeypot, marked with a key that counts on this sensor alone. */
export function createRemoteProbe(ask: AskSensor, sensor: string, probeKey: Uint8Array): Probe {
  return {
    async look(_target, looks) {
      try {
        const key = Buffer.from(probeKey).toString('base64');
        return Sighting.parse(await ask(sensor, { op: 'look', looks: [...looks], probeKey: key }, seconds.look));
      } catch (error) {
        const why = `The probe could not look: ${reasonOf(error)}.`;
        return { verified: false, looked: false, why, sights: [], at: new Date().toISOString(), tookMs: 0 };
      }
    },
  };
}

function toPreparedCowrie(ask: AskSensor, sensor: string, opened: OpenedCowrie): PreparedCowrie {
  const { personas, hotFiles } = opened;
  return {
    dir: `${sensor}:${opened.dir}`,
    manifest: opened,
    persona: personas.find(({ id }) => id === opened.personaId),
    hotFiles: (action) => hotFiles.filter((file) => file.action === action),
    async read(path) {
      return Buffer.from(Bytes.parse(await ask(sensor, { op: 'read', path }, seconds.step)), 'base64');
    },
    async checkWritable(path) {
      Nothing.parse(await ask(sensor, { op: 'check_writable', path }, seconds.step));
    },
    async write(path, content) {
      const step = { op: 'write', path, content: Buffer.from(content).toString('base64') } as const;
      Nothing.parse(await ask(sensor, step, seconds.step));
    },
    async explainUnreloadable() {
      const answer = await ask(sensor, { op: 'explain_unreloadable' }, seconds.step);
      return z.string().max(2000).nullable().parse(answer) ?? undefined;
    },
    // Whether it can be is asked before anything is written; the moment is the sensor's.
    async whenReloadable() {
      return async () => {
        Nothing.parse(await ask(sensor, { op: 'reload' }, seconds.reload));
      };
    },
  };
}
