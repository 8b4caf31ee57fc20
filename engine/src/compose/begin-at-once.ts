import type { Oversight } from '../serve/routes/approvals.ts';

/** What a person agreed to is begun now and not at the next look for work: `wake` has whoever carries it out look. */
export function beginAtOnce(desk: Oversight, wake: () => void): Oversight {
  return {
    ...desk,
    async answer(...said) {
      const outcome = await desk.answer(...said);
      if (outcome.kind === 'answered') wake();
      return outcome;
    },
  };
}
