import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLines } from '../../bench/make-lines.ts';
import { type RealCowrie, startCowrie } from '../../engine/test/support/cowrie.ts';
import { freePort } from '../../engine/test/support/free-port.ts';
import { type DocumentedCommand, listDocuments, readCommands, rootDir } from './commands-of.ts';

/**
 * `npm run docs-test [-- DOCUMENT]`: runs every command that a document tells people to type, in the order in which it stands there,
 * on one state for all of them that do not ask for an empty one, beside a real Cowrie. A command that the document says cannot be run everywhere is counted and told with its reason.
 */
const folder = mkdtempSync(join(tmpdir(), 'cerberus-docs-'));
chmodSync(folder, 0o755);
const wanted = process.argv[2];
process.env['CERBERUS_TEST_COWRIE'] ??= join(rootDir, '.test-parts', 'cowrie');
const cowrie = await startCowrie();
const state = { ran: 0, failed: 0, skipped: 0 };
const restarts = setInterval(() => void restartWhereAsked(), 200);
/** Commands of one block share a shell: what one exports, the next one has. */
function blocksOf(commands: readonly DocumentedCommand[]): DocumentedCommand[][] {
  const blocks: DocumentedCommand[][] = [];
  let last = { document: '', line: -2 };
  for (const command of commands.filter(({ isTyped }) => isTyped)) {
    const [document = '', line = ''] = command.place.split(':');
    if (document !== last.document || Number(line) !== last.line + 1) blocks.push([]);
    blocks.at(-1)?.push(command);
    last = { document, line: Number(line) + command.text.split('\n').length - 1 };
  }
  return blocks;
}

async function runBlock(block: readonly DocumentedCommand[], env: NodeJS.ProcessEnv): Promise<void> {
  for (const { place, text, notRun } of block) {
    if (notRun === null) continue;
    state.skipped += 1;
    process.stdout.write(`not run  ${place}  ${firstLine(text)}: ${notRun}\n`);
  }
  const run = block.filter(({ notRun }) => notRun === null);
  if (run.length === 0) return;
  const asked = run.findLastIndex(({ text }) => asksEngine.test(text));
  // What a block starts itself is asked by the lines after it; else the reader has one running.
  const isStarted = run.slice(0, asked).some(({ text }) => startsEngine.test(text));
  const marks = run.map(
    ({ text }, number) => `echo "@@${number}" >&2\n${asRun(text, isStarted ? 'stay_up' : 'until_up')}`,
  );
  const beside = asked >= 0 && !isStarted ? besideEngine : '';
  const { code, said } = await shell(`${prelude}\n${beside}\n${marks.join('\n')}\n`, env);
  const reached = code === 0 ? run.length : Number([...said.matchAll(/^@@(\d+)$/gm)].at(-1)?.[1] ?? 0);
  for (const [number, { place, text }] of run.entries()) {
    const isFailed = code !== 0 && number === reached;
    state[isFailed ? 'failed' : 'ran'] += number <= reached ? 1 : 0;
    process.stdout.write(
      `${isFailed ? 'FAILED ' : number < reached ? 'ran    ' : 'not reached'}  ${place}  ${firstLine(text)}\n`,
    );
    if (isFailed) process.stdout.write(`${said.slice(said.lastIndexOf(`@@${number}`)).slice(0, 2000)}\n`);
  }
}

/** Of these a reader knows that the engine has to run. */
const asksEngine = /cerberus (?:simulate|explain)|curl .*127\.0\.0\.1:3000/;
const startsEngine = /^(?:\w+=\S+ )*npm start/;
const besideEngine = `COWRIE_LOG_PATH=${cowrie.logPath} node_modules/.bin/cerberus up > ${folder}/beside.log 2>&1 &
engine=$!
trap 'kill -TERM $engine; wait $engine || true' EXIT
until grep -q 'CerberusMesh is up' ${folder}/beside.log; do kill -0 $engine; sleep 0.2; done`;

/** What a reader puts in: places that are not this machine's, names of his own, and ids that his installation has. */
function asRun(text: string, start: 'until_up' | 'stay_up'): string {
  const puts: readonly [RegExp | string, string][] = [
    ['/home/cowrie/cowrie', cowrie.dir],
    [/\/etc\/cerberusmesh/g, join(folder, 'etc/cerberusmesh')],
    [/\/var\/backups/g, join(folder, 'backups')],
    ['/srv/new', join(folder, 'new')],
    ['npm pack', `npm pack --silent --pack-destination ${folder}`],
    ['./cerberusmesh-*.tgz', `${folder}/cerberusmesh-*.tgz`],
    [/\/opt\/cerberusmesh/g, join(folder, 'opt')],
    ['/etc/systemd/system/', `${join(folder, 'units')}/`],
    [/\/opt\/cowrie-env/g, join(folder, 'cowrie-env')],
    ['< key.txt', `< ${join(folder, 'key.txt')}`],
    ['sealed.txt', join(folder, 'sealed.txt')],
    ['audit.jsonl', join(folder, 'audit.jsonl')],
    ['audit-key.pem', join(folder, 'audit-key.pem')],
    [/> ((?:indicators|event)\.\w+)/g, `> ${folder}/$1`],
    ['my-policy.json', 'policy/decisions/default.json'],
    ['cm_…', '$(token)'],
    ['$TOKEN', '$(token)'],
    ['127.0.0.1:3000', '127.0.0.1:$PORT'],
    [/\bexplain ID\b/, 'explain "$(decision)"'],
    [/\bVERSION\b/, '"$(version)"'],
    ['cowrie.json.2026-11-21', 'recordings/dropper-campaign/cowrie.jsonl'],
    ['--ssh-port 2200', `--ssh-port ${cowrie.sshPort}`],
    [
      /cerberus simulate(?=\s*(?:#|$))/gm,
      'cerberus simulate --ssh-port $CERBERUS_DECOY_SSH_PORT --telnet-port $CERBERUS_DECOY_TELNET_PORT --http-port $CERBERUS_DECOY_HTTP_PORT',
    ],
    [/^((?:\w+=\S+ )*)(npm start)/, `$1${start} $2`],
  ];
  return puts.reduce(
    (line, [from, to]) =>
      line.replaceAll(from instanceof RegExp && !from.global ? new RegExp(from.source, 'g') : from, to),
    text,
  );
}

/** Ends `npm start` once it says that it is up, or at the end of its block, and keeps the token that the first start prints. */
const prelude = `set -eEo pipefail
cd ${rootDir}
until_up() { stay_up "$@"; end_started; }
stay_up() {
  set -m
  "$@" > ${folder}/up.log 2>&1 &
  pid=$!
  set +m
  until grep -q 'CerberusMesh is up' ${folder}/up.log; do kill -0 $pid || { cat ${folder}/up.log >&2; return 1; }; sleep 0.2; done
  [ -s $CERBERUS_DATA_DIR.token ] || grep -o 'cm_[A-Za-z0-9_-]*' ${folder}/up.log | head -1 > $CERBERUS_DATA_DIR.token
  trap end_started EXIT
}
# As Ctrl-C does: npm passes no signal on to what it started.
end_started() {
  trap - EXIT
  kill -INT -- -$pid
  wait $pid || [ $? -gt 128 ]
  while kill -0 -- -$pid 2> /dev/null; do sleep 0.2; done
}
# A Cowrie that others may log in to is not started by the documents' reader, but by whoever runs it.
cowrie() { touch ${folder}/restart; while [ -e ${folder}/restart ]; do sleep 0.2; done; }
# A document that is run alone has no first start before it that printed one.
token() {
  [ -s $CERBERUS_DATA_DIR.token ] || npx cerberus token create docs-test --role admin | grep -o 'cm_[A-Za-z0-9_-]*' | head -1 > $CERBERUS_DATA_DIR.token
  cat $CERBERUS_DATA_DIR.token
}
latest_decision() { curl -s -H "Authorization: Bearer $(token)" "http://127.0.0.1:$PORT/api/decisions?limit=1" | grep -o '"id":"[0-9a-f-]*"' | head -1 | cut -d'"' -f4; }
# An answer that refuses is no success.
curl() { command curl --fail-with-body -sS "$@"; }
# Where nobody was there yet, somebody comes.
decision() {
  [ -n "$(latest_decision)" ] || CERBERUS_API_TOKEN=$(token) ${asRun('npx cerberus simulate', 'until_up')} > /dev/null
  latest_decision
}
version() { npx cerberus models list | awk '/^ / { print $1; exit }'; }`;

async function environment({ sshPort }: RealCowrie): Promise<NodeJS.ProcessEnv> {
  const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const [PORT, CERBERUS_DECOY_SSH_PORT, CERBERUS_DECOY_TELNET_PORT, CERBERUS_DECOY_HTTP_PORT] = ports.map(String);
  return {
    ...{ PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8', npm_config_cache: process.env['npm_config_cache'] },
    ...{ CERBERUS_DATA_DIR: join(folder, 'state'), CERBERUS_COWRIE_PORT: String(sshPort), CERBERUS_CONTROL_SHARE: '0' },
    ...{ PORT, CERBERUS_DECOY_SSH_PORT, CERBERUS_DECOY_TELNET_PORT, CERBERUS_DECOY_HTTP_PORT },
  };
}

/** The script asks by a file, and goes on when that is gone. */
async function restartWhereAsked(): Promise<void> {
  const asked = join(folder, 'restart');
  if (!existsSync(asked) || existsSync(`${asked}ing`)) return;
  writeFileSync(`${asked}ing`, '');
  await cowrie.restart();
  rmSync(asked);
  rmSync(`${asked}ing`);
}

/** A day of before beside its log, as a Cowrie that has run for a while has it. */
async function prepareCowrieLogs({ logPath }: RealCowrie): Promise<void> {
  await writeLines(`${logPath}.2026-11-20`, 5_000);
  if (!existsSync(logPath)) throw new Error(`Cowrie has written no ${logPath}.`);
}

async function shell(script: string, env: NodeJS.ProcessEnv): Promise<{ code: number; said: string }> {
  const out = join(folder, 'said');
  writeFileSync(join(folder, 'script'), script);
  const child = spawn('bash', ['-c', `bash ${folder}/script > ${out} 2>&1`], { env, stdio: 'ignore' });
  const [code] = await once(child, 'close');
  return { code, said: readFileSync(out, 'utf8') };
}

/** A document may say so, as a tour does, which shows what a first start shows. */
function startsEmpty(document: string): boolean {
  return readFileSync(join(rootDir, document), 'utf8').includes('<!-- docs-test: in an empty state folder -->');
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/\s+#.*$/, '');
}

try {
  await prepareCowrieLogs(cowrie);
  writeFileSync(join(folder, 'key.txt'), 'sk-not-a-key');
  mkdirSync(join(folder, 'etc/cerberusmesh/plugins'), { recursive: true });
  for (const name of ['backups', 'units']) mkdirSync(join(folder, name));
  mkdirSync(join(folder, 'empty/docs'), { recursive: true });
  const env = await environment(cowrie);
  for (const document of listDocuments().filter((each) => wanted === undefined || each === wanted)) {
    const ownState = startsEmpty(document) ? { CERBERUS_DATA_DIR: join(folder, 'empty', document) } : {};
    for (const block of blocksOf(readCommands(document))) await runBlock(block, { ...env, ...ownState });
  }
} finally {
  clearInterval(restarts);
  await cowrie.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify(state)}\n`);
process.exitCode = state.failed > 0 ? 1 : 0;
