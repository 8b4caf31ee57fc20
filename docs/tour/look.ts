import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { axeFaults } from '../../engine/test/support/chromium.ts';
import { openStage, type Stage, settled } from './stage.ts';
import { walkByKeys } from './walk-by-keys.ts';

/**
 * `npm run look -- DIR [--only NAME]`: a picture of every view, for people who look: after an attack at 375, 1280 and 3840
 * pixels, dark and light; and at 1280 empty, loading and failed. Engines start for it. Each is held to its width and to
 * axe, and walked through by Tab alone; what is found stands on standard output, and the exit code is 1.
 */
const { positionals, values } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
const folder = positionals[0];
if (folder === undefined) throw new Error('Usage: npm run look -- DIR [--only NAME]');
mkdirSync(folder, { recursive: true });

const normal = { width: 1280, height: 900 };
const sizes = [{ width: 375, height: 800 }, normal, { width: 3840, height: 2160 }];
/** Of a long page the rest tells nothing new. */
const heightMax = 4000;
const lists = ['/', '/events', '/sessions', '/attackers', '/campaigns', '/decisions', '/lures', '/matrix', '/history'];
const plain = [...lists, '/models', '/settings', '/account'];
const busy = { code: 'DATABASE_BUSY', message: 'The database is busy.', request_id: 'r' };
const faults: string[] = [];

await on({ isDemo: false }, async (stage, page) => {
  for (const place of plain) await take(stage, page, place, 'empty');
});
await on({ isDemo: true }, async (stage, page) => {
  stage.attack();
  const places = [...plain, ...(await placesOf(stage))];
  for (const theme of ['dark', 'light']) {
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const place of places) await take(stage, page, place, `${size.width}-${theme}`, theme);
    }
  }
  await page.setViewportSize(normal);
  for (const place of places) {
    await page.goto(`${stage.url}/#${place}`);
    await settled(page);
    const found = await walkByKeys(page);
    // A list that grows meanwhile pushes a row out of sight between the key and the look; a fault is found again.
    const again = found.length > 0 ? await walkByKeys(page) : [];
    faults.push(...found.filter((fault) => again.includes(fault)).map((fault) => `${place} by keys: ${fault}`));
  }
  for (const state of ['failed', 'loading']) {
    await page.route(
      ({ pathname }) => /^\/(?:api|config|status|health)/.test(pathname) && pathname !== '/api/me',
      (route) => (state === 'failed' ? route.fulfill({ status: 503, json: { error: busy } }) : undefined),
    );
    for (const place of places) {
      // A page of its own: nothing is known from before.
      await page.goto('about:blank');
      await take(stage, page, place, state);
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
});
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

async function on(options: { isDemo: boolean }, work: (stage: Stage, page: Page) => Promise<void>): Promise<void> {
  const stage = await openStage(options);
  try {
    await work(stage, await stage.signIn(normal));
  } finally {
    await stage.close();
  }
}

/** One of each: a session that something was planted for, and an event, an attacker and a campaign. */
async function placesOf(stage: Stage): Promise<string[]> {
  const session = await stage.find('/api/decisions?verdict=act');
  const event = await stage.find('/api/events?severity=HIGH');
  const campaign = await stage.find('/api/campaigns');
  return [
    `/sessions/${session['session_id']}`,
    `/attackers/${event['source_ip']}`,
    `/events/${event['id']}`,
    `/campaigns/${campaign['id']}`,
  ];
}

async function take(stage: Stage, page: Page, place: string, state: string, theme = 'light'): Promise<void> {
  const [kind = '', one] = place.split('/').slice(1);
  const name = `${kind || 'now'}${one === undefined ? '' : '-one'}`;
  if (values.only !== undefined && values.only !== name) return;
  await page.goto(`${stage.url}/#${place}`);
  await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
  if (state === 'loading') await page.waitForSelector('main *');
  // A question is asked three times, which takes three seconds; what asks nothing shows no fault.
  else if (state === 'failed')
    await page.waitForSelector('main [role=alert]', { timeout: 8000 }).catch(() => undefined);
  else await settled(page);
  const { width } = page.viewportSize() ?? normal;
  const [wide, height] = await Promise.all(
    ['Width', 'Height'].map((side) => page.evaluate(`document.documentElement.scroll${side}`)),
  );
  if (Number(wide) > width) faults.push(`${name} ${state}: ${wide} pixels wide on ${width}`);
  faults.push(...(await axeFaults(page)).map((fault) => `${name} ${state}: ${fault}`));
  const clip = { x: 0, y: 0, width, height: Math.min(Number(height), heightMax) };
  await page.screenshot({ path: join(folder ?? '', `${name}-${state}.png`), fullPage: true, clip });
}
