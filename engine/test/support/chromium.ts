import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const executablePath = '/usr/bin/chromium';
const projectDir = new URL('../../..', import.meta.url).pathname;
const narrowPixels = 375;
const wide = { width: 1280, height: 900 };

export const hasChromium = existsSync(executablePath);
/** For the names of tests that are skipped without it. */
export const needsChromium = 'needs /usr/bin/chromium: apt-get install chromium';

/** The dashboard as it is now, built where that was not done yet. */
export function buildDashboard(): void {
  execFileSync(process.execPath, [`${projectDir}scripts/dashboard.mjs`]);
}

/** Ours to close. @throws where the machine has no Chromium. */
export async function launchChromium(): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/**
 * Goes to a view of a page that is signed in, and waits until that view stands there, loaded. The one before stands
 * until the next one's script is read: to wait for anything that both have found the old one, on a busy machine.
 */
export async function openView(page: Page, url: string, view: string): Promise<void> {
  await page.goto(`${url}/#${view}`);
  // The router writes a space as `+` where a person wrote `%20`.
  const isShown = `(() => {
    const read = (place) => decodeURIComponent(place.replaceAll('+', '%20'));
    return read(document.querySelector('#main')?.dataset.shows ?? '') === read(location.hash.slice(1));
  })()`;
  await expect.poll(() => page.evaluate(isShown), { timeout: 20_000, message: `${view} is not shown` }).toBe(true);
  await page.waitForSelector('text="Loading …"', { state: 'detached' });
}

/**
 * Fails where the page that is open is wider than a small telephone, or where axe has something to say: dark as small,
 * light as large. `npm run look` does both with both.
 */
export async function expectReadable(page: Page): Promise<void> {
  for (const [theme, viewport] of [
    ['dark', { width: narrowPixels, height: 800 }],
    ['light', wide],
  ] as const) {
    await page.setViewportSize(viewport);
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
    expect(await axeFaults(page)).toEqual([]);
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, by WCAG 2.1 AA. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  // `as`: the page runs it, and answers with axe's own report.
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })`,
  )) as { violations: { id: string; nodes: { html: string }[] }[] };
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
