import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export const key = 'a-key-of-32-characters-for-tests';
/** What AbuseIPDB and GreyNoise say of these is as in their documentation. */
export const bad = '198.41.0.4';
export const unseen = '198.41.0.5';

/** And VirusTotal of these files. */
export const badFile = 'ab'.repeat(32);
export const unseenFile = 'cd'.repeat(32);

export interface LoopbackProviders {
  readonly url: string;
  readonly requests: string[];
  /** The next answers, instead of the usual ones. */
  readonly faults: ((response: ServerResponse) => void)[];
  close(): Promise<void>;
}

/** Speaks AbuseIPDB's, GreyNoise's, VirusTotal's and a plain list's HTTP on loopback. */
export async function startLoopbackProviders(): Promise<LoopbackProviders> {
  const requests: string[] = [];
  const faults: ((response: ServerResponse) => void)[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const fault = faults.shift();
    if (fault) fault(response);
    else answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const place = server.address();
  return {
    url: `http://127.0.0.1:${typeof place === 'object' && place !== null ? place.port : 0}`,
    requests,
    faults,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function failWith(status: number, headers: Record<string, string> = {}): (response: ServerResponse) => void {
  return (response) => response.writeHead(status, headers).end('{}');
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'http://loopback');
  const send = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (url.pathname === '/api/v2/check') {
    if (request.headers.key !== key) send(401, { errors: [{ detail: 'Authentication failed.', status: 401 }] });
    else send(200, { data: abuseData(url.searchParams.get('ipAddress') ?? '') });
  } else if (url.pathname.startsWith('/v3/community/')) {
    if (request.headers.key !== key) send(401, { message: 'invalid or missing API key' });
    else community(url.pathname.slice('/v3/community/'.length), send);
  } else if (url.pathname.startsWith('/api/v3/files/')) {
    if (request.headers['x-apikey'] !== key) send(401, { error: { code: 'WrongCredentialsError' } });
    else fileReport(url.pathname.slice('/api/v3/files/'.length), send);
  } else if (url.pathname === '/hashes') {
    response.writeHead(200).end(`# a feed\n"${badFile.toUpperCase()}", "elf", "2026-11-20"\nnonsense\n`);
  } else response.writeHead(200).end(`# a feed\n${bad} ; seen today\n203.0.113.0/24\nnonsense\n2001:db8::/32\n`);
}

function abuseData(ipAddress: string): object {
  const reported = ipAddress === bad;
  return {
    ipAddress,
    isPublic: true,
    ipVersion: 4,
    isWhitelisted: false,
    abuseConfidenceScore: reported ? 92 : 0,
    countryCode: 'DE',
    usageType: 'Data Center/Web Hosting/Transit',
    isp: 'Example',
    domain: 'example.org',
    hostnames: [],
    totalReports: reported ? 12 : 0,
    numDistinctUsers: reported ? 7 : 0,
    lastReportedAt: null,
  };
}

function community(ip: string, send: (status: number, body: object) => void): void {
  if (ip !== bad) {
    send(404, {
      ip,
      noise: false,
      riot: false,
      message: 'IP not observed scanning the internet or contained in RIOT data set.',
    });
    return;
  }
  const link = `https://viz.greynoise.io/ip/${ip}`;
  send(200, {
    ip,
    noise: true,
    riot: false,
    classification: 'malicious',
    name: 'unknown',
    link,
    last_seen: '2026-11-20',
    message: 'Success',
  });
}

function fileReport(sha256: string, send: (status: number, body: object) => void): void {
  if (sha256 !== badFile) {
    send(404, { error: { code: 'NotFoundError', message: `File "${sha256}" not found` } });
    return;
  }
  const last_analysis_stats = { malicious: 41, suspicious: 0, undetected: 22, harmless: 0, timeout: 0, failure: 1 };
  const popular_threat_classification = { suggested_threat_label: 'trojan.mirai/linux' };
  send(200, { data: { id: sha256, type: 'file', attributes: { last_analysis_stats, popular_threat_classification } } });
}
