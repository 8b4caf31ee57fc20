import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type AttackRules, compileRules } from './compile-rules.ts';
import { AttackRuleFile, type PlacedRule } from './rule.ts';

const KnownCommands = z.array(z.string()).min(1);

/**
 * Reads a policy folder for ATT&CK: every `rules/*.json` and `known-commands.json`. Throws BAD_CONFIGURATION that names
 * the file, the rule and the fault.
 */
export function loadRules(folder: string): AttackRules {
  const rulesFolder = join(folder, 'rules');
  const rules = readFolder(rulesFolder).flatMap((file) => readRuleFile(join(rulesFolder, file)));
  const seen = new Set<string>();
  for (const { id } of rules) {
    if (seen.has(id))
      throw new CerberusError('BAD_CONFIGURATION', `Two rules in ${folder} are called ${id}; rename one.`);
    seen.add(id);
  }
  return compileRules(rules, readKnownCommands(join(folder, 'known-commands.json')));
}

/** Names that commands have on some system. Throws BAD_CONFIGURATION. */
export function readKnownCommands(path: string): ReadonlySet<string> {
  const parsed = KnownCommands.safeParse(readJson(path));
  if (parsed.success) return new Set(parsed.data);
  throw new CerberusError('BAD_CONFIGURATION', `Expected a list of command names in ${path}.`);
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .sort();
  } catch (cause) {
    throw new CerberusError(
      'BAD_CONFIGURATION',
      `Expected a folder of ATT&CK rules at ${folder}, and it cannot be read.`,
      cause,
    );
  }
}

function readRuleFile(path: string): PlacedRule[] {
  const parsed = AttackRuleFile.safeParse(readJson(path));
  if (parsed.success) return parsed.data.map((rule) => ({ ...rule, tactic: tacticOfFile(path) }));
  throw new CerberusError('BAD_CONFIGURATION', `The rules in ${path} have faults:\n${z.prettifyError(parsed.error)}`);
}

/** `defense-evasion.json` holds rules of `Defense Evasion`. */
function tacticOfFile(path: string): string {
  return basename(path, '.json')
    .split('-')
    .map((word) => (word === 'and' ? word : `${word.charAt(0).toUpperCase()}${word.slice(1)}`))
    .join(' ');
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new CerberusError('BAD_CONFIGURATION', `Expected JSON in ${path}.`, cause);
  }
}
