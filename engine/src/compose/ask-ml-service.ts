import type { AssessAhead } from '@cerberusmesh/contract/between-stages';
import { createAssessAhead } from '../assess/remote/assess-ahead.ts';
import { createMlClient } from '../assess/remote/ml-client.ts';
import type { Config } from '../config.ts';
import { createCircuitBreaker } from '../kit/circuit-breaker.ts';
import type { Clock } from '../kit/clock.ts';

export interface AskedService {
  readonly assessAhead: AssessAhead;
  isAway(): boolean;
  /** Pings a service that is away until it is back. */
  run(signal: AbortSignal): Promise<void>;
}

/** `cerberus ml` at ML_SERVICE_URL; undefined where none is named, and events are assessed in this process. */
export function askMlService(options: {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: { warn(fields: object, sentence: string): unknown; info(fields: object, sentence: string): unknown };
  readonly onBack: () => void;
}): AskedService | undefined {
  const { config, clock, log, onBack } = options;
  const url = config.ml.serviceUrl;
  if (url === null) return undefined;
  const client = createMlClient({
    url,
    token: config.ml.token?.reveal(),
    timeoutMs: config.ml.timeoutSeconds * 1000,
  });
  const breaker = createCircuitBreaker({
    ping: client.ping,
    opened: () => undefined,
    closed() {
      log.info({ url }, 'The ML service is back.');
      onBack();
    },
    clock,
    backoff: { firstMs: 500, maxMs: 4000 },
  });
  const assessAhead = createAssessAhead({
    client,
    breaker,
    onFailure: (error, events) =>
      log.warn({ err: error, url, events }, 'The ML service gave no answer; events are stored and analysed later.'),
  });
  return { assessAhead, isAway: breaker.isOpen, run: breaker.run };
}
