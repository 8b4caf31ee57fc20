import { expect, it } from 'vitest';
import { countTests, describeCounts } from './test-report.mjs';

it('passed, failed and skipped tests are counted', () => {
  const report = aReport({ numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 });
  expect(describeCounts(countTests(report, false))).toBe('7 passed, 2 failed, 2 skipped');
});

it('skipped tests are left out when there are none', () => {
  expect(describeCounts(countTests(aReport({ numPassedTests: 7 }), true))).toBe('7 passed, 0 failed');
});

it.each([
  ['a file that cannot be loaded', aReport({ testResults: [{ status: 'failed', assertionResults: [] }] })],
  ['an error outside of all tests', aReport({ numPassedTests: 3 })],
  ['a run that ended without a report', undefined],
])('%s is a failure', (_, report) => {
  expect(countTests(report, false).failed).toBe(1);
});

it('a file is not counted again beside its failed tests', () => {
  const testResults = [{ status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'failed' }] }];
  expect(countTests(aReport({ numFailedTests: 2, testResults }), false).failed).toBe(2);
});

function aReport(given: object): object {
  return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...given };
}
