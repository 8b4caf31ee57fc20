import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DecoyReport, type DecoySettings, type TrapOrder } from '@cerberusmesh/contract/decoy';
import { type WorldAnswer, WorldRequest } from '@cerberusmesh/contract/decoy-world';
import { CerberusError } from '@cerberusmesh/contract/errors';

export interface RunningDecoy {
  readonly pid: number;
  readonly ports: Extract<DecoyReport, { kind: 'up' }>['ports'];
  readonly logPath: string;
  readonly hostname: string;
  /** Resolves when the process has ended, for whatever reason, with what it last said on its standard error. */
  readonly ended: Promise<string>;
  /** Lets files appear in an attacker's world, under his session; what a shell there showed of them. Rejects at `signal`. */
  readonly plant: (order: Omit<TrapOrder, 'kind' | 'id'>, signal: AbortSignal) => Promise<Planted>;
  /** Lets sessions end and worlds be written, then the process is gone. */
  readonly stop: () => Promise<void>;
}

export type Planted = Extract<DecoyReport, { kind: 'planted' }>;

export interface DecoyProcessOptions {
  /** What the caller knows of the settings; the decoy fills in the rest. */
  readonly settings: Partial<DecoySettings> & Pick<DecoySettings, 'folder'>;
  readonly projectDir: string;
  /** Who keeps its worlds; without it they are files in its folder. Never rejects. */
  readonly answerWorld?: (request: WorldRequest) => Promise<WorldAnswer>;
}

const lastWordsMax = 4_000;
const stopMs = 5_000;

/**
 * Starts a decoy in a process of its own. Node itself keeps that process from the disk outside of its own folder and
 * the project's code, from starting programs and from loading native code: what attackers type is run there.
 * @throws CerberusError DECOY_NOT_STARTED; its cause says EADDRINUSE where a port is taken.
 */
export async function startDecoyProcess({
  settings,
  projectDir,
  answerWorld,
}: DecoyProcessOptions): Promise<RunningDecoy> {
  const child = spawn(
    process.execPath,
    [...confinement(projectDir, settings.folder), `${projectDir}/decoys/src/main.ts`],
    {
      // Nothing of our environment: it holds the database's address and keys. A compile cache of its own: what it can
      // write must not become code of ours.
      env: { TZ: 'UTC', NODE_COMPILE_CACHE: join(settings.folder, 'cache') },
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
  const tell = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  tell({ ...settings, ...(answerWorld ? { worlds: 'engine' } : {}) });
  const planted = new Map<string, (report: Planted) => void>();
  const asked = (request: WorldRequest) => void answerWorld?.(request).then(tell);
  const report = await Promise.race([readReports(child.stdout, planted, asked), ended]);
  if (typeof report === 'string') throw new CerberusError('DECOY_NOT_STARTED', report);
  if (report.kind !== 'up') {
    child.kill();
    const why = report.kind === 'failed' ? report.why : 'It spoke of traps first.';
    throw new CerberusError('DECOY_NOT_STARTED', why, { code: report.kind === 'failed' ? report.code : null });
  }
  const { ports, logPath, hostname } = report;
  return {
    ...{ pid: child.pid ?? 0, ports, logPath, hostname, ended },
    async plant(order, signal) {
      const id = randomUUID();
      const answer = Promise.withResolvers<Planted>();
      planted.set(id, answer.resolve);
      signal.addEventListener('abort', () => answer.reject(new Error('The decoy did not answer in time.')), {
        once: true,
      });
      void ended.then(() => answer.reject(new Error('The decoy ended.')));
      tell({ kind: 'trap', id, ...order } satisfies TrapOrder);
      return await answer.promise.finally(() => planted.delete(id));
    },
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      tell({ kind: 'stop' });
      await ended;
      clearTimeout(timer);
      child.stdin.end();
    },
  };
}

function confinement(projectDir: string, folder: string): string[] {
  return [
    '--permission',
    '--allow-worker',
    `--allow-fs-read=${projectDir}/decoys`,
    `--allow-fs-read=${projectDir}/contract`,
    ...packageFolders().map((folder) => `--allow-fs-read=${folder}`),
    `--allow-fs-read=${projectDir}/package.json`,
    `--allow-fs-read=${folder}`,
    `--allow-fs-write=${folder}`,
    '--disable-warning=ExperimentalWarning',
  ];
}

/** Where Node looks for packages: in the checkout, or around us where we are a package ourselves. */
function packageFolders(): string[] {
  const { resolve } = createRequire(import.meta.url);
  return (resolve.paths('zod') ?? []).filter((folder) => folder.startsWith('/') && existsSync(folder));
}

/** Resolves with the first report; those after it answer orders. */
function readReports(
  stdout: NodeJS.ReadableStream,
  planted: ReadonlyMap<string, (report: Planted) => void>,
  asked: (request: WorldRequest) => void,
): Promise<DecoyReport> {
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const said = parseJson(line);
      const request = WorldRequest.safeParse(said);
      if (request.success) return asked(request.data);
      const report = DecoyReport.safeParse(said);
      if (!report.success) reject(new CerberusError('DECOY_NOT_STARTED', `It said no report: ${line.slice(0, 200)}`));
      else if (report.data.kind === 'planted') planted.get(report.data.id)?.(report.data);
      else resolve(report.data);
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
