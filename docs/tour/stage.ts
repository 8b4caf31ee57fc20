import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { startUp } from '../../bench/start-up.ts';
import { freePort } from '../../engine/test/support/free-port.ts';

export const root = join(import.meta.dirname, '..', '..');

/** An engine in an empty state folder, with decoys of ours and, where `isDemo`, our recordings as a live attack; and a browser. */
export async function openStage({ isDemo = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-tour-'));
  const [ssh, telnet, http] = await Promise.all([freePort(), freePort(), freePort()]);
  execFileSync(process.execPath, [join(root, 'scripts', 'dashboard.mjs')]);
  const up = await startUp(
    {
      ...{
        CERBERUS_DATA_DIR: folder,
        PORT: '0',
        CERBERUS_CONTROL_SHARE: '0',
        CERBERUS_TOKEN_RATE_LIMIT_MAX: '1000000',
      },
      ...{
        CERBERUS_DECOY_SSH_PORT: `${ssh}`,
        CERBERUS_DECOY_TELNET_PORT: `${telnet}`,
        CERBERUS_DECOY_HTTP_PORT: `${http}`,
      },
    },
    isDemo ? ['--demo'] : [],
  );
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  return { url: up.url, attack, find, signIn, close };

  /** The attack of `cerberus simulate`, the whole way. */
  function attack(): void {
    const ports = ['--ssh-port', `${ssh}`, '--telnet-port', `${telnet}`, '--http-port', `${http}`];
    const args = ['simulate', ...ports, '--api', up.url, '--patience', '300'];
    execFileSync(process.execPath, [join(root, 'engine/bin/cerberus.mjs'), ...args], {
      env: { PATH: '/usr/bin:/bin', CERBERUS_DATA_DIR: folder, CERBERUS_API_TOKEN: up.token },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }

  /** The first row of a list. */
  async function find(path: string): Promise<Record<string, unknown>> {
    const answer = await fetch(`${up.url}${path}`, { headers: { authorization: `Bearer ${up.token}` } });
    // `as`: our own API, and what is not there is missed below.
    const { data } = (await answer.json()) as { data: Record<string, unknown>[] };
    const [row] = data;
    if (!row) throw new Error(`${path} shows nothing of the attack.`);
    return row;
  }

  async function signIn(viewport: { width: number; height: number }): Promise<Page> {
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(60_000);
    await page.goto(up.url);
    await page.click('summary');
    await page.fill('#token', up.token);
    await page.click('form:has(#token) button');
    await page.waitForSelector('#connection');
    return page;
  }

  async function close(): Promise<void> {
    await browser.close();
    await up.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** A view that was just gone to: its code is read and its questions are asked after that. */
const turnMs = 300;

/** Every part of what stands there was answered, or failed. */
export async function settled(page: Page): Promise<void> {
  // What was loaded may ask for more, so twice in a row.
  for (let quiet = 0; quiet < 2; quiet++) {
    await page.waitForTimeout(turnMs);
    await page.waitForSelector('main *');
    if ((await page.locator('text=Loading …').count()) === 0) continue;
    await page.waitForSelector('text=Loading …', { state: 'detached' });
    quiet = -1;
  }
}
