import type { Assessment } from '@cerberusmesh/contract/assessment';
import type { Severity } from '@cerberusmesh/contract/severity';

const threatOf = { LOW: 0.1, MEDIUM: 0.5, HIGH: 0.9 } as const;

/** A person's word stands above any model's, today's and tomorrow's; everything else stays as the model told. */
export function corrected(assessment: Assessment | null, severity: Severity | null): Assessment | null {
  if (assessment === null || severity === null) return assessment;
  if (assessment.severity === severity) return { ...assessment, confidence: 1 };
  const why = `${severity} by a person's word; before that ${assessment.why}`.slice(0, 400);
  return { ...assessment, severity, threatScore: threatOf[severity], confidence: 1, why };
}
