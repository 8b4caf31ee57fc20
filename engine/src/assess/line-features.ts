import type { RuleHit } from './attack/compile-rules.ts';
import { readPaths, writtenPaths } from './attack/touched-paths.ts';
import { heldParts, lineParts } from './line-parts.ts';
import { otherSpellings } from './shell/option-spellings.ts';
import type { ShellReading, Statement } from './shell/statement.ts';

const statementsMax = 48;

/**
 * What a model is told of a command line: names of features that hold, each once. They speak of shapes (a URL, a file
 * under /tmp, a pipe into a shell), not of the attacker's own names, so that they hold for lines never seen.
 */
export function lineFeatures(
  reading: ShellReading,
  hits: readonly RuleHit[],
  isKnown: (name: string) => boolean,
): Set<string> {
  const features = new Set<string>();
  const statements = reading.statements.slice(0, statementsMax);
  for (const statement of statements) addStatement(features, statement, isKnown);
  for (const { rule } of hits) {
    features.add(`r:${rule.id}`);
    for (const technique of rule.techniques) features.add(`t:${technique}`);
  }
  features.add(`g:${gravest(hits, 0)}`);
  features.add(`gc:${gravest(hits, 0.7)}`);
  features.add(`gt:${surest(hits)}`);
  features.add(`n#:${Math.min(6, statements.length)}`);
  if (!reading.parsed) features.add('unparsed');
  return features;
}

/**
 * The same for each pipeline of a line that has several, and for what a statement holds (`find -exec`, `ssh h '…'`) as if
 * it had been typed, with the rules' answers in the light of the whole line: a line is as grave as its gravest part, and a
 * linear model lets many harmless statements, or the `find` around it, outvote a grave one.
 */
export function partFeatures(
  reading: ShellReading,
  hits: readonly RuleHit[],
  isKnown: (name: string) => boolean,
): Set<string>[] {
  const partOf = (part: readonly number[], statementOf = (statement: Statement) => statement) => {
    const own = new Set(part);
    const statements = part.flatMap((at) => reading.statements[at] ?? []).map(statementOf);
    return lineFeatures(
      { ...reading, statements },
      hits.filter(({ statement }) => own.has(statement)),
      isKnown,
    );
  };
  const grave = new Set(
    hits.filter(({ rule }) => rule.gravity === 'HIGH' && rule.confidence >= sureRule).map(({ statement }) => statement),
  );
  const held = heldParts(reading).filter((part) => part.some((at) => grave.has(at)));
  return [...lineParts(reading).map((part) => partOf(part)), ...held.map((part) => partOf(part, asTyped))];
}

function asTyped(statement: Statement): Statement {
  return { ...statement, origin: 'typed' };
}

/** What a statement holds is mostly ordinary, so it is only asked about by itself where a rule this sure calls it grave. */
const sureRule = 0.8;

const gravities = ['NONE', 'LOW', 'MEDIUM', 'HIGH'];

function gravest(hits: readonly RuleHit[], confidenceMin: number): string {
  let top = 0;
  for (const { rule } of hits)
    if (rule.confidence >= confidenceMin) top = Math.max(top, gravities.indexOf(rule.gravity));
  return gravities[top] ?? 'NONE';
}

function surest(hits: readonly RuleHit[]): string {
  let top: RuleHit | undefined;
  for (const hit of hits) if (top === undefined || hit.rule.confidence > top.rule.confidence) top = hit;
  return top?.rule.gravity ?? 'NONE';
}

/** Commands that lines carry within the arguments of another, where line ends were lost on the way into the log. */
const carried =
  /^(?:wget|curl|tftp|ftpget|chmod|perl|sh|bash|chpasswd|passwd|useradd|nohup|base64|crontab|iptables|rm|\/bin\/sh)$/;

function addStatement(features: Set<string>, statement: Statement, isKnown: (name: string) => boolean): void {
  const name = nameClass(statement);
  features.add(`n:${name}`);
  if (statement.name !== '' && !isKnown(statement.name)) {
    features.add(`unknown:${name.startsWith('<') ? name : statement.path.includes('/') ? 'path' : 'bare'}`);
  }
  for (const arg of statement.args.slice(1, 24)) if (carried.test(arg)) features.add(`in:${arg}`).add('in');
  for (const wrapper of statement.via) features.add(`v:${wrapper}`);
  if (statement.origin !== 'typed') features.add(`o:${statement.origin}`);
  if (statement.background) features.add('background');
  const [next] = statement.pipedInto;
  if (next !== undefined) features.add(`p:${name}|${next}`);
  const [sub] = statement.args;
  if (sub !== undefined && /^[a-z][a-z-]{1,15}$/.test(sub)) features.add(`s:${name} ${sub}`);
  for (const arg of statement.args.slice(0, 24)) addArgument(features, name, arg);
  for (const arg of otherSpellings(statement)) addArgument(features, name, arg);
  for (const { name: variable } of statement.variables) features.add(`var:${variable.slice(0, 24)}`);
  for (const path of writtenPaths(statement).slice(0, 8)) features.add(`w:${pathClass(path)}`);
  for (const path of readPaths(statement).slice(0, 8)) features.add(`rd:${pathClass(path)}`);
}

function nameClass({ name, path }: Statement): string {
  if (/^\.{0,2}\/(?!(?:usr\/|usr\/local\/)?s?bin\/)/.test(path))
    return /^\/?(?:tmp|var\/tmp|dev|run|var\/run)\//.test(path) ? '<tmp>' : '<file>';
  if (/^(?:python|perl|php|ruby|lua|pip)[\d.]+$/.test(name)) return name.replace(/[\d.]+$/, '');
  return name.length > 24 || name.includes('$') ? '<odd>' : name;
}

function addArgument(features: Set<string>, name: string, arg: string): void {
  if (/^-/.test(arg) && arg.length <= 16) {
    features.add(`f:${name} ${arg.replace(/=.*/, '=').replace(/\d+/g, '0')}`);
    return;
  }
  const kind = argumentClass(arg);
  if (kind === null) return;
  if (kind === 'url') for (const trait of urlTraits(arg)) features.add(`u:${trait}`);
  features.add(`a:${kind}`);
  features.add(`a:${name} ${kind}`);
}

function argumentClass(arg: string): string | null {
  if (/^[a-z]{2,8}:\/\//i.test(arg)) return 'url';
  if (/^(?:\d{1,3}\.){3}\d{1,3}(?:[:/]|$)/.test(arg)) return 'ip';
  if (/^[\w.-]+@[\w.-]+:?/.test(arg)) return 'user@host';
  if (/(?:\\x[0-9a-f]{2}){3}/i.test(arg)) return 'hex';
  if (/^[A-Za-z0-9+/]{60,}={0,2}$/.test(arg)) return 'blob';
  if (/\n/.test(arg) || /\\n/.test(arg)) return 'lines';
  if (/\.(?:sh|py|pl|rb|php|elf|bin|x86\w*|arm\w*|mips\w*|mpsl|so|ko|c)$/.test(arg))
    return `ext${arg.slice(arg.lastIndexOf('.')).replace(/\d+/g, '')}`;
  if (/^[~/.$]/.test(arg)) return pathClass(arg);
  if (/^\d+$/.test(arg)) return 'number';
  if (/[*?]/.test(arg)) return 'glob';
  return null;
}

/** How a URL is written: payloads come from bare addresses and open ports, packages from names, over TLS, as archives. */
function urlTraits(url: string): string[] {
  const [, scheme = '', host = '', port, path = ''] =
    /^([a-z]+):\/\/(?:[^/@]*@)?([^/:?#]*)(:\d+)?([^?#]*)/i.exec(url) ?? [];
  const place = /^[\d.]+$/.test(host) ? 'address' : 'name';
  const traits = [scheme.toLowerCase(), place, `${scheme.toLowerCase()} ${place}`];
  if (port !== undefined) traits.push('port');
  if (archive.test(path)) traits.push('archive', `archive ${place}`);
  return traits;
}

const archive = /\.(?:tar|t?gz|tgz|t?bz2|t?xz|zst|zip|deb|rpm|apk|iso|whl|jar|asc|gpg|key)$/i;

const folders =
  /^(\/(?:etc|tmp|var\/tmp|var\/log|var\/run|var|dev\/shm|dev|proc|sys|root|home|usr|bin|sbin|boot|opt|mnt|lib|run)(?=\/|$))/;

function pathClass(path: string): string {
  const [, folder] = folders.exec(path) ?? [];
  const hidden = /\/\.[^./]/.test(path) ? '.hidden' : '';
  if (/^(?:\.\/)?\.[^./]/.test(path)) return 'path:.hidden';
  if (folder !== undefined) return `path:${folder}${hidden}`;
  if (/^(?:~|\$HOME)/.test(path)) return `path:~${hidden}`;
  if (/^\.?\.?\//.test(path)) return path === '/' ? 'path:root' : `path:${path[0] === '/' ? '/…' : './'}${hidden}`;
  return 'path:name';
}
