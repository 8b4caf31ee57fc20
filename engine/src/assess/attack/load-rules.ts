import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type AttackRules, compileRules } from './compile-rules.ts';
import { type AttackRule, AttackRuleFile } from './rule.ts';

/** Reads every `*.json` of a folder of rules; throws BAD_CONFIGURATION that names the file, the rule and the fault. */
export function loadRules(folder: string): AttackRules {
  const files = readFolder(folder);
  const rules = files.flatMap((file) => readRuleFile(join(folder, file)));
  const seen = new Set<string>();
  for (const { id } of rules) {
    if (seen.has(id))
      throw new CerberusError('BAD_CONFIGURATION', `Two rules in ${folder} are called ${id}; rename one.`);
    seen.add(id);
  }
  return compileRules(rules);
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

function readRuleFile(path: string): AttackRule[] {
  const parsed = AttackRuleFile.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  throw new CerberusError('BAD_CONFIGURATION', `The rules in ${path} have faults:\n${z.prettifyError(parsed.error)}`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new CerberusError('BAD_CONFIGURATION', `Expected JSON in ${path}.`, cause);
  }
}
