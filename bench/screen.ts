import { appendFileSync, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { buildDashboard } from '../engine/test/support/chromium.ts';
import { createToken } from './api.ts';
import { fillEvents } from './fill-events.ts';
import { makeLines } from './make-lines.ts';
import { percentiles } from './percentiles.ts';
import { startUp } from './start-up.ts';

const executablePath = '/usr/bin/chromium';
const firstViews = 7;
const linesPerSecond = 1000;
const warmUpSeconds = 5;
const tickMs = 5;
const bounds = { firstViewMs: 1000, scriptKilobytes: 350, lineToScreenMs: 200, longTaskMs: 100 };

/**
 * `npm run bench -- screen [--events N] [--seconds S] [--data DIR]`: the dashboard in the system's Chromium against a
 * running engine. How long until the first rows stand on the page over N stored events, with an empty cache; how much
 * JavaScript that takes; then 1,000 lines a second for S seconds: from the line in the log to its row in a frame, the
 * longest task of the page, and its heap (garbage collected) before and after. All of it shares the machine.
 */
export async function benchScreen({
  events = 1_000_000,
  seconds = 60,
  data,
}: {
  events?: number;
  seconds?: number;
  data?: string;
}): Promise<object> {
  buildDashboard();
  const dataDir = data ?? (await mkdtemp(join(tmpdir(), 'cerberus-bench-')));
  await mkdir(dataDir, { recursive: true });
  const log = join(dataDir, 'cowrie.json');
  await writeFile(log, '');
  const up = await startUp({
    CERBERUS_DATA_DIR: dataDir,
    COWRIE_LOG_PATH: log,
    CERBERUS_DECOY: 'false',
    CERBERUS_TOKEN_RATE_LIMIT_MAX: '1000000',
    ENABLE_AUTO_ADAPTATION: 'false',
    PORT: '0',
  });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    if (!existsSync(join(dataDir, 'filled'))) await fill(up.databaseUrl, events, join(dataDir, 'filled'));
    const at = { url: up.url, token: createToken(dataDir) };
    const first = await measureFirstView(browser, at);
    const flood = await measureFlood(browser, at, log, seconds);
    return { bench: 'screen', events, ...first, flood, missed: missedOf(first, flood) };
  } finally {
    await browser.close();
    await up.stop();
    if (data === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}

interface At {
  readonly url: string;
  readonly token: string;
}

async function fill(databaseUrl: string, events: number, mark: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await fillEvents(client, events, new Date());
  await client.end();
  await writeFile(mark, '');
}

/** Each in a context of its own: nothing is cached. */
async function measureFirstView(browser: Browser, at: At) {
  const times: number[] = [];
  let scriptBytes = 0;
  for (let view = 0; view < firstViews; view++) {
    const page = await openPage(browser, at);
    const scripts = new Set<string>();
    page.on('request', (request) => request.url().endsWith('.js') && scripts.add(request.url()));
    await page.goto(at.url);
    await page.waitForSelector('#live-events li');
    await page.waitForLoadState('networkidle');
    times.push(Number(await page.evaluate('window.firstRowMs')));
    await page.context().close();
    const packed = await Promise.all([...scripts].map(packedBytes));
    scriptBytes = packed.reduce((sum, bytes) => sum + bytes, 0);
  }
  return { firstViewMs: percentiles(times), scriptKilobytesGzipped: Math.round(scriptBytes / 1024) };
}

async function packedBytes(script: string): Promise<number> {
  return gzipSync(await (await fetch(script)).arrayBuffer()).length;
}

async function measureFlood(browser: Browser, at: At, log: string, seconds: number) {
  const page = await openPage(browser, at);
  const session = await page.context().newCDPSession(page);
  await page.goto(at.url);
  await page.waitForSelector('#connection[data-state=good]');
  await flood(log, warmUpSeconds);
  await settle(page);
  // Each flood has times of its own, which are not those of the stored events.
  await page.evaluate(
    `window.shown.clear(); window.filledIn.clear(); window.longTasks.length = 0; window.newestShown = ''`,
  );
  const heapStart = await heapBytes(session);
  const sentAt = await flood(log, seconds);
  await settle(page);
  // `as`: what the watcher wrote there.
  const shown = (await page.evaluate('[...window.shown]')) as [string, number][];
  const longTasks = (await page.evaluate('window.longTasks')) as number[];
  const rowsFilledIn = Number(await page.evaluate('window.filledIn.size'));
  // What the watcher kept is not the page's.
  await page.evaluate('window.shown.clear()');
  const heapEnd = await heapBytes(session);
  await page.context().close();
  const waits = shown.flatMap(([timestamp, ms]) => {
    const sent = sentAt.get(timestamp);
    return sent === undefined ? [] : [ms - sent];
  });
  return {
    seconds,
    linesPerSecond,
    lines: sentAt.size,
    // The page shows the newest 120; what is pushed out between two frames is never drawn.
    rowsSeen: waits.length,
    rowsFilledIn,
    lineToScreenMs: percentiles(waits),
    longTasksOver50Ms: longTasks.length,
    longestTaskMs: Math.round(Math.max(0, ...longTasks)),
    heapMegabytes: { start: megabytes(heapStart), end: megabytes(heapEnd) },
  };
}

async function openPage(browser: Browser, { token }: At): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(`sessionStorage.setItem('cerberus-token', '${token}'); (${watchPage})()`);
  return page;
}

/**
 * In the page: when the first row stood there, when each row was in a frame, and every task over 50 ms. A row that comes
 * below a newer one is what a flood left out and a calm fills in: it is counted apart, since nobody waited for it.
 */
const watchPage = `function watchPage() {
  window.shown = new Map();
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
  }).observe({ type: 'longtask' });
  window.filledIn = new Set();
  const fresh = [];
  let asked = false;
  window.newestShown = '';
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node.nodeType === 1 && node.closest('#live-events'))
          for (const time of node.querySelectorAll('time')) fresh.push(time.dateTime);
    if (window.firstRowMs === undefined && document.querySelector('#live-events li'))
      requestAnimationFrame(() => { window.firstRowMs ??= performance.now(); });
    if (asked || fresh.length === 0) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      const now = performance.timeOrigin + performance.now();
      const newestBefore = window.newestShown;
      for (const timestamp of fresh.splice(0)) {
        if (window.shown.has(timestamp) || window.filledIn.has(timestamp)) continue;
        if (timestamp > newestBefore) window.shown.set(timestamp, now);
        else window.filledIn.add(timestamp);
        if (timestamp > window.newestShown) window.newestShown = timestamp;
      }
    });
  }).observe(document, { childList: true, subtree: true });
}`;

let seed = 11;

/** Appends lines at the rate, as a honeypot would. @returns when each was written, by its timestamp. */
async function flood(log: string, seconds: number): Promise<Map<string, number>> {
  const lines = makeLines(linesPerSecond * seconds, seed++);
  const sentAt = new Map<string, number>();
  const started = performance.now();
  for (let sent = 0; sent < linesPerSecond * seconds; ) {
    const due = Math.floor(((performance.now() - started) / 1000) * linesPerSecond);
    let text = '';
    for (; sent < Math.min(due, linesPerSecond * seconds); sent++) {
      const line = lines.next().value;
      if (line === undefined) break;
      sentAt.set(JSON.parse(line).timestamp, performance.timeOrigin + performance.now());
      text += `${line}\n`;
    }
    if (text !== '') appendFileSync(log, text);
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  return sentAt;
}

/** Until no more rows come. */
async function settle(page: Page): Promise<void> {
  for (let before = -1; ; ) {
    await page.waitForTimeout(1000);
    const now = Number(await page.evaluate('window.shown.size'));
    if (now === before) return;
    before = now;
  }
}

async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}

function megabytes(bytes: number): number {
  return Math.round((bytes / 1024 / 1024) * 10) / 10;
}

function missedOf(
  first: Awaited<ReturnType<typeof measureFirstView>>,
  flooded: Awaited<ReturnType<typeof measureFlood>>,
): string[] {
  return [
    first.firstViewMs.p99 > bounds.firstViewMs && `first view over ${bounds.firstViewMs} ms`,
    first.scriptKilobytesGzipped > bounds.scriptKilobytes && `over ${bounds.scriptKilobytes} KB of JavaScript`,
    flooded.lineToScreenMs.p99 > bounds.lineToScreenMs && `line to screen p99 over ${bounds.lineToScreenMs} ms`,
    flooded.longestTaskMs > bounds.longTaskMs && `a task over ${bounds.longTaskMs} ms`,
  ].filter((miss) => miss !== false);
}
