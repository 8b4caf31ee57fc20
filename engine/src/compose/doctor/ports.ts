import type { Finding } from '@cerberusmesh/contract/doctor';
import type { Config } from '../../config.ts';
import { isLoopback } from '../../serve/host-guard.ts';
import { askOwnPort, findPortFault } from '../api-port.ts';
import { fault, off, sound } from './finding.ts';

/** Whether the ports of the API, the hub and the listeners are free or ours, and whether anything is open to everybody. A decoy takes another port by itself. */
export async function checkPorts(config: Config): Promise<readonly Finding[]> {
  const api = await checkApiPort(config);
  // What a running engine listens on besides is taken by itself.
  const further = api.isOurs ? [] : await checkFurtherPorts(config);
  return [api.finding, ...further, ...(await checkExposure(config))];
}

async function checkApiPort({ http }: Config): Promise<{ readonly isOurs: boolean; readonly finding: Finding }> {
  const { port } = http;
  const found = await findPortFault(http);
  if (found?.isOurs) return { isOurs: true, finding: sound('port', `The engine answers at ${port}.`) };
  const free = () => sound('port', port === 0 ? 'Any free one is taken.' : `${port} is free.`);
  return { isOurs: false, finding: found ? fault('port', found.says, found.fix) : free() };
}

async function checkFurtherPorts({ mesh, listen }: Config): Promise<Finding[]> {
  const places = [
    { setting: 'CERBERUS_HUB_PORT', place: mesh.hubPort === null ? null : { host: mesh.hubHost, port: mesh.hubPort } },
    { setting: 'CERBERUS_SOCKETLOG_LISTEN', place: listen.socketlog },
    { setting: 'CERBERUS_SYSLOG_LISTEN', place: listen.syslog },
  ];
  const findings = places.map(async ({ setting, place }) => {
    const found = place === null ? undefined : await findPortFault(place);
    return found ? [fault('port', found.says, `Stop what listens there, or put ${setting} right.`)] : [];
  });
  return (await Promise.all(findings)).flat();
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
  const status = await askOwnPort(host, port, '/api/sessions').then(
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
