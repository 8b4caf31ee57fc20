import { fail, type Machine, type Programs, type Result, say } from '../program.ts';
import { keptFile, readText } from './world-text.ts';

/** A firewall that remembers its rules, in the lock file that the real one leaves, and holds nobody up. */
export const firewallPrograms: Programs = {
  iptables: ({ args, machine }) => iptables(args, machine),
  ip6tables: ({ args, machine }) => iptables(args, machine, '6'),
  'iptables-save': ({ machine }) => (isRoot(machine) ? save(machine) : fail(`iptables-save ${version}: ${denied}`, 4)),
  'iptables-restore': ({ machine }) => (isRoot(machine) ? {} : fail(`iptables-restore ${version}: ${denied}`, 4)),
};

const version = 'v1.8.9 (nf_tables)';
const denied = 'Could not fetch rule set generation id: Permission denied (you must be root)\n';
const tables: Readonly<Record<string, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
};
const rulesMax = 500;
const unknownChain = 'iptables: No chain/target/match by that name.\n';

/** One chain: what happens to what no rule names, `-` for a chain of the visitor's; and its rules as they are told. */
interface Chain {
  policy: string;
  rules: string[];
}

type Chains = Map<string, Chain>;

function iptables(given: readonly string[], machine: Machine, family = ''): Result {
  const name = `ip${family}tables`;
  const head = `${name} ${version}: `;
  if (!isRoot(machine)) return fail(head + denied, 4);
  const args = given.flatMap((arg) => long[arg] ?? arg);
  if (args.includes('-V') || args.includes('--version')) return say(`${name} ${version}\n`);
  const help = `Try \`${name} -h' or '${name} --help' for more information.\n`;
  const odd = args.find((arg) => arg.startsWith('--') && !options.test(arg));
  if (odd !== undefined) return fail(`${head}unknown option "${odd}"\n${help}`, 2);
  const table = args.includes('-t') ? (args[args.indexOf('-t') + 1] ?? 'filter') : 'filter';
  if (!Object.hasOwn(tables, table))
    return fail(`${head}table '${table}' does not exist\nPerhaps iptables or your kernel needs to be upgraded.\n`, 3);
  // `-nL`, `-vnL`: the letters of a list may stand together.
  const at = args.findIndex((arg) => /^-[nvx]*[ADIRLFZNXPES]$/.test(arg) || arg === '-C');
  if (at < 0) return fail(`${head}no command specified\n${help}`, 2);
  const command = args[at]?.at(-1) ?? '';
  const rest = args.slice(at + 1).filter((arg, index, all) => arg !== '-t' && all[index - 1] !== '-t');
  const chains = readChains(machine, table, family);
  const result = carryOut({ command, rest, chains, args });
  if ('changed' in result) writeChains(machine, table, family, chains);
  return 'changed' in result ? {} : result;
}

const long: Readonly<Record<string, readonly string[]>> = {
  '--append': ['-A'],
  '--delete': ['-D'],
  '--insert': ['-I'],
  '--list': ['-L'],
  '--list-rules': ['-S'],
  '--flush': ['-F'],
  '--policy': ['-P'],
  '--new-chain': ['-N'],
  '--delete-chain': ['-X'],
  '--table': ['-t'],
  '--jump': ['-j'],
  '--protocol': ['-p'],
  '--source': ['-s'],
  '--destination': ['-d'],
  '--match': ['-m'],
};
const options =
  /^--(?:(?:d|s)ports?|dports?|sports?|destination-ports?|source-ports?|to-\w+|state|ctstate|icmp-type|tcp-flags|syn|limit(?:-burst)?|comment|line-numbers|numeric|verbose|exact|wait|log-\w+|reject-with|mac-source|uid-owner|string|algo|in-interface|out-interface|match-set|set|name|seconds|hitcount|update|rcheck)$/;

interface Order {
  readonly command: string;
  readonly rest: readonly string[];
  readonly chains: Chains;
  readonly args: readonly string[];
}

function carryOut({ command, rest, chains, args }: Order): Result | { readonly changed: true } {
  const changed = { changed: true } as const;
  const [name = '', ...words] = rest;
  const chain = chains.get(name);
  switch (command) {
    case 'L':
    case 'S':
      if (name !== '' && !name.startsWith('-') && !chain) return fail(unknownChain);
      return say(command === 'S' ? told(chains, chain ? name : '') : listed(chains, chain ? name : '', args));
    case 'F':
    case 'Z':
      if (name !== '' && !chain) return fail(unknownChain);
      if (command === 'F') for (const each of chain ? [chain] : chains.values()) each.rules = [];
      return changed;
    case 'P':
      if (!chain || chain.policy === '-') return fail('iptables: Bad built-in chain name.\n');
      if (!/^(?:ACCEPT|DROP)$/.test(words[0] ?? ''))
        return fail("iptables: Bad policy name. Run `dmesg' for more information.\n");
      chain.policy = words[0] ?? '';
      return changed;
    case 'N':
      if (chain) return fail('iptables: Chain already exists.\n');
      chains.set(name, { policy: '-', rules: [] });
      return changed;
    case 'X':
      if (name !== '' && !chain) return fail(unknownChain);
      for (const [key, { policy, rules }] of chains)
        if (policy === '-' && rules.length === 0 && (name === '' || key === name)) chains.delete(key);
      return changed;
    case 'E':
      return changed;
    default:
      return chain ? onRule(command, chain, words, chains) : fail(unknownChain);
  }
}

function onRule(command: string, chain: Chain, words: readonly string[], chains: Chains): Result | { changed: true } {
  const isNumbered = /^\d+$/.test(words[0] ?? '');
  const at = isNumbered ? Number(words[0]) - 1 : 0;
  const rule = ruleText(isNumbered ? words.slice(1) : words);
  const target = / -j (\S+)/.exec(` ${rule}`)?.[1];
  if (target !== undefined && !targets.has(target) && !chains.has(target)) return fail(unknownChain);
  const place = isNumbered ? at : chain.rules.indexOf(rule);
  if (command === 'C')
    return fail(
      place >= 0 ? '' : 'iptables: Bad rule (does a matching rule exist in that chain?).\n',
      place >= 0 ? 0 : 1,
    );
  if (command === 'D') {
    if (place < 0) return fail('iptables: Bad rule (does a matching rule exist in that chain?).\n');
    if (place >= chain.rules.length)
      return fail(unknownChain.replace('No chain/target/match by that name', 'Index of deletion too big'));
    chain.rules.splice(place, 1);
  } else if (command === 'I') {
    if (at > chain.rules.length) return fail('iptables: Index of insertion too big.\n');
    chain.rules.splice(at, 0, rule);
  } else if (command === 'R') chain.rules[at] = rule;
  else chain.rules.push(rule);
  chain.rules.length = Math.min(chain.rules.length, rulesMax);
  return { changed: true };
}

const targets: ReadonlySet<string> = new Set(
  'ACCEPT DROP REJECT RETURN LOG MASQUERADE DNAT SNAT REDIRECT MARK QUEUE NFQUEUE TCPMSS CONNMARK'.split(' '),
);

/** As the kernel tells it back: addresses with their masks, and the match that a port needs. */
function ruleText(words: readonly string[]): string {
  const given = words.join(' ');
  const protocol = /(?:^| )-p (\S+)/.exec(given)?.[1];
  const parts: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const before = words[at - 1] ?? '';
    if ((before === '-s' || before === '-d') && /^[\d.]+$/.test(word)) parts.push(`${word}/32`);
    else if (/^--[ds]port$/.test(word) && !given.includes(`-m ${protocol}`)) parts.push('-m', protocol ?? 'tcp', word);
    else parts.push(word);
  }
  const text = parts.join(' ');
  return text.includes('-j REJECT') && !text.includes('reject-with')
    ? `${text} --reject-with icmp-port-unreachable`
    : text;
}

function told(chains: Chains, only: string): string {
  const some = [...chains].filter(([name]) => only === '' || name === only);
  const heads = some.map(([name, { policy }]) => (policy === '-' ? `-N ${name}\n` : `-P ${name} ${policy}\n`));
  return heads.join('') + some.flatMap(([name, { rules }]) => rules.map((rule) => `-A ${name} ${rule}\n`)).join('');
}

function listed(chains: Chains, only: string, args: readonly string[]): string {
  const isNumbered = args.includes('--line-numbers');
  const isNumeric = args.some((arg) => /^-\w*n/.test(arg));
  return [...chains]
    .filter(([name]) => only === '' || name === only)
    .map(([name, { policy, rules }]) => {
      const head = `Chain ${name} (${policy === '-' ? '0 references' : `policy ${policy}`})\n${isNumbered ? 'num  ' : ''}target     prot opt source               destination         \n`;
      const rows = rules.map((rule, at) => `${isNumbered ? String(at + 1).padEnd(5) : ''}${rowOf(rule, isNumeric)}\n`);
      return head + rows.join('');
    })
    .join('\n');
}

function rowOf(rule: string, isNumeric: boolean): string {
  const value = (flag: string) => new RegExp(`(?:^| )${flag} (\\S+)`).exec(rule)?.[1];
  const anywhere = isNumeric ? '0.0.0.0/0' : 'anywhere';
  const protocol = value('-p') ?? (isNumeric ? '0' : 'all');
  const numbers: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1' };
  const shown = isNumeric ? (numbers[protocol] ?? protocol) : protocol;
  const port = /--([ds])ports? (\S+)/.exec(rule);
  const extra = port ? ` ${value('-p') ?? 'tcp'} ${port[1]}pt:${port[2]}` : '';
  const bare = (address: string | undefined) => address?.replace(/\/32$/, '') ?? anywhere;
  return `${(value('-j') ?? '').padEnd(10)} ${shown.padEnd(4)} --  ${bare(value('-s')).padEnd(20)} ${bare(value('-d')).padEnd(20)}${extra}`;
}

const kept = '/run/xtables.lock';

/** Rows of `table chain policy` and `table chain policy rule`. */
function readChains(machine: Machine, table: string, family: string): Chains {
  const chains: Chains = new Map((tables[table] ?? []).map((name) => [name, { policy: 'ACCEPT', rules: [] }]));
  for (const row of (readText(machine, kept) ?? '').split('\n')) {
    const [key, name = '', policy = '', ...rule] = row.split(' ');
    if (key !== family + table || name === '') continue;
    const chain = chains.get(name) ?? { policy, rules: [] };
    chain.policy = policy;
    if (rule.length > 0) chain.rules.push(rule.join(' '));
    chains.set(name, chain);
  }
  return chains;
}

function writeChains(machine: Machine, table: string, family: string, chains: Chains): void {
  const others = (readText(machine, kept) ?? '')
    .split('\n')
    .filter((row) => row !== '' && !row.startsWith(`${family}${table} `));
  const rows = [...chains].flatMap(([name, { policy, rules }]) => {
    const head = `${family}${table} ${name} ${policy}`;
    return [head, ...rules.map((rule) => `${head} ${rule}`)];
  });
  const text = [...others, ...rows].map((row) => `${row}\n`).join('');
  machine.world.put(kept, keptFile(text, 0o600, machine));
}

function save(machine: Machine): Result {
  const touched = new Set((readText(machine, kept) ?? '').split('\n').map((row) => row.split(' ')[0] ?? ''));
  return say(
    Object.keys(tables)
      .filter((table) => touched.has(table))
      .map((table) => {
        const chains = readChains(machine, table, '');
        const heads = [...chains].map(([name, { policy }]) => `:${name} ${policy} [0:0]\n`).join('');
        const rules = [...chains]
          .flatMap(([name, { rules: all }]) => all.map((rule) => `-A ${name} ${rule}\n`))
          .join('');
        return `# Generated by iptables-save v1.8.9 (nf_tables)\n*${table}\n${heads}${rules}COMMIT\n# Completed\n`;
      })
      .join(''),
  );
}

function isRoot({ actor }: Machine): boolean {
  return actor.uid === 0;
}
