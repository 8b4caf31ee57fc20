import { request } from 'node:http';

export interface DockerAnswer {
  readonly status: number;
  /** Undefined for an empty body. */
  readonly body: unknown;
}

export type DockerApi = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  signal: AbortSignal,
  body?: object,
) => Promise<DockerAnswer>;

const answerBytesMax = 4_000_000;
/** More than an engine takes to make or stop a container; one that hangs must not hold up what waits behind it. */
const answerSecondsMax = 60;

/** The Docker Engine API on its socket, which podman's service speaks too. Rejects where nobody answers there. */
export function createDockerApi(socketPath: string, secondsMax = answerSecondsMax): DockerApi {
  return function callDocker(method, path, stop, body) {
    const late = AbortSignal.timeout(secondsMax * 1000);
    const signal = AbortSignal.any([stop, late]);
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(late.aborted ? new Error(`The container engine did not answer within ${secondsMax} seconds.`) : error);
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), host: 'docker' };
      const asked = request({ socketPath, method, path: `/v1.41${path}`, headers, signal }, (answer) => {
        const chunks: Buffer[] = [];
        let length = 0;
        answer.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > answerBytesMax) asked.destroy(new Error('the container engine answers too much'));
          else chunks.push(chunk);
        });
        answer.on('error', fail);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }));
      });
      asked.on('error', fail);
      asked.end(text);
    });
  };
}

/** What an engine said where it did not do what was asked. */
export function dockerSaid({ status, body }: DockerAnswer): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : '';
  return `${message.slice(0, 500) || 'no reason'} (${status})`;
}

function parse(bytes: Buffer): unknown {
  const text = bytes.toString('utf8').trim();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}
