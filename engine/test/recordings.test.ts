import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNormalize } from '../src/normalize/normalize.ts';

const root = join(import.meta.dirname, '../../recordings');
const stories = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe.each(stories)('the recording %s', (story) => {
  it('is read without a parked line, as the demo sensor, and in the order of time', async () => {
    const lines = await linesOf(story);
    const normalize = createNormalize();
    const readings = lines.map((text) => normalize({ text, coveredBytes: text.length + 1 }));
    expect(readings.flatMap((reading) => reading.parked)).toEqual([]);
    const events = readings.flatMap((reading) => reading.line?.event ?? []);
    expect(new Set(events.map((event) => event.sensor))).toEqual(new Set(['recorded-demo']));
    const times = events.map((event) => event.timestamp);
    expect(times).toEqual(times.toSorted());
    expect(new Set(events.map((event) => event.id)).size).toBe(lines.length);
  });

  it('opens and closes every session it tells of', async () => {
    const events = (await linesOf(story)).map((line) => JSON.parse(line));
    const named = (eventid: string) =>
      new Set(events.filter((event) => event.eventid === eventid).map((event) => event.session));
    const all = new Set(events.map((event) => event.session));
    expect(named('cowrie.session.connect')).toEqual(all);
    expect(named('cowrie.session.closed')).toEqual(all);
  });

  it('names nobody: every address is kept for documentation or for cloud metadata', async () => {
    const text = (await linesOf(story)).join('\n');
    const addresses = new Set(text.match(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g));
    for (const address of addresses) {
      expect(address).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|^169\.254\.169\.254$/);
    }
    for (const host of text.match(/\b[a-z0-9.-]+\.(?:com|net|org|ru|io)\b/g) ?? []) {
      expect(host).toMatch(/(^|\.)example\.(com|net|org)$|^openssh\.com$|libssh\.org$/);
    }
  });
});

async function linesOf(story: string): Promise<string[]> {
  return (await readFile(join(root, story, 'cowrie.jsonl'), 'utf8')).trimEnd().split('\n');
}
