import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { logTail } from '../compose/tail-log.ts';
import { systemClock } from '../kit/clock.ts';
import { createLog, type LogOptions } from '../kit/log.ts';
import { onStopSignals } from '../kit/stop-signals.ts';
import { readEnrolment } from '../sensor/enrolment.ts';
import { runSensor, type SensorOptions } from '../sensor/run-sensor.ts';

/** What a sensor needs of its configuration; no secrets, for it is handed over in the environment. */
export interface SmallSensorSettings extends Pick<SensorOptions, 'logPath' | 'cowrie' | 'spoolBytesMax' | 'version'> {
  readonly stateDir: string;
  readonly log: Pick<LogOptions, 'level'> & { readonly file: string };
  /** Of the launcher that an older Node needs, with which the sensor ends; null without one. */
  readonly launcherPid: number | null;
}

/**
 * `cerberus sensor` once its configuration is read, until Ctrl-C or SIGTERM. Whatever this file imports stays in the sensor's
 * memory: no command line, no configuration. @returns the exit code
 */
export async function runSmallSensor(
  settings: SmallSensorSettings,
  stdout: Writable = process.stdout,
): Promise<number> {
  const { stateDir, logPath, cowrie, spoolBytesMax, version } = settings;
  const enrolment = readEnrolment(stateDir);
  const isTerminal = 'isTTY' in stdout && stdout.isTTY === true;
  const { log, close } = createLog({ ...settings.log, stdout, isTerminal, dataDir: stateDir });
  const stopping = new AbortController();
  const listenNoLonger = onStopSignals({
    source: process,
    clock: systemClock,
    stop: () => stopping.abort(),
    hurry: () => process.exit(1),
  });
  if (settings.launcherPid !== null) endWith(settings.launcherPid);
  log.info({ sensor: enrolment.sensor, hub: enrolment.hub, log: logPath }, 'The sensor is up.');
  try {
    await runSensor({
      ...{ enrolment, logPath, cowrie, spoolBytesMax, version, log, clock: systemClock, signal: stopping.signal },
      spoolDir: join(stateDir, 'spool'),
      telemetry: logTail(log),
    });
    return 0;
  } finally {
    listenNoLonger();
    close();
  }
}

/** One that was killed outright cannot say so; but then this process has another parent. */
function endWith(launcherPid: number): void {
  const looking = setInterval(() => {
    if (process.ppid !== launcherPid) process.kill(process.pid, 'SIGTERM');
  }, 1000);
  looking.unref();
}
