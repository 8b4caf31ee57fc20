import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DecoySettings } from '@cerberusmesh/contract/decoy';
import { PersonaTemplate } from '@cerberusmesh/contract/persona';
import { type Decoy, startDecoy } from '../../src/decoy.ts';

export interface TestDecoy {
  readonly decoy: Decoy;
  readonly port: number;
  readonly folder: string;
  readonly events: () => Record<string, unknown>[];
  readonly close: () => Promise<void>;
}

/** A decoy of its own for a test file, in this process, with its real threads; it answers wrong passwords at once. */
export async function startTestDecoy(more: Partial<DecoySettings> = {}, limits: object = {}): Promise<TestDecoy> {
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-decoy-'));
  const decoy = await startDecoy(
    DecoySettings.parse({
      ...{ folder, sensor: 'test', uuid: 'test', host: '127.0.0.1', sshPort: 0, telnetPort: null, httpPort: null },
      template: readPersona('ubuntu-web'),
      seed: 'a test',
      limits: { wrongPasswordMs: 0, workersMax: 3, ...limits },
      ...more,
    }),
  );
  return {
    decoy,
    port: decoy.ports.ssh ?? 0,
    folder,
    events: () =>
      readFileSync(decoy.logPath, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    async close() {
      await decoy.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One of the personas that are shipped. */
export function readPersona(name: string): PersonaTemplate {
  const file = join(import.meta.dirname, '..', '..', '..', 'policy', 'personas', `${name}.json`);
  return PersonaTemplate.parse(JSON.parse(readFileSync(file, 'utf8')));
}
