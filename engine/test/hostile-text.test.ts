import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPolicy } from '../src/decide/read-policy.ts';
import { aChange } from '../src/decide/support/changes.ts';
import { startTestServer, type TestServer } from '../src/serve/support/serve-parts.ts';
import { storeDecisions } from '../src/store/decisions.ts';
import { buildDashboard, hasChromium, launchChromium, needsChromium, openView } from './support/chromium.ts';
import { startProcess } from './support/engine-process.ts';
import { hostileTexts, makeHostileLines, makeHugeLine } from './support/hostile-lines.ts';
import { addHostileRows } from './support/hostile-rows.ts';

/** One waits for an answer while another draws. */
const pagesAtOnce = 2;
const lists = ['/', '/events', '/sessions', '/attackers', '/campaigns', '/decisions', '/lures', '/matrix', '/history'];
const parts = ['engine', 'sensors', 'policy', 'channels', 'people', 'audit'].map((part) => `/settings?part=${part}`);
const others = ['/models', '/account', ...parts];

/** What must never stand in the text of the page as it is: controls, marks of direction, what has no width, stacked marks. */
const acting =
  /(?![\t\n])\p{Cc}|[\u115f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u2800\u3164\ufeff\uffa0]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e01ef}]|\p{M}{4}/u;

describe.skipIf(!hasChromium)(`what attackers write, in every field of every kind of event (${needsChromium})`, () => {
  let server: TestServer;
  let browser: Browser;
  let pages: readonly Page[] = [];
  let url = '';
  let folder = '';
  let lines: readonly string[] = [];
  let stored = 0;
  let campaigns: readonly string[] = [];
  const faults: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    buildDashboard();
    server = await startTestServer({ config: { rateLimitMax: 10_000 } });
    folder = await mkdtemp(join(tmpdir(), 'cerberus-hostile-'));
    lines = [...makeHostileLines(new Date()), makeHugeLine(new Date())];
    await writeFile(join(folder, 'cowrie.json'), `${lines.join('\n')}\n`);
    // The whole way in: read, normalized, assessed, decided, stored.
    const replay = startProcess(['replay', join(folder, 'cowrie.json'), '--json'], {
      DATABASE_URL: server.database.url,
      CERBERUS_DATA_DIR: folder,
    });
    const report = JSON.parse(await replay.untilSaid(/(\{"files".*\})/));
    await replay.untilEnd();
    stored = report.stored + report.parked;
    server.clock.advance(Date.now() - server.clock.now().getTime());
    campaigns = await addHostileRows(server.database.pool);
    url = await server.api.listen({ port: 0, host: '127.0.0.1' });
    browser = await launchChromium();
    pages = await Promise.all(Array.from({ length: pagesAtOnce }, openPage));
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  });

  it('is stored or parked, line by line', () => {
    expect(stored).toBe(lines.length);
  });

  it.each(lists)('%s: nothing runs, nothing breaks the layout, what is shown is honest', async (view) => {
    const page = pages[0] ?? (await openPage());
    await page.goto(`${url}/?${view.slice(1)}#${view}`);
    await page.waitForSelector('main li:visible, main [role=alert], main p:visible');
    await look(page, view);
  });

  it.each(others)('%s: the same of what is no list', async (view) => {
    const page = pages[0] ?? (await openPage());
    await openView(page, url, view);
    await page.waitForSelector('main section, main [role=alert], main p:visible');
    await look(page, view);
  });

  it('each campaign opened by itself: its name, what it shares, what it does and who they are', async () => {
    const page = pages[0] ?? (await openPage());
    expect(campaigns).toHaveLength(hostileTexts.length);
    for (const id of campaigns) {
      await open(page, `/campaigns/${id}`, `/api/campaigns/${id}`);
      await page.waitForSelector('main section[aria-label="What joins them"]');
    }
  }, 60_000);

  it('a question about what he wrote, on the page that a link in a mail opens', async () => {
    const page = pages[0] ?? (await openPage());
    for (const text of hostileTexts) {
      const why = text.toWellFormed().replaceAll('\u0000', '\u2400');
      const rule = { id: 'asks', why: 'Because.', when: {}, decision: 'insert_trap', adaptations: ['SSH_KEYS'] };
      const guards = { approvalMinutes: { insert_trap: 30 }, cooldownSeconds: { insert_trap: 0 } };
      server.decider.usePolicy(checkPolicy({ version: 'asks', guards, rules: [rule] }, 'test'));
      const change = aChange({ sessionId: why.slice(0, 100), sensor: why.slice(0, 60), at: server.clock.now() });
      const [decision] = server.decider.decide([change]);
      if (decision === undefined) throw new Error('Nothing was decided.');
      await server.database.transaction((client) => storeDecisions(client, [{ ...decision, why }]));
      const link = server.links.linkFor(decision.id, new Date(server.clock.now().getTime() + 1_800_000));
      await page.goto(`${url}/${link.slice(link.indexOf('#'))}`);
      await page.waitForSelector('button:text-is("Do it")');
      await look(page, `approve ${why.slice(0, 10)}`);
    }
  }, 60_000);

  it('each kind of event opened by itself, its session and its attacker', async () => {
    // Another of the texts for each kind, in turn, and the megabyte.
    const { rows } = await server.database.pool.query<{ ids: string[] }>(
      `select array_agg(id::text order by id) as ids from events group by event_type, session_id = 'huge'
        order by event_type, session_id = 'huge'`,
    );
    expect(rows.length).toBeGreaterThan(20);
    const events = rows.map(({ ids }, at) => {
      const id = ids[at % ids.length] ?? '';
      return { view: `/events/${id}`, asks: `/api/events/${id}` };
    });
    // Half of a surrogate pair cannot stand in an address.
    const names = hostileTexts
      .filter((text) => text.isWellFormed())
      .map((text) => encodeURIComponent([...text].slice(0, 100).join('')));
    const whose = ['sessions', 'attackers'].flatMap((kind) =>
      names.map((name) => ({ view: `/${kind}/${encodeURIComponent(name)}`, asks: `/api/${kind}/` })),
    );
    const waiting = [...events, ...whose];
    await Promise.all(
      pages.map(async (page) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          await open(page, next.view, next.asks);
          const rest = page.locator('button:has-text("… all")');
          if ((await rest.count()) === 0) continue;
          await rest.click();
          await look(page, `${next.view}, all of it`);
        }
      }),
    );
  }, 120_000);

  it('is found again by searching for it, and templates stay what they are', async () => {
    const page = pages[0] ?? (await openPage());
    for (const q of ['command:"{{7*7}}"', 'command:"<%= 7*7 %>"']) {
      await open(page, `/events?q=${encodeURIComponent(q)}`, 'q=command');
      await page.waitForSelector('main li:has-text("{{7*7}}"):has-text("<%= 7*7 %>")');
    }
    await open(page, `/events?q=${encodeURIComponent('"<script>window.ran=1" severity:<script>')}`, 'severity');
    await page.waitForSelector('[role=alert]:has-text("VALIDATION_FAILED")');
  });

  it('every cell of the export is text to a spreadsheet', async () => {
    const answer = await fetch(`${url}/api/events/export?format=csv`, { headers: { ...server.as.viewer } });
    const cells = (await answer.text()).matchAll(/"((?:[^"]|"")*)"/g);
    expect([...cells].filter(([, cell = '']) => /^[=+@\t\r-]/.test(cell))).toEqual([]);
  });

  it('nothing was asked of anybody else, and the page never complained', () => {
    expect(asked.filter((one) => !one.startsWith(url) && !one.startsWith(url.replace('http', 'ws')))).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  async function openPage(): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
    page.setDefaultTimeout(20_000);
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => faults.push('a dialog')));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('request', (request) => asked.push(request.url()));
    await page.addInitScript(`sessionStorage.setItem('cerberus-token', '${server.secrets.admin}')`);
    await page.goto(url);
    await page.waitForSelector('#connection');
    return page;
  }

  /** Goes to a view that asks for `path`, and waits for its answer. */
  async function open(page: Page, view: string, path: string): Promise<void> {
    const asked = page.waitForResponse((answer) => answer.url().includes(path));
    await openView(page, url, view);
    await asked;
    await page.waitForSelector('main section, main [role=alert]');
    await look(page, view);
  }

  async function look(page: Page, view: string): Promise<void> {
    await page.waitForSelector('text="Loading …"', { state: 'detached' });
    // `as`: the page answers with what this text builds.
    const seen = (await page.evaluate(
      `({ ran: window.ran ?? null, width: document.documentElement.scrollWidth, title: document.title,
            foreign: document.querySelectorAll('main img, main script, main iframe, main svg[onload]').length,
            text: document.body.innerText })`,
    )) as { ran: unknown; width: number; title: string; foreign: number; text: string };
    expect(seen, view).toMatchObject({ ran: null, foreign: 0 });
    // Of what attackers write nothing stands there: the view's name, and how many decisions wait.
    expect(seen.title, view).toMatch(/^(?:\(\d+\) )?(?:[A-Z][A-Za-z&\- ]{2,30} · )?CerberusMesh$/);
    expect(seen.width, view).toBeLessThanOrEqual(375);
    expect(acting.exec(seen.text)?.[0], view).toBeUndefined();
    expect(seen.text.length, view).toBeLessThan(500_000);
    // What the page's policy stops before it runs leaves a view that failed, which would pass all of this.
    expect(complaints(), view).toEqual([]);
  }

  /** 503: a question that was given up after two seconds, on a machine that has too much else to do. */
  function complaints(): string[] {
    return faults.filter((text) => !/status of (?:40[04]|503)/.test(text));
  }
});
