import { open } from 'node:fs/promises';
import { z } from 'zod';

const tailBytes = 65_536;
const Line = z.object({ sensor: z.string().min(1) });

/**
 * The name under which a Cowrie writes this log, as its latest whole line says it. Undefined where nothing was written yet:
 * the name may come from a host that we do not see into (a container's), so nothing else tells it.
 */
export async function lastSensorIn(logPath: string): Promise<string | undefined> {
  const file = await open(logPath).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n').reverse();
    for (const line of lines) {
      const name = sensorOf(line);
      if (name !== undefined) return name;
    }
    return undefined;
  } finally {
    await file.close();
  }
}

function sensorOf(line: string): string | undefined {
  try {
    return Line.safeParse(JSON.parse(line)).data?.sensor;
  } catch {
    return undefined;
  }
}
