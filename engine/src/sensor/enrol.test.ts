import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { enrol, readInvitation } from './enrol.ts';

const dir = mkdtempSync(join(tmpdir(), 'cerberus-invitation-'));
afterAll(() => rmSync(dir, { recursive: true }));
const file = join(dir, 'invitation');
const invitation = {
  hub: 'https://hub.example.org:7443',
  token: `ci_${'a'.repeat(43)}`,
  fingerprint: `SHA256:${'0'.repeat(64)}`,
};

describe('an invitation in a file', () => {
  it.each([
    ['as it was printed', (line: string) => `${line}\n`],
    ['with a prompt before it and words after it', (line: string) => `sensor$ ${line}   # north-1\n`],
    ['wrapped by a terminal', (line: string) => line.replaceAll(' --', '\n  --')],
  ])('is read %s', (_, form) => {
    const { hub, token, fingerprint } = invitation;
    writeFileSync(file, form(`cerberus sensor enrol ${hub} --token ${token} --fingerprint ${fingerprint}`));
    expect(readInvitation(file)).toEqual(invitation);
  });

  it.each(['', 'ci_only-the-token', 'http://hub.example.org --token a --fingerprint b'])(
    'that is none is told, with what belongs there: %s',
    (text) => {
      writeFileSync(file, text);
      expect(() => readInvitation(file)).toThrow(/cerberus sensors invite NAME --hub/);
    },
  );

  it('that is not there is told with its place', () => {
    expect(() => readInvitation(join(dir, 'none'))).toThrow(/The invitation cannot be read: ENOENT.*none/);
  });

  it('with a token of another kind is refused before anything is sent', async () => {
    await expect(enrol(dir, { ...invitation, token: 'cm_1' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});
