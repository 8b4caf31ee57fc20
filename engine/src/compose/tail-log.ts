import type { TailTelemetry } from '../collect/tail-telemetry.ts';
import type { Log } from '../kit/log.ts';

/** What the tail tells, as sentences of the log. Warnings lose nothing; errors do. */
export function logTail(log: Pick<Log, 'info' | 'warn' | 'error'>): TailTelemetry {
  return {
    sourceAppeared: (told) => log.info(told, "Cowrie's log is there; reading it."),
    sourceVanished: (told) => log.warn(told, "Cowrie's log is gone; waiting for it to come back."),
    rotated: (told) => log.info(told, "Cowrie's log was rotated."),
    truncated: (told) => log.warn(told, "Cowrie's log was emptied; what was not read yet is looked for in its copy."),
    positionUnusable: (told) =>
      log.warn(
        told,
        'The stored position cannot be used; reading the log from its beginning. Nothing is stored twice.',
      ),
    positionFileGone: (told) =>
      log.warn(told, 'The file that was read last is gone; reading all that was written since.'),
    unreadable: (told) => log.warn(told, told.explanation),
    readableAgain: (told) => log.info(told, "Cowrie's log can be read again."),
    damaged: (told) => log.error(told, told.explanation),
  };
}
