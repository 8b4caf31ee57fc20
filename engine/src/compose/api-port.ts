import { once } from 'node:events';
import { createServer } from 'node:net';
import { HealthReport } from '@cerberusmesh/contract/api-health';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Config } from '../config.ts';
import { reasonOf } from '../kit/reason-of.ts';

export interface PortFault {
  /** An engine of ours answers there. */
  readonly isOurs: boolean;
  /** What is wrong, as a sentence, and what to do about it. */
  readonly says: string;
  readonly fix: string;
}

const timeoutMs = 3_000;

type Place = Pick<Config['http'], 'host' | 'port'>;

/**
 * Before anything is begun: a second start on the same machine would bring up decoys and a database only to find its port taken.
 * @throws CerberusError BAD_CONFIGURATION
 */
export async function ensureApiPort(place: Place): Promise<void> {
  const fault = await findPortFault(place);
  if (fault) throw new CerberusError('BAD_CONFIGURATION', `${fault.says} ${fault.fix}`);
}

/** Why the API cannot listen at its address; undefined where it can. */
export async function findPortFault(place: Place): Promise<PortFault | undefined> {
  const refusal = await whyNotListen(place);
  return refusal && (await toPortFault(refusal, place));
}

/** A GET at what is listened on here, wherever that is. @throws where nothing answers within three seconds. */
export async function askOwnPort(host: string, port: number, path: string): Promise<Response> {
  const reachable =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return await fetch(`http://${reachable}:${port}${path}`, {
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  });
}

async function toPortFault({ code, message }: NodeJS.ErrnoException, { host, port }: Place): Promise<PortFault> {
  if (code === 'EADDRINUSE' && (await isOurs(host, port))) {
    const says = `An engine answers at ${host}:${port} already.`;
    return { isOurs: true, says, fix: 'Stop it first, or set PORT and CERBERUS_DATA_DIR for a second installation.' };
  }
  if (code === 'EADDRINUSE') {
    const says = `Another program has ${host}:${port}.`;
    return { isOurs: false, says, fix: 'Stop it, or set PORT to a free one.' };
  }
  if (code === 'EACCES') {
    const says = `This user may not listen on ${port}.`;
    return { isOurs: false, says, fix: 'Set PORT to one from 1024 on, with a proxy before it.' };
  }
  const says = `${host}:${port} cannot be listened on: ${message}.`;
  return { isOurs: false, says, fix: 'Set CERBERUS_HOST to an address of this machine.' };
}

async function whyNotListen({ host, port }: Place): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  try {
    await once(server.listen(port, host), 'listening');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(reasonOf(error));
  } finally {
    server.close();
  }
}

async function isOurs(host: string, port: number): Promise<boolean> {
  try {
    return HealthReport.safeParse(await (await askOwnPort(host, port, '/health')).json()).success;
  } catch {
    return false;
  }
}
