import { expect, it } from 'vitest';
import { actionDeclarations } from '../compose/action-declarations.ts';
import { describeAction } from '../serve/routes/actions.ts';
import { tellParameters } from './tell-parameters.ts';

it('what an action takes is told in words: bounds, choices, what is needed and what holds without it', () => {
  const told = actionDeclarations.flatMap((one) => tellParameters(describeAction(one).parameters)).join('\n');
  expect(told).toContain('  minutes: a number from 1 to 43200; 1440 without it');
  expect(told).toContain('  address: text (ipv4) or text (ipv6)');
  expect(told).toContain(
    '  driver: one of cowrie, container, ec2, decoy. Without it the one of CERBERUS_LAUNCH_DRIVER',
  );
  expect(told).toMatch(/ {2}adaptations: a list, each one of BANNER_CHANGE, .*, needed/);
  expect(told).toContain('Takes no parameters.');
  expect(told).not.toMatch(/\(\?:|pattern|undefined/);
});
