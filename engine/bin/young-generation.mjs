import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

const bytesMax = 20 * 1024 * 1024;
const lookEveryMs = 50;

/**
 * Stops V8's young generation from growing where it serves us best. Node 24 lets it grow to 100 MB and more; measured in a
 * replay of 300,000 lines, a peak of 430 MB for no gain in speed. Node's own option for it (--max-semi-space-size) works
 * only on the command line, which is not ours when somebody calls `cerberus`.
 */
export function boundYoungGeneration() {
  const looking = setInterval(() => {
    const { space_size: bytes = 0 } = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space') ?? {};
    if (bytes < bytesMax) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(looking);
  }, lookEveryMs);
  looking.unref();
}
