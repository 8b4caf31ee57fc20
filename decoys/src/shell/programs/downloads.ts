import { createHash } from 'node:crypto';
import { faultTexts, WorldFault } from '../../world/faults.ts';
import { nameOf, resolvePath } from '../../world/paths.ts';
import { type Call, type Fetched, fail, type Machine, type Programs, type Result, say } from '../program.ts';
import { wholeFile } from './files.ts';

/**
 * Programs that fetch. Every URL is told to the log. What the visitor sees where nothing may leave is a network whose
 * firewall lets nothing out: that is a common machine, and every program here says it in its own words.
 */
export const downloadPrograms: Programs = { wget, curl, tftp, ftpget, ftp: tftp };

/** As Cowrie tells of a download; null for one that failed. */
export function tellDownload(machine: Machine, url: string, bytes: Uint8Array | null, destfile: string): void {
  if (bytes === null) {
    machine.tell({
      eventid: 'cowrie.session.file_download.failed',
      fields: { url },
      message: `Attempt to download file(s) from URL (${url}) failed`,
    });
    return;
  }
  const shasum = createHash('sha256').update(bytes).digest('hex');
  machine.tell({
    eventid: 'cowrie.session.file_download',
    fields: { url, shasum, outfile: `downloads/${shasum}`, destfile, duplicate: false },
    message: `Downloaded URL (${url}) with SHA-256 ${shasum} to downloads/${shasum}`,
  });
}

async function wget({ args, machine, shell }: Call): Promise<Result> {
  if (args.includes('--version')) return say(`GNU Wget ${wgetVersion(machine)} built on linux-gnu.\n`);
  const last = args.at(-1) ?? '';
  if (/^-\w*O$/.test(last)) return fail(`wget: option requires an argument -- 'O'\n${wgetUsage}`, 2);
  const { output, isQuiet, isBrief, urls } = readWget(args);
  if (urls.length === 0) return fail(`wget: missing URL\n${wgetUsage}`, 1);
  let stdout = '';
  let stderr = '';
  let exitCode = 0;
  for (const given of urls) {
    const url = parseUrl(given);
    if (!url) {
      stderr += `${given}: Invalid host name.\n`;
      exitCode = 1;
      continue;
    }
    const fetched = await machine.fetch(url.href);
    const name = output ?? (nameOf(url.pathname) || 'index.html');
    tellDownload(machine, given, fetched.kind === 'fetched' ? fetched.bytes : null, resolvePath(shell.cwd, name));
    const told = isQuiet ? '' : opening(machine, given, url);
    if (fetched.kind === 'refused') {
      stderr += isQuiet ? '' : isBrief ? refusal(url).replace(/^.*?(?=failed: |wget: )/s, '') : told + refusal(url);
      exitCode = 4;
      // The file that `-O` names is opened before anybody is asked.
      if (output !== undefined && output !== '-') tryWrite(machine, resolvePath(shell.cwd, output), new Uint8Array());
    } else if (name === '-') stdout += Buffer.from(fetched.bytes).toString('latin1');
    else {
      const fault = tryWrite(machine, resolvePath(shell.cwd, name), fetched.bytes);
      if (fault !== undefined) return fail(`${stderr}${name}: ${fault}\n\nCannot write to ‘${name}’ (${fault}).\n`, 3);
      stderr += told && told + saved(machine, name, fetched.bytes.length);
    }
  }
  return { stdout, stdoutKind: 'bytes', stderr, exitCode };
}

function readWget(args: readonly string[]): {
  output: string | undefined;
  isQuiet: boolean;
  isBrief: boolean;
  urls: string[];
} {
  const urls: string[] = [];
  let output: string | undefined;
  let isQuiet = false;
  let isBrief = false;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (/^-\w*O$/.test(arg)) output = args[++index];
    else if (/^-\w*O./.test(arg)) output = arg.replace(/^-\w*?O/, '');
    else if (arg.startsWith('--output-document=')) output = arg.slice(18);
    else if (/^-[TtUoPaeiQw]$/.test(arg) || wgetValued.test(arg)) index++;
    else if (!arg.startsWith('-')) urls.push(arg);
    if (/^-\w*q/.test(arg) || arg === '--quiet') isQuiet = true;
    if (/^-\w*nv|^--no-verbose$/.test(arg)) isBrief = true;
  }
  return { output, isQuiet, isBrief, urls };
}

const wgetValued =
  /^--(?:header|user-agent|timeout|tries|user|password|post-data|post-file|referer|output-file|directory-prefix|limit-rate|wait|method|body-data|execute|bind-address|input-file|level|accept|reject)$/;

function opening({ now }: Machine, given: string, url: URL): string {
  const shown = given.includes('://') ? given : url.href;
  return `--${new Date(now()).toISOString().slice(0, 19).replace('T', ' ')}--  ${shown}\n`;
}

function refusal(url: URL): string {
  const host = url.hostname;
  if (!isAddress(host))
    return `Resolving ${host} (${host})... failed: Temporary failure in name resolution.\nwget: unable to resolve host address ‘${host}’\n`;
  const why = isOwn(host) ? 'Connection refused' : 'No route to host';
  return `Connecting to ${host}:${portOf(url)}... failed: ${why}.\n`;
}

function saved({ now }: Machine, name: string, size: number): string {
  const clock = new Date(now()).toISOString().slice(0, 19).replace('T', ' ');
  return `HTTP request sent, awaiting response... 200 OK\nLength: ${size} [application/octet-stream]\nSaving to: ‘${name}’\n\n${clock} (1.21 MB/s) - ‘${name}’ saved [${size}/${size}]\n\n`;
}

const wgetUsage = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n";

function wgetVersion({ persona }: Machine): string {
  return /^wget ([\d.]+)/m.exec(persona.packages.join('\n'))?.[1] ?? '1.21.3';
}

function isOwn(host: string): boolean {
  return /^(?:127\.|localhost$|0\.0\.0\.0$)/.test(host);
}

async function curl({ args, machine, shell }: Call): Promise<Result> {
  const { output, isNamed, isSilent, showsErrors, written, urls } = readCurl(args);
  const showsMeter = !isSilent && (output !== undefined || isNamed || !machine.isAtTerminal());
  if (args.includes('--version') || args.includes('-V')) return say(curlVersion(machine));
  if (args.includes('-Z') && urls.length === 0) return fail(`curl: no URL specified!\n${curlHelp}`, 2);
  if (urls.length === 0) return fail("curl: try 'curl --help' or 'curl --manual' for more information\n", 2);
  let stdout = '';
  let stderr = '';
  let exitCode = 0;
  for (const given of urls) {
    const url = parseUrl(given);
    if (!url || /:$/.test(given)) return fail('curl: (3) URL using bad/illegal format or missing URL\n', 3);
    if (url.protocol === 'file:') {
      const bytes = wholeFile({ machine, shell }, decodeURIComponent(url.pathname));
      if (!bytes) return fail(`curl: (37) Couldn't open file ${url.pathname}\n`, 37);
      stdout += bytes.toString('latin1');
      continue;
    }
    const fetched = await machine.fetch(url.href);
    const name = output ?? (isNamed ? nameOf(url.pathname) : undefined);
    const place = name === undefined ? '' : resolvePath(shell.cwd, name);
    tellDownload(machine, given, fetched.kind === 'fetched' ? fetched.bytes : null, place);
    if (fetched.kind === 'refused') {
      const isNumber = isAddress(url.hostname);
      exitCode = isNumber ? 7 : 6;
      const why = isNumber
        ? `(7) Failed to connect to ${url.hostname} port ${portOf(url)} after ${isOwn(url.hostname) ? 0 : tookMs(url)} ms: Couldn't connect to server`
        : `(6) Could not resolve host: ${url.hostname}`;
      // The meter's line goes over its last row once it has ended; with no name found it is not ended.
      if (showsMeter) stderr += `${meterHead}${isNumber ? `${meterRow}\n` : ''}`;
      if (!isSilent || showsErrors) stderr += `curl: ${why}\n`;
      if (written !== undefined) stdout += toldByCurl(written, given, fetched);
    } else if (name === undefined) stdout += Buffer.from(fetched.bytes).toString('latin1');
    else if (tryWrite(machine, place, fetched.bytes) !== undefined)
      return fail('curl: (23) Failure writing output to destination\n', 23);
    if (written !== undefined && fetched.kind === 'fetched') stdout += toldByCurl(written, given, fetched);
  }
  return { stdout, stdoutKind: 'bytes', stderr, exitCode };
}

const curlHelp = "curl: try 'curl --help' or 'curl --manual' for more information\n";

function curlVersion({ persona }: Machine): string {
  const version = /^curl ([\d.]+)/m.exec(persona.packages.join('\n'))?.[1] ?? '7.88.1';
  return `curl ${version} (${persona.kernel.machine}-pc-linux-gnu) libcurl/${version} OpenSSL/3.0.11 zlib/1.2.13 brotli/1.0.9 zstd/1.5.4 libidn2/2.3.3 libpsl/0.21.2 (+libidn2/2.3.3) libssh2/1.10.0 nghttp2/1.52.0 librtmp/2.3 OpenLDAP/2.5.13\nRelease-Date: 2023-02-20, security patched: ${version}-10\nProtocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp\nFeatures: alt-svc AsynchDNS brotli GSS-API HSTS HTTP2 HTTPS-proxy IDN IPv6 Kerberos Largefile libz NTLM NTLM_WB PSL SPNEGO SSL threadsafe TLS-SRP UnixSockets zstd\n`;
}

/** `-w`: the few values that visitors ask for. */
function toldByCurl(format: string, url: string, fetched: Fetched): string {
  const size = fetched.kind === 'fetched' ? fetched.bytes.length : 0;
  const values: Readonly<Record<string, string>> = {
    ...{ http_code: size > 0 ? '200' : '000', response_code: size > 0 ? '200' : '000', size_download: String(size) },
    ...{ url_effective: url, url, time_total: '0.004127', num_redirects: '0', remote_ip: '', content_type: '' },
    ...{ exitcode: size > 0 ? '0' : '7', speed_download: '0', time_connect: '0.000000' },
  };
  const filled = format.replace(/%\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : '',
  );
  return filled.replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\r/g, '\r');
}

const meterHead =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0';
const meterRow = '\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0';

/** Milliseconds until a gateway says no: few, and the same each time for one host. */
function tookMs({ hostname }: URL): number {
  return 1 + ([...hostname].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 14);
}

function readCurl(args: readonly string[]) {
  const urls: string[] = [];
  let output: string | undefined;
  let isNamed = false;
  let written: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (/^-\w*o$/.test(arg) || arg === '--output') output = args[++index];
    else if (
      /^-[a-zA-Z]*[AHdeFmTuxXbc]$/.test(arg) ||
      /^--(?:header|data(?:-\w+)?|user-agent|max-time|connect-timeout|request|user|proxy|retry|cookie|form|referer|resolve|interface|cacert|cert|key)$/.test(
        arg,
      )
    )
      index++;
    else if (/^-[a-zA-Z]*w$/.test(arg) || arg === '--write-out') written = args[++index] ?? '';
    else if (!arg.startsWith('-')) urls.push(arg);
    if (/^-\w*O/.test(arg)) isNamed = true;
  }
  const short = args.filter((arg) => /^-\w/.test(arg)).join('');
  return {
    output,
    isNamed,
    written,
    urls,
    isSilent: /s/.test(short) || args.includes('--silent'),
    showsErrors: /S/.test(short),
  };
}

async function tftp({ args, machine, shell, name }: Call): Promise<Result> {
  const host = args.find((arg) => /^[\w.-]+\.[\w.-]+$/.test(arg) && !/\.(?:sh|bin|elf|arm\d?|mips|x86)$/.test(arg));
  const file = args[args.indexOf('-r') + 1] ?? args[args.indexOf('-c') + 2] ?? '';
  if (!host) return fail(`${name}: usage: ${name} [host-name [port]]\n`, 1);
  const url = `${name === 'ftp' ? 'ftp' : 'tftp'}://${host}/${args.includes('-r') || args.includes('-c') ? file : ''}`;
  tellDownload(machine, url, null, resolvePath(shell.cwd, nameOf(file)));
  return fail(
    `${name}: ${name === 'ftp' ? 'connect' : 'timeout'}: ${name === 'ftp' ? 'No route to host' : 'timed out'}\n`,
    1,
  );
}

async function ftpget({ args, machine, shell }: Call): Promise<Result> {
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    if (/^-[upP]$/.test(args[index] ?? '')) index++;
    else if (!args[index]?.startsWith('-')) rest.push(args[index] ?? '');
  }
  const [host, local = '', remote = local] = rest;
  if (!host)
    return fail('BusyBox v1.30.1 multi-call binary.\n\nUsage: ftpget [OPTIONS] HOST [LOCAL_FILE] REMOTE_FILE\n', 1);
  tellDownload(machine, `ftp://${host}/${remote}`, null, resolvePath(shell.cwd, local));
  return fail(`ftpget: can't connect to remote host (${host}): No route to host\n`, 1);
}

function parseUrl(given: string): URL | undefined {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : url.protocol === 'ftp:' ? '21' : '80');
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.startsWith('[');
}

function tryWrite(machine: Machine, path: string, bytes: Uint8Array): string | undefined {
  try {
    machine.world.write(path, bytes, machine.actor);
    return undefined;
  } catch (error) {
    return error instanceof WorldFault ? faultTexts[error.code] : 'Input/output error';
  }
}
