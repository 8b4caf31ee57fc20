import { createHash } from 'node:crypto';
import { nameOf, resolvePath } from '../../world/paths.ts';
import { faultTexts, WorldFault } from '../../world/world.ts';
import { type Call, fail, type Machine, type Programs, type Result } from '../program.ts';

/**
 * Programs that fetch. Every URL is told to the log. What the visitor sees where nothing may leave is a network whose
 * firewall lets nothing out: that is a common machine, and every program here says it in its own words.
 */
export const downloadPrograms: Programs = { wget, curl, tftp, ftpget, ftp: tftp };

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
  const { output, isQuiet, urls } = readWget(args);
  if (urls.length === 0)
    return fail("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n", 1);
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
      stderr += told && told + refusal(url);
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

function readWget(args: readonly string[]): { output: string | undefined; isQuiet: boolean; urls: string[] } {
  const urls: string[] = [];
  let output: string | undefined;
  let isQuiet = false;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (/^-\w*O$/.test(arg)) output = args[++index];
    else if (/^-\w*O./.test(arg)) output = arg.replace(/^-\w*?O/, '');
    else if (arg.startsWith('--output-document=')) output = arg.slice(18);
    else if (/^-[TtUoPaei]$/.test(arg)) index++;
    else if (!arg.startsWith('-')) urls.push(arg);
    if (/^-\w*q/.test(arg) || arg === '--quiet') isQuiet = true;
  }
  return { output, isQuiet, urls };
}

function opening({ now }: Machine, given: string, url: URL): string {
  const shown = given.includes('://') ? given : url.href;
  return `--${new Date(now()).toISOString().slice(0, 19).replace('T', ' ')}--  ${shown}\n`;
}

function refusal(url: URL): string {
  const host = url.hostname;
  if (!isAddress(host))
    return `Resolving ${host} (${host})... failed: Temporary failure in name resolution.\nwget: unable to resolve host address ‘${host}’\n`;
  return `Connecting to ${host}:${portOf(url)}... failed: No route to host.\n`;
}

function saved({ now }: Machine, name: string, size: number): string {
  const clock = new Date(now()).toISOString().slice(0, 19).replace('T', ' ');
  return `HTTP request sent, awaiting response... 200 OK\nLength: ${size} [application/octet-stream]\nSaving to: ‘${name}’\n\n${clock} (1.21 MB/s) - ‘${name}’ saved [${size}/${size}]\n\n`;
}

async function curl({ args, machine, shell }: Call): Promise<Result> {
  const { output, isNamed, isSilent, showsErrors, urls } = readCurl(args);
  const showsMeter = !isSilent && (output !== undefined || isNamed || !machine.isAtTerminal());
  if (urls.length === 0) return fail("curl: try 'curl --help' or 'curl --manual' for more information\n", 2);
  let stdout = '';
  let stderr = '';
  let exitCode = 0;
  for (const given of urls) {
    const url = parseUrl(given);
    if (!url) return fail('curl: (3) URL using bad/illegal format or missing URL\n', 3);
    const fetched = await machine.fetch(url.href);
    const name = output ?? (isNamed ? nameOf(url.pathname) : undefined);
    const place = name === undefined ? '' : resolvePath(shell.cwd, name);
    tellDownload(machine, given, fetched.kind === 'fetched' ? fetched.bytes : null, place);
    if (fetched.kind === 'refused') {
      const isNumber = isAddress(url.hostname);
      exitCode = isNumber ? 7 : 6;
      const why = isNumber
        ? `(7) Failed to connect to ${url.hostname} port ${portOf(url)} after ${tookMs(url)} ms: Couldn't connect to server`
        : `(6) Could not resolve host: ${url.hostname}`;
      // The meter's line goes over its last row once it has ended; with no name found it is not ended.
      if (showsMeter) stderr += `${meterHead}${isNumber ? `${meterRow}\n` : ''}`;
      if (!isSilent || showsErrors) stderr += `curl: ${why}\n`;
    } else if (name === undefined) stdout += Buffer.from(fetched.bytes).toString('latin1');
    else if (tryWrite(machine, place, fetched.bytes) !== undefined)
      return fail('curl: (23) Failure writing output to destination\n', 23);
  }
  return { stdout, stdoutKind: 'bytes', stderr, exitCode };
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
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (/^-\w*o$/.test(arg) || arg === '--output') output = args[++index];
    else if (
      /^-[AHdeFmTuxXbc]$/.test(arg) ||
      /^--(?:header|data|user-agent|max-time|connect-timeout|request|user|proxy|retry)$/.test(arg)
    )
      index++;
    else if (!arg.startsWith('-')) urls.push(arg);
    if (/^-\w*O/.test(arg)) isNamed = true;
  }
  const short = args.filter((arg) => /^-\w/.test(arg)).join('');
  return {
    output,
    isNamed,
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
