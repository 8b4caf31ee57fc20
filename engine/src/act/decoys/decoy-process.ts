import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { DecoyReport, type DecoySettings } from '@cerberusmesh/contract/decoy';
import { CerberusError } from '@cerberusmesh/contract/errors';

export interface RunningDecoy {
  readonly ports: Extract<DecoyReport, { kind: 'up' }>['ports'];
  readonly logPath: string;
  readonly hostname: string;
  /** Resolves when the process has ended, for whatever reason, with what it last said on its standard error. */
  readonly ended: Promise<string>;
  /** Lets sessions end and worlds be written, then the process is gone. */
  readonly stop: () => Promise<void>;
}

export interface DecoyProcessOptions {
  /** What the caller knows of the settings; the decoy fills in the rest. */
  readonly settings: Partial<DecoySettings> & Pick<DecoySettings, 'folder'>;
  readonly projectDir: string;
}

const lastWordsMax = 4_000;
const stopMs = 5_000;

/**
 * Starts a decoy in a process of its own. Node itself keeps that process from the disk outside of its own folder and
 * the project's code, from starting programs and from loading native code: what attackers type is run there.
 * @throws CerberusError DECOY_NOT_STARTED; its cause says EADDRINUSE where a port is taken.
 */
export async function startDecoyProcess({ settings, projectDir }: DecoyProcessOptions): Promise<RunningDecoy> {
  const child = spawn(
    process.execPath,
    [...confinement(projectDir, settings.folder), `${projectDir}/decoys/src/main.ts`],
    {
      // Nothing of our environment: it holds the database's address and keys.
      env: { TZ: 'UTC' },
      cwd: projectDir,
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  let lastWords = '';
  child.stderr.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString('utf8')).slice(-lastWordsMax);
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(lastWords || `It ended with ${signal ?? `code ${code}`}.`));
  });
  child.stdin.write(`${JSON.stringify(settings)}\n`);
  const report = await Promise.race([firstReport(child.stdout), ended]);
  if (typeof report === 'string') throw new CerberusError('DECOY_NOT_STARTED', report);
  if (report.kind === 'failed') {
    child.kill();
    throw new CerberusError('DECOY_NOT_STARTED', report.why, { code: report.code });
  }
  const { ports, logPath, hostname } = report;
  return {
    ...{ ports, logPath, hostname, ended },
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      child.stdin.end();
      await ended;
      clearTimeout(timer);
    },
  };
}

function confinement(projectDir: string, folder: string): string[] {
  return [
    '--permission',
    '--allow-worker',
    `--allow-fs-read=${projectDir}/decoys`,
    `--allow-fs-read=${projectDir}/contract`,
    `--allow-fs-read=${projectDir}/node_modules`,
    `--allow-fs-read=${projectDir}/package.json`,
    `--allow-fs-read=${folder}`,
    `--allow-fs-write=${folder}`,
    '--disable-warning=ExperimentalWarning',
  ];
}

function firstReport(stdout: NodeJS.ReadableStream): Promise<DecoyReport> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdout });
    lines.once('line', (line) => {
      const report = DecoyReport.safeParse(parseJson(line));
      if (report.success) resolve(report.data);
      else reject(new CerberusError('DECOY_NOT_STARTED', `Its first line was not a report: ${line.slice(0, 200)}`));
    });
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
