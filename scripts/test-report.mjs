/**
 * Counts of vitest's JSON report. A file that could not be loaded, or a run that failed without a failed test (an error
 * outside of all tests, no report at all), counts as one failure: a failure must never read `0 failed`.
 */
export function countTests(report, isRunDone) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: failed === 0 && !isRunDone ? 1 : failed, skipped };
}

/** `12 passed, 0 failed`, with `, 1 skipped` where some were. */
export function describeCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
