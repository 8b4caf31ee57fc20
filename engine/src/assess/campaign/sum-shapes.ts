import type { ShapeDelta } from '@cerberusmesh/contract/campaign';
import type { FoldInput } from './fold-batch.ts';

/** One session may not fill the table with what it made up. */
const statementsPerSessionMax = 128;

/** What a batch of sessions adds to the shapes that are known: of each statement, and of the session as a whole. */
export function sumShapes(inputs: readonly FoldInput[]): ShapeDelta[] {
  const deltas = new Map<string, ShapeDelta>();
  for (const { session, digest } of inputs) {
    const { shape } = digest;
    if (shape === undefined) continue;
    const { id, text, signature, statements } = shape;
    add({ id, kind: 'session', shape: text, statements: statements.size, signature }, session);
    for (const [statementId, statement] of [...statements].slice(0, statementsPerSessionMax)) {
      add({ id: statementId, kind: 'statement', shape: statement, statements: null, signature: null }, session);
    }
  }
  return [...deltas.values()];

  function add(
    shape: Pick<ShapeDelta, 'id' | 'kind' | 'shape' | 'statements' | 'signature'>,
    { id: firstSession, startedAt, lastEventAt, sensor }: FoldInput['session'],
  ): void {
    const delta = deltas.get(shape.id) ?? {
      ...shape,
      firstSeen: startedAt,
      lastSeen: lastEventAt,
      firstSession,
      sessions: 0,
      sensors: new Set<string>(),
    };
    deltas.set(shape.id, delta);
    if (startedAt < delta.firstSeen) {
      delta.firstSeen = startedAt;
      delta.firstSession = firstSession;
    }
    if (lastEventAt > delta.lastSeen) delta.lastSeen = lastEventAt;
    delta.sessions++;
    delta.sensors.add(sensor);
  }
}
