import { createLogFileReader } from '../engine/src/collect/log-files.ts';
import { createNormalize } from '../engine/src/normalize/normalize.ts';

/*
 * A process on its own, started by `bench/crowdsec.ts`: reads a log to its end as `replay` does, splits, checks and hashes its
 * lines into sensor events, and keeps none of them. Its start does not count; that code is compiled meanwhile does.
 */
const [path = ''] = process.argv.slice(2);
const normalize = createNormalize();
const started = performance.now();
let [lines, events] = [0, 0];
for await (const batch of createLogFileReader({
  path,
  sourceId: 'bench',
  position: undefined,
  signal: new AbortController().signal,
})) {
  for (const line of batch.lines) if (normalize(line).line) events++;
  lines += batch.lines.length;
}
process.stdout.write(JSON.stringify({ lines, events, seconds: (performance.now() - started) / 1000 }));
