import type { Page } from 'playwright-core';

/** A long list goes on for ever; its rows are alike. */
const stepsMax = 120;

/** What stands under the focus now; a text, since it runs in the page. */
const underFocus = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return null;
  const { width, height, bottom, top } = at.getBoundingClientRect();
  const { outlineStyle } = getComputedStyle(at);
  const name = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? '';
  return {
    what: at.outerHTML.slice(0, 120),
    isSeen: width > 0 && height > 0 && bottom > 0 && top < innerHeight,
    isMarked: outlineStyle !== 'none',
    isNamed: (name || at.title || at.placeholder || at.alt || '').trim() !== '',
  };
})()`;

const isFrame = `document.activeElement?.tagName === 'IFRAME'`;

interface Step {
  readonly what: string;
  readonly isSeen: boolean;
  readonly isMarked: boolean;
  readonly isNamed: boolean;
}

/** Walks through the open page by Tab alone. @returns what is reached and out of sight, not marked as focused, or without a name. */
export async function walkByKeys(page: Page): Promise<string[]> {
  const faults: string[] = [];
  let steps = 0;
  for (; steps < stepsMax; steps++) {
    await page.keyboard.press('Tab');
    const step = await stepUnder(page);
    // Past the last one the browser's own bar has the focus.
    if (step === null) break;
    if (!step.isSeen) faults.push(`out of sight: ${step.what}`);
    if (!step.isMarked) faults.push(`not marked as focused: ${step.what}`);
    if (!step.isNamed) faults.push(`without a name: ${step.what}`);
  }
  if (steps === 0) faults.push('nothing can be reached');
  return faults;
}

/** Within the recording's frame the focus is that page's. */
async function stepUnder(page: Page): Promise<Step | null> {
  const inner = (await page.evaluate(isFrame)) ? page.frames().find((frame) => frame !== page.mainFrame()) : undefined;
  // `as`: what the text above builds.
  return (await (inner ?? page).evaluate(underFocus)) as Step | null;
}
