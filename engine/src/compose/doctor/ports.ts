import { once } from 'node:events';
import { createServer } from 'node:net';
import { HealthReport } from '@cerberusmesh/contract/api-health';
import type { Finding } from '@cerberusmesh/contract/doctor';
import type { Config } from '../../config.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { isLoopback } from '../../serve/host-guard.ts';
import { fault, off, sound } from './finding.ts';

const timeoutMs = 3_000;

/** Whether the API's port is free or ours, and whether anything is open to everybody. A decoy takes another port by itself. */
export async function checkPorts(config: Config): Promise<readonly Finding[]> {
  return [await checkApiPort(config), ...(await checkExposure(config))];
}

async function checkApiPort({ http: { host, port } }: Config): Promise<Finding> {
  const refusal = await whyNotListen(host, port);
  if (refusal === undefined) return sound('port', port === 0 ? 'Any free one is taken.' : `${port} is free.`);
  if (refusal.code === 'EADDRINUSE' && (await isOurs(host, port)))
    return sound('port', `The engine answers at ${port}.`);
  if (refusal.code === 'EADDRINUSE') {
    return fault('port', `Another program has ${host}:${port}.`, 'Stop it, or set PORT to a free one.');
  }
  if (refusal.code === 'EACCES') {
    return fault(
      'port',
      `This user may not listen on ${port}.`,
      'Set PORT to one from 1024 on, with a proxy before it.',
    );
  }
  return fault(
    'port',
    `${host}:${port} cannot be listened on: ${refusal.message}.`,
    'Set CERBERUS_HOST to an address of this machine.',
  );
}

async function whyNotListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
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
  return await ask(host, port, '/health').then(
    async (response) => HealthReport.safeParse(await response.json()).success,
    () => false,
  );
}

async function checkExposure({ http, ml, decoy }: Config): Promise<readonly Finding[]> {
  const findings = [
    await checkApiExposure(http.host, http.port),
    isLoopback(ml.host) || ml.token !== null
      ? undefined
      : fault(
          'exposure',
          `cerberus ml would answer everybody on ${ml.host}.`,
          'Set CERBERUS_ML_TOKEN: openssl rand -hex 32',
        ),
    isLoopback(decoy.host) && decoy.enabled
      ? off('decoy', 'Only this machine reaches our decoy (CERBERUS_DECOY_HOST).')
      : undefined,
  ];
  return findings.filter((finding) => finding !== undefined);
}

/** Asked and not only believed: a proxy before another program, or an older version, would be open. */
async function checkApiExposure(host: string, port: number): Promise<Finding> {
  if (isLoopback(host)) return sound('exposure', 'The API listens on loopback only.');
  const status = await ask(host, port, '/api/sessions').then(
    (response) => response.status,
    () => undefined,
  );
  if (status === undefined || status === 401) return sound('exposure', `The API on ${host} asks for a token.`);
  return fault(
    'exposure',
    `What listens on ${host}:${port} answered ${status} to a request without a token.`,
    'Set CERBERUS_HOST=127.0.0.1 and put a proxy with TLS before it.',
  );
}

async function ask(host: string, port: number, path: string): Promise<Response> {
  const reachable =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return await fetch(`http://${reachable}:${port}${path}`, {
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  });
}
