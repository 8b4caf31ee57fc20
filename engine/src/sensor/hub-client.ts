import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { reasonOf } from '../kit/reason-of.ts';

export interface HubAnswer {
  readonly status: number;
  /** Parsed JSON; undefined where it is none. */
  readonly body: unknown;
  readonly retryAfterSeconds: number | undefined;
}

export interface Until {
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
}

export interface HubClient {
  /** @throws CerberusError HUB_REFUSED where the certificate is another, or no answer comes. */
  post(path: string, body: Buffer, headers: Record<string, string>, until: Until): Promise<HubAnswer>;
  close(): void;
}

const answerBytesMax = 4 * 1024 * 1024;

/**
 * Asks the hub, over connections whose certificate is the pinned one and no other: who issued it, its name and its dates
 * say nothing, so a sensor with a wrong clock is heard too. Not a byte is sent before that is known.
 */
export function createHubClient(options: {
  readonly hub: string;
  readonly fingerprint: string;
  /** Absent before it is enrolled. */
  readonly secret?: string;
}): HubClient {
  const agent = createPinnedAgent(options.fingerprint);
  const authorization = options.secret === undefined ? {} : { authorization: `Bearer ${options.secret}` };
  return {
    async post(path, body, headers, { signal, timeoutMs }) {
      const sent = Promise.withResolvers<HubAnswer>();
      const url = new URL(path, options.hub);
      const length = { 'content-length': String(body.length) };
      const asked = request(url, {
        agent,
        method: 'POST',
        ...(signal ? { signal } : {}),
        headers: { ...authorization, ...headers, ...length },
      });
      asked.once('error', (cause) => sent.reject(refused(`${url.host} does not answer (${reasonOf(cause)}).`, cause)));
      asked.once('response', (response) => void readAnswer(response).then(sent.resolve, sent.reject));
      asked.end(body);
      // Not AbortSignal.timeout: ten of them a second, each alive for a minute, were megabytes.
      const timer = setTimeout(() => asked.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)), timeoutMs);
      return await sent.promise.finally(() => clearTimeout(timer));
    },
    close: () => agent.destroy(),
  };
}

function createPinnedAgent(fingerprint: string): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, keepAliveMsecs: 10_000 });
  agent.createConnection = ({ host, port }, connected) => {
    const name = host ?? '';
    const socket = connect({
      ...{ host: name, port: Number(port), noDelay: true, keepAlive: true, minVersion: 'TLSv1.3' },
      ...(isIP(name) === 0 ? { servername: name } : {}),
      // Verified below, by the one thing that counts; so the roots of the web are not even read.
      ...{ rejectUnauthorized: false, ca: [] },
    });
    const fail = (error: Error) => connected?.(error, socket);
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      socket.off('error', fail);
      const came = fingerprintOf(socket);
      if (came === fingerprint) return connected?.(null, socket);
      socket.destroy();
      fail(
        new Error(
          `its certificate is ${came}, and ${fingerprint} was pinned: this is another hub, or somebody between`,
        ),
      );
    });
    return undefined;
  };
  return agent;
}

function fingerprintOf(socket: TLSSocket): string {
  const certificate = socket.getPeerX509Certificate();
  return `SHA256:${certificate?.fingerprint256.replaceAll(':', '').toLowerCase() ?? ''}`;
}

async function readAnswer(response: IncomingMessage): Promise<HubAnswer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of response) {
      // What a stream without an encoding gives is bytes.
      const chunk = part as Buffer;
      bytes += chunk.length;
      if (bytes > answerBytesMax) throw new Error(`an answer of more than ${answerBytesMax} bytes`);
      parts.push(chunk);
    }
  } catch (cause) {
    response.destroy();
    throw refused(`The hub's answer broke off (${reasonOf(cause)}).`, cause);
  }
  const retryAfter = Number(response.headers['retry-after']);
  return {
    status: response.statusCode ?? 0,
    body: parseJson(Buffer.concat(parts).toString('utf8')),
    retryAfterSeconds: retryAfter > 0 ? retryAfter : undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(detail: string, cause: unknown): CerberusError {
  return new CerberusError('HUB_REFUSED', detail, cause);
}
