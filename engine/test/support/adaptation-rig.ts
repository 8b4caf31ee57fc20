import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionRequest } from '@cerberusmesh/contract/action';
import type { ActJob } from '@cerberusmesh/contract/adaptation';
import type { AdaptationType } from '@cerberusmesh/contract/decision';
import ssh2 from 'ssh2';
import { type Adaptations, createAdaptations } from '../../src/act/adaptations.ts';
import { honeyfsFolder, Manifest, manifestPath } from '../../src/act/cowrie/manifest.ts';
import { createProbe } from '../../src/act/cowrie/probe.ts';
import { createCowriePlace } from '../../src/act/insert-trap/cowrie-place.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createAdaptationStore } from '../../src/store/adaptations.ts';
import type { RealCowrie } from './cowrie.ts';
import type { TestDatabase } from './database.ts';
import { dieAtWrite } from './kill-at-write.ts';

interface RunnerOptions {
  readonly dryRun?: boolean;
  readonly dir?: string;
  readonly port?: number;
  readonly logPath?: string;
}

export type AdaptationRig = ReturnType<typeof createAdaptationRig>;

/** Adapts a real Cowrie, and looks at it as visitors do; `key` marks the visits of our own probe. */
export function createAdaptationRig(database: TestDatabase, cowrie: RealCowrie, key: Buffer) {
  return { aRunner, aJob, actAndDie, hotContents, seenKey, seenSshKey };

  function aRunner({ dryRun = false, dir, port, logPath }: RunnerOptions = {}): Adaptations {
    const probe = createProbe({ key, now: () => systemClock.now() });
    const log = logPath === undefined ? {} : { logPath };
    const at = { cowrieDir: dir ?? cowrie.dir, host: '127.0.0.1', port: port ?? cowrie.sshPort, ...log };
    return createAdaptations({
      store: createAdaptationStore(database),
      findPlace: (sensor) => createCowriePlace({ sensor, ...at }, { probe, lifetimeSeconds: 3600 }),
      clock: systemClock,
      dryRun,
      ended: () => undefined,
    });
  }

  /** A job with the decision that it follows from, which the table asks for. */
  async function aJob(adaptations: AdaptationType[]): Promise<ActJob> {
    const decisionId = randomUUID();
    await database.pool.query(
      `insert into decisions (id, decided_at, decision, adaptations, rule, why, sensor, session_id, event_id, severity,
                              threat_score, confidence, policy_version, model_version)
       values ($1, now(), 'insert_trap', $2, 'test', 'a test asks for it', 'test-sensor', 'abc', $3, 'HIGH', 0.9, 0.9, '1', '1')`,
      [decisionId, adaptations, randomUUID()],
    );
    const cause = { sensor: 'test-sensor', sessionId: 'abc', sourceIp: '203.0.113.7', severity: 'HIGH' as const };
    return { ...cause, decisionId, adaptations, reason: 'a test asks for it' };
  }

  /** Carries the job out in a process of its own, takes it back again, and is killed before the n-th write to the table. */
  async function actAndDie(beforeWrite: number, job: ActJob): Promise<void> {
    const { decisionId, adaptations, sensor, ...about } = job;
    const cause = { ...about, sensor, causeId: decisionId, decisionId, requestedBy: 'engine' };
    const request = { kind: 'insert_trap' as const, parameters: { sensor, adaptations }, lifetimeSeconds: null, cause };
    const setting = { on: 'cowrie' as const, cowrieDir: cowrie.dir, port: cowrie.sshPort };
    await dieAtWrite(database, { beforeWrite, thenUndo: true, request, setting });
  }

  async function hotContents(): Promise<Map<string, string>> {
    const { hotFiles } = Manifest.parse(JSON.parse(await readFile(join(cowrie.dir, manifestPath), 'utf8')));
    const contents = hotFiles.map(async ({ path }) => {
      const content = await readFile(join(cowrie.dir, honeyfsFolder, path), 'utf8');
      return [path, content] as const;
    });
    return new Map(await Promise.all(contents));
  }

  async function seenKey(): Promise<string | undefined> {
    const visitor = await cowrie.login();
    return /AKIA[A-Z2-7]{16}/.exec(await visitor.type('cat /root/.aws/credentials'))?.[0];
  }

  async function seenSshKey(): Promise<string> {
    const visitor = await cowrie.login();
    return publicPartOf(await visitor.type('cat /root/.ssh/id_rsa'));
  }
}

/** What a person asks for by hand. */
export function anOrder(parameters: ActionRequest['parameters']): ActionRequest {
  const about = { severity: 'LOW' as const, sensor: null, sessionId: null, sourceIp: null };
  const cause = { causeId: randomUUID(), decisionId: null, requestedBy: 'person:eva', reason: 'a test', ...about };
  return { kind: 'insert_trap', parameters, lifetimeSeconds: null, cause };
}

/** The public part of a key file, private or public, as ssh2 reads it. */
export function publicPartOf(key: string): string {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return parsed.getPublicSSH().toString('base64');
}
