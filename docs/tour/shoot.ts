import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startUp } from '../../bench/start-up.ts';
import { freePort } from '../../engine/test/support/free-port.ts';

/** `npm run tour`: makes the pictures of docs/tour.md anew, by an attack of `cerberus simulate` on a decoy of ours that starts for it. */
const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'cerberus-tour-'));
const [ssh, telnet, http] = await Promise.all([freePort(), freePort(), freePort()]);
execFileSync(process.execPath, [join(root, 'scripts', 'dashboard.mjs')]);
const up = await startUp({
  ...{ CERBERUS_DATA_DIR: folder, PORT: '0', CERBERUS_CONTROL_SHARE: '0' },
  ...{
    CERBERUS_DECOY_SSH_PORT: `${ssh}`,
    CERBERUS_DECOY_TELNET_PORT: `${telnet}`,
    CERBERUS_DECOY_HTTP_PORT: `${http}`,
  },
});
try {
  attack();
  const grave = await find(
    '/api/decisions?limit=100',
    ({ decision, verdict }) => decision === 'insert_trap' && verdict === 'act',
  );
  await shoot([
    ['now', '/', '#live-events li'],
    ['session', `/sessions/${grave['session_id']}`, 'h2:text("What was done about it")'],
    ['decisions', '/decisions', 'main li:has-text("insert_trap")'],
    ['lures', '/lures', 'main :text("aws")'],
    ['matrix', '/matrix', 'main :text("T1105")'],
  ]);
} finally {
  await up.stop();
  rmSync(folder, { recursive: true, force: true });
}

function attack(): void {
  const ports = ['--ssh-port', `${ssh}`, '--telnet-port', `${telnet}`, '--http-port', `${http}`];
  const args = ['simulate', ...ports, '--api', up.url, '--patience', '120'];
  execFileSync(process.execPath, [join(root, 'engine/bin/cerberus.mjs'), ...args], {
    env: { PATH: '/usr/bin:/bin', CERBERUS_DATA_DIR: folder, CERBERUS_API_TOKEN: up.token },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function find(path: string, isIt: (row: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
  const answer = await fetch(`${up.url}${path}`, { headers: { authorization: `Bearer ${up.token}` } });
  // `as`: our own API, and what is not there is missed below.
  const { data } = (await answer.json()) as { data: Record<string, unknown>[] };
  const row = data.find(isIt);
  if (!row) throw new Error(`${path} shows nothing of the attack.`);
  return row;
}

async function shoot(views: readonly [name: string, place: string, shows: string][]): Promise<void> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
    page.setDefaultTimeout(60_000);
    await page.goto(up.url);
    await page.click('summary');
    await page.fill('#token', up.token);
    await page.click('form:has(#token) button');
    await page.waitForSelector('#connection[data-state=good]');
    for (const [name, place, shows] of views) {
      await page.goto(`${up.url}/#${place}`);
      await page.waitForSelector(shows);
      await page.waitForSelector('text=Loading …', { state: 'detached' });
      await page.screenshot({ path: join(root, 'docs', 'images', `tour-${name}.png`) });
    }
  } finally {
    await browser.close();
  }
}
