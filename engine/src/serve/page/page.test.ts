import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LiveMessage } from '@cerberusmesh/contract/live';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAdaptation, addEvent, addSession } from '../support/rows.ts';
import { startTestServer, type TestServer } from '../support/serve-parts.ts';

const executablePath = '/usr/bin/chromium';
const projectDir = join(import.meta.dirname, '..', '..', '..', '..');
const xss =
  '<img src=x onerror="window.ran=1"><script>window.ran=1</script>"\'><svg/onload=window.ran=1>javascript:window.ran=1';

describe('the page\u2019s modules', () => {
  it('hold the contract\u2019s types', async () => {
    const tsc = join(projectDir, 'node_modules', '.bin', 'tsc');
    await expect(promisify(execFile)(tsc, ['-p', import.meta.dirname], { cwd: projectDir })).resolves.toBeDefined();
  });
});

describe.skipIf(!existsSync(executablePath))(
  'the page in Chromium (needs /usr/bin/chromium: apt-get install chromium)',
  () => {
    let server: TestServer;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];
    const asked: string[] = [];
    const undone: string[] = [];

    beforeAll(async () => {
      server = await startTestServer({
        config: { rateLimitMax: 10_000 },
        rollback: async (id) => {
          undone.push(id);
          await server.database.pool.query(`update adaptations set status = 'rolled_back' where id = $1`, [id]);
          return { kind: 'rolled_back' };
        },
      });
      const { pool } = server.database;
      await addSession(pool, { sessionId: xss, sourceIp: xss, start: new Date('2026-11-22T10:00:00Z') });
      await addEvent(pool, { sessionId: xss, sourceIp: xss, command: xss, eventType: xss, sensor: 'sensor-a' });
      await addAdaptation(pool, { sessionId: xss });
      await addEvent(pool, { command: 'cat invoice_\u202egpj.exe; \u001b[2J\u001b]0;title\u0007 a\u200bb' });
      await addEvent(pool, { command: 'x'.repeat(1_000_000) });
      const url = await server.api.listen({ port: 0, host: '127.0.0.1' });
      browser = await chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      });
      page = await browser.newPage();
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => asked.push(request.url()));
      page.setDefaultTimeout(20_000);
      await page.goto(url);
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    it('asks for a token, says why one is refused, and keeps a good one out of every address', async () => {
      await page.fill('#token', `cm_${'A'.repeat(43)}`);
      await page.click('#token-form button');
      await page.waitForSelector('#token-problem:has-text("UNAUTHENTICATED")');
      complaints.length = 0;
      await page.fill('#token', server.secrets.operator);
      await page.click('#token-form button');
      await page.waitForSelector('#connection[data-state=good]');
      await page.waitForSelector('#event-rows li');
      expect(asked.filter((url) => url.includes('cm_'))).toEqual([]);
      expect(asked.filter((url) => !url.startsWith(page.url()))).toEqual([]);
    });

    it('shows what attackers typed as text, and nothing of it ran', async () => {
      server.bus.publish(anEvent({ command: `live ${xss}`, source_ip: xss, sensor: xss, why: xss, techniques: [xss] }));
      await page.waitForSelector('#event-rows li:has-text("live <img")');
      await page.click('#event-rows li:has-text("live <img") button.link');
      await page.waitForSelector('#session-dialog[open] .body >> text=NOT_FOUND');
      await page.click('#session-dialog button:has-text("Close")');
      await page.click('#sessions button.link');
      await page.waitForSelector('#session-rows li');
      expect(await page.evaluate('window.ran')).toBeUndefined();
      expect(await page.locator('main img, main script, dialog img, dialog script, main svg[onload]').count()).toBe(0);
      await page.click('#session-dialog button:has-text("Close")');
    });

    it('shows characters that would turn or hide text by their names', async () => {
      const text = await page.locator('#event-rows li:has-text("invoice_")').innerText();
      for (const name of ['RLO', 'ESC', 'U+0007', 'ZWSP']) expect(text).toContain(name);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the point.
      expect(text).not.toMatch(/[\u202e\u001b\u0007\u200b]/);
    });

    it('a megabyte of one command is a short row that says so', async () => {
      const row = page.locator('#event-rows li:has-text("xxxxxxxx")');
      expect((await row.innerText()).length).toBeLessThan(2500);
      expect(await row.innerText()).toContain('longer');
    });

    it('counts while it is paused and goes on with all of it; the filter hides what is not wanted', async () => {
      await page.click('#pause');
      for (const command of ['while paused 1', 'while paused 2']) server.bus.publish(anEvent({ command }));
      await page.waitForSelector('#pause:has-text("2 new")');
      expect(await page.locator('text=while paused').count()).toBe(0);
      await page.click('#pause');
      await page.waitForSelector('text=while paused 2');
      await page.click('#severity-filter label:has-text("LOW")');
      await page.waitForSelector('#events[data-state=empty]');
      server.bus.publish(anEvent({ command: 'a low one', severity: 'LOW' }));
      server.bus.publish(anEvent({ command: 'a high one', severity: 'HIGH' }));
      await page.waitForSelector('#event-rows li:has-text("a high one")');
      expect(await page.locator('text=a low one').count()).toBe(0);
      await page.click('#severity-filter label:has-text("LOW")');
    });

    it('never holds more rows than a day-long page can bear', async () => {
      for (let index = 0; index < 2000; index++)
        server.bus.publish(anEvent({ id: `flood-${index}`, command: `flood ${index}` }));
      await page.waitForSelector('text=flood 1999');
      expect(await page.locator('#event-rows li').count()).toBeLessThanOrEqual(200);
    });

    it('undoes an adaptation after asking why', async () => {
      await page.click('#adaptations button:has-text("Undo")');
      await page.selectOption('#undo-reason', 'false_alarm');
      await page.click('#undo-confirm');
      await page.waitForSelector('#adaptations >> text=undone');
      expect(undone).toHaveLength(1);
      const { rows } = await server.database.pool.query(
        `select details from audit_log where action = 'adaptation.rollback'`,
      );
      expect(rows).toEqual([{ details: { reason: 'false_alarm', note: null } }]);
    });

    it('can be read at 375 pixels: nothing is wider than the screen', async () => {
      await page.setViewportSize({ width: 375, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
      await page.setViewportSize({ width: 1280, height: 800 });
    });

    it.each(['dark', 'light'] as const)('every text has enough contrast in %s', async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate(faintTexts)).toEqual([]);
    });

    it('a revoked token sends everybody back to the entrance', async () => {
      await server.tokens.revoke('o', 'test');
      await page.reload();
      await page.waitForSelector('#entrance:not([hidden]) #token-problem:has-text("UNAUTHENTICATED")');
      expect(await page.evaluate(`sessionStorage.getItem('cerberus-token')`)).toBeNull();
    });

    it('the browser had nothing to complain about but refused answers', () => {
      expect(complaints.filter((text) => !/status of (401|404)/.test(text))).toEqual([]);
    });
  },
);

/** Runs in the page: texts whose contrast with their ground is below 4.5, the bound of WCAG AA. */
const faintTexts = `(() => {
  const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const element of document.querySelectorAll('header *, main *')) {
    const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!says || element.checkVisibility?.() === false || element.closest('svg')) continue;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.add(element.tagName + '.' + element.className + ' ' + contrast.toFixed(2));
  }
  return [...faint];
})()`;

let serial = 0;

function anEvent(said: Partial<Extract<LiveMessage, { type: 'event' }>['event']>): LiveMessage {
  return {
    type: 'event',
    event: {
      ...{ id: `live-${serial++}`, event_type: 'cowrie.command.input', sensor: 'sensor-a', session_id: 's' },
      ...{ timestamp: '2026-11-22T12:00:00.000000Z', protocol: 'ssh', source_ip: '192.0.2.1', source_port: 1 },
      ...{ command: 'uname', shortened: false, username: null, password: null, severity: 'HIGH', threat_score: 0.5 },
      ...{ anomaly_score: 0.1, attack_type: 'none', confidence: 0.5, techniques: [], why: null },
      ...{ is_analyzed: true, is_probe: false },
      ...said,
    },
  };
}
