import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLines } from '../../bench/make-lines.ts';
import { startSession } from '../src/assess/assess.ts';
import { composePipeline } from '../src/compose/compose-pipeline.ts';
import { composeLearning, type Learning } from '../src/compose/learning/compose-learning.ts';
import { composeToldPeople, type ToldPeople } from '../src/compose/tell-people.ts';
import { readConfig } from '../src/config.ts';
import { systemClock } from '../src/kit/clock.ts';
import { absentParts } from '../src/serve/support/absent-parts.ts';
import { startTestServer, type TestServer } from '../src/serve/support/serve-parts.ts';
import { buildDashboard, hasChromium, launchChromium, needsChromium, openView } from './support/chromium.ts';
import { freePort } from './support/free-port.ts';
import { type HttpSink, startHttpSink } from './support/http-sink.ts';
import { type OpenIdProvider, startOpenIdProvider } from './support/openid-provider.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe.skipIf(!hasChromium)(`what people do on the dashboard (${needsChromium})`, () => {
  let server: TestServer;
  let provider: OpenIdProvider;
  let hook: HttpSink;
  let learning: Learning;
  let told: ToldPeople;
  let browser: Browser;
  let page: Page;
  let url = '';
  let stateDir = '';

  beforeAll(async () => {
    buildDashboard();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    [provider, hook, stateDir] = await Promise.all([
      startOpenIdProvider(url, new Map([['ada', ['honeynet-admins']]])),
      startHttpSink(),
      mkdtemp(join(tmpdir(), 'cerberus-work-')),
    ]);
    server = await startTestServer({
      config: { rateLimitMax: 10_000 },
      env: { ...provider.env, CERBERUS_OIDC_ADMINS: 'honeynet-admins', CERBERUS_OIDC_LABEL: 'the house' },
      // Asked only by requests: by then there is what needs the server's database.
      learning: {
        ...absentParts.learning,
        report: () => learning.desk.report(),
        train: (...order) => learning.desk.train(...order),
      },
      channels: {
        get channels() {
          return told.channels.channels;
        },
        test: (name) => told.channels.test(name),
      },
    });
    const config = readConfig({
      ...{ flags: {}, cwd: '/', home: '/', projectDir: null, readFile: () => '' },
      env: {
        CERBERUS_DATA_DIR: stateDir,
        CERBERUS_WEBHOOK_URL: hook.url,
        CERBERUS_WEBHOOK_SECRET: 'a secret of sixteen or more',
      },
    });
    const { database, bus } = server;
    told = composeToldPeople({ config, database, clock: systemClock, log: quiet });
    const registry = new Registry();
    const ours = { ...database, isEmbedded: false };
    learning = await composeLearning({ config, database: ours, registry, bus, clock: systemClock, log: quiet });
    await store([...makeLines(2400)]);
    await server.api.listen({ port, host: '127.0.0.1' });
    browser = await launchChromium();
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    page.setDefaultTimeout(30_000);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([server?.close(), provider?.close(), hook?.close()]);
    if (stateDir !== '') await rm(stateDir, { recursive: true, force: true });
  });

  it('signs in at the provider of the house and is then who he is there', async () => {
    await page.goto(url);
    await page.click('a:has-text("Sign in with the house")');
    await page.fill('input[name=login]', 'ada');
    await page.fill('input[name=password]', 'x');
    await page.click('button[type=submit]');
    // The provider asks whether we may know who he is.
    await page.click('button[type=submit]:has-text("Continue")');
    await page.waitForSelector('#connection[data-state=good]');
    expect(new URL(page.url()).origin).toBe(url);
    await openView(page, url, '/account');
    await page.waitForSelector('main:has-text("ada"):has-text("admin")');
  }, 60_000);

  it('trains the models anew, sees how far it is, and what came of it', async () => {
    await openView(page, url, '/models');
    // The training waits here for its first page of events: it cannot be over before it was seen.
    const holding = await server.database.pool.connect();
    await holding.query('begin; lock table events in access exclusive mode');
    await page.click('button:has-text("Train on what was stored")');
    await page.waitForSelector('#training progress');
    await expect.poll(() => page.locator('button:has-text("Train on what was stored")').isDisabled()).toBe(true);
    await holding.query('rollback');
    holding.release();
    await page.waitForSelector('#training:has-text("done:")', { timeout: 100_000 });
    const { rows } = await server.database.pool.query('select version, step, state from trainings');
    expect(rows).toMatchObject([{ state: 'done' }]);
    await page.waitForSelector(`li:has(strong:text-is("${rows[0]?.version}"))`);
  }, 120_000);

  it('tries a channel, and reads why nothing came through', async () => {
    await openView(page, url, '/settings?part=channels');
    hook.status(500);
    await page.click('button:has-text("Send a test")');
    await page.waitForSelector('main [role=alert]:has-text("500")');
    hook.status(200);
    await page.click('button:has-text("Send a test")');
    await page.waitForSelector('text=✓ delivered');
    expect(hook.taken).toHaveLength(1);
  }, 60_000);

  it('takes what was seen of ATT&CK into the Navigator', async () => {
    await openView(page, url, '/matrix');
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('button:has-text("Navigator")')]);
    expect(file.suggestedFilename()).toBe('cerberusmesh-layer.json');
    const layer = JSON.parse(await readFile(await file.path(), 'utf8'));
    expect(layer).toMatchObject({ domain: 'enterprise-attack' });
    expect(layer.techniques.map(({ techniqueID }: { techniqueID: string }) => techniqueID)).toContain('T1105');
  }, 60_000);

  it.each(['/events', '/sessions', '/attackers', '/campaigns', '/decisions', '/history'])(
    '%s: every filter that is chosen is in the address, and stands there when the page is loaded again',
    async (view) => {
      await openView(page, url, view);
      const chosen = await read<[id: string, value: string]>(
        'select[id^=filter-]',
        '[one.id, one.options[one.options.length - 1].value]',
      );
      for (const [id, value] of chosen) {
        await page.selectOption(`#${id}`, value);
        await expect.poll(() => decodeURIComponent(page.url())).toContain(`${id.slice('filter-'.length)}=${value}`);
      }
      await expectSameAfterReload('select[id^=filter-]');
      expect(await read('select[id^=filter-]', '[one.id, one.value]')).toEqual(chosen);
      expect(chosen).not.toEqual([]);
    },
    60_000,
  );

  it.each([
    ['/?hide=LOW%2CUNKNOWN&probes=shown', 'main input[type=checkbox]'],
    ['/events?q=%22cd%20%2Ftmp%22', 'main input'],
    ['/sessions?q=commands%3A%3E5', 'main input'],
    ['/settings?part=channels', 'main [aria-current=page]'],
    ['/settings?part=audit', 'main [aria-current=page]'],
  ])('%s is what it was when the page is loaded again', async (view, shown) => {
    await openView(page, url, view);
    await page.waitForSelector(shown);
    await expectSameAfterReload(shown);
  });

  /** The address, and what stands in the controls that show what it says. */
  async function expectSameAfterReload(shown: string): Promise<void> {
    const state = async () => [page.url(), await read(shown, 'one.textContent + one.value + one.checked')];
    const before = await state();
    await page.reload();
    await expect.poll(state, { timeout: 20_000 }).toEqual(before);
  }

  /** `what` of each element that fits, told in the page's own words. */
  async function read<Value>(selector: string, what: string): Promise<Value[]> {
    // `as`: the page answers with what this text builds.
    return (await page.evaluate(`[...document.querySelectorAll('${selector}')].map((one) => ${what})`)) as Value[];
  }

  async function store(lines: readonly string[]): Promise<void> {
    const pipeline = composePipeline({
      ...{ database: server.database, clock: systemClock, timeZone: 'UTC', startSession },
      assess: learning.assess,
      isProbe: () => false,
      assessFailed: (_event, error) => {
        throw error;
      },
    });
    const raw = lines.map((text) => ({ text, coveredBytes: text.length + 1 }));
    const source = { sourceId: 'test', kind: 'file', place: 'test' };
    await pipeline.onLines({ sourceId: 'test', lines: raw, position: {}, readBytes: 0 }, source);
  }
});
