import { appendFile, rename } from 'node:fs/promises';

/**
 * Writes a log as a honeypot that suffers: shares that end in the middle of a line, lines that come twice, and now and then
 * midnight's rename, before and after which there are lines.
 */
export function createLogWriter(log: string, lines: readonly string[], random: () => number) {
  let written = 0;
  let half = '';
  let rotations = 0;
  let twice = 0;

  return {
    /** Lines `written` to `to`; the last one only to its half unless it is the last of all. */
    async writeTo(to: number): Promise<void> {
      const share = lines.slice(written, to);
      if (share.length === 0) return;
      const again = share.filter(() => random() < 0.02);
      twice += again.length;
      written = to;
      const text = `${half}${[...share.slice(0, -1), ...again, ...share.slice(-1)].join('\n')}\n`;
      const cut = to >= lines.length ? text.length : text.length - 1 - Math.floor(random() * 100);
      half = text.slice(cut);
      await appendFile(log, text.slice(0, cut));
    },
    /** A rename as logging does it: between two whole lines. */
    async rotate(): Promise<void> {
      await appendFile(log, half);
      half = '';
      rotations++;
      await rename(log, `${log}.2026-10-${String(rotations).padStart(2, '0')}`);
    },
    told: () => ({ rotations, linesTwice: twice }),
  };
}
