import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findFault } from '../docs/test/find-fault.ts';
import { subcommands } from '../engine/src/commands/subcommands.ts';
import { allSettings } from '../engine/src/config/settings.ts';

const settings = new Set(allSettings.map(({ env }) => env));

it('compose.yaml and .env.example name the same variables', () => {
  const used = [...read('deploy/compose.yaml').matchAll(/\$\{(\w+):-/g)].map(([, name]) => name);
  const told = [...read('deploy/.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  expect(new Set(told)).toEqual(new Set(used));
});

it.each([
  'deploy/compose.yaml',
  'deploy/helm/templates/engine.yaml',
  'deploy/helm/templates/ml.yaml',
  'deploy/helm/templates/decoy.yaml',
])('%s sets only what is a setting', (path) => {
  const named = [...read(path).matchAll(/(?:^ +|name: )((?:CERBERUS|ML|DATABASE)_[A-Z_]+)(?=[:,])/gm)].map(([, name]) =>
    (name ?? '').replace(/_FILE$/, ''),
  );
  expect(named.length).toBeGreaterThan(1);
  expect(named.filter((name) => !settings.has(name))).toEqual([]);
});

it('the image, the services and the chart start roles that there are', () => {
  const commands = subcommands.map(({ name }) => name);
  const compose = [...read('deploy/compose.yaml').matchAll(/^ {4}command: \[([a-z]+)[\],](?!.*postgres)/gm)];
  const chart = ['engine', 'ml', 'decoy'].flatMap((role) => [
    ...read(`deploy/helm/templates/${role}.yaml`).matchAll(/args: \[(\w+)\]/g),
  ]);
  const started = [...compose, ...chart].map(([, name]) => name).filter((name) => name !== 'postgres');
  expect(started.length).toBeGreaterThan(5);
  expect(commands).toEqual(expect.arrayContaining(started));
});

it.each(['test', 'release', 'security'])('the workflow %s runs scripts and proofs that there are', async (name) => {
  const place = `.github/workflows/${name}.yml`;
  const steps = [...read(place).matchAll(/^ +(?:- )?run: (.+)$/gm)].map(([, text = '']) => text);
  expect(steps.length).toBeGreaterThan(0);
  const faults = await Promise.all(
    steps.map((text) => findFault({ place, text: text.replace(/ # .*/, ''), isTyped: true, notRun: null })),
  );
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
});

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
}
