import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionEvents } from '../events/session-events.ts';

export interface Recording {
  readonly output: (bytes: Uint8Array) => void;
  readonly input: (bytes: Uint8Array) => void;
  /** Writes it down and tells the log where. */
  readonly close: () => void;
}

export interface RecordingOptions {
  readonly folder: string;
  readonly events: SessionEvents;
  readonly columns: number;
  readonly nowMs: () => number;
  readonly bytesMax: number;
}

let lastRecording = 0;

/** What a visitor saw and typed, as asciicast v2: one JSON array a line, so that any player of terminals shows it again. */
export function startRecording({ folder, events, columns, nowMs, bytesMax }: RecordingOptions): Recording {
  const startedMs = nowMs();
  const lines = [
    JSON.stringify({
      version: 2,
      width: columns,
      height: 24,
      timestamp: Math.floor(startedMs / 1000),
      env: { TERM: 'xterm-256color', SHELL: '/bin/bash' },
    }),
  ];
  const decoders = { o: new TextDecoder(), i: new TextDecoder() };
  let bytes = 0;
  let isClosed = false;
  return {
    output: (chunk) => add('o', chunk),
    input: (chunk) => add('i', chunk),
    close() {
      if (isClosed) return;
      isClosed = true;
      const text = `${lines.join('\n')}\n`;
      const name = `${events.id}-${++lastRecording}.cast`;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      const shasum = createHash('sha256').update(text).digest('hex');
      const durationMs = Math.round(nowMs() - startedMs);
      events.tell(
        'cowrie.log.closed',
        { ttylog: `tty/${name}`, size: text.length, shasum, duplicate: false, duration_ms: durationMs },
        `Closing TTY Log: tty/${name} after ${(durationMs / 1000).toFixed(1)} seconds`,
      );
    },
  };

  function add(kind: 'o' | 'i', chunk: Uint8Array): void {
    bytes += chunk.length;
    if (bytes > bytesMax || isClosed) return;
    lines.push(
      JSON.stringify([
        Number(((nowMs() - startedMs) / 1000).toFixed(6)),
        kind,
        decoders[kind].decode(chunk, { stream: true }),
      ]),
    );
  }
}
