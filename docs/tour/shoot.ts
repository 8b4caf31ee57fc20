import { join } from 'node:path';
import { openStage, root, settled } from './stage.ts';

/** `npm run tour`: makes all pictures of README and docs/tour.md anew, by an attack of `cerberus simulate` on a decoy of ours. */
const stage = await openStage({ isDemo: true });
try {
  stage.attack();
  const grave = await stage.find('/api/decisions?decision=insert_trap&verdict=act');
  const page = await stage.signIn({ width: 1100, height: 700 });
  for (const [name, place, shows] of [
    ['tour-now', '/', '#live-events li'],
    ['tour-session', `/sessions/${grave['session_id']}`, 'h2:text("What was done about it")'],
    ['tour-decisions', '/decisions', 'main li:has([title="insert_trap"])'],
    ['tour-lures', '/lures', 'main :text("aws")'],
    ['tour-matrix', '/matrix', 'main :text("T1105")'],
    ['live', '/', '#live-events li'],
  ] as const) {
    if (name === 'live') {
      await page.setViewportSize({ width: 1440, height: 960 });
      await page.click('button:has-text("dark")');
    }
    await page.goto(`${stage.url}/#${place}`);
    await page.waitForSelector(shows);
    await settled(page);
    await page.screenshot({ path: join(root, 'docs', 'images', `${name}.png`) });
  }
} finally {
  await stage.close();
}
