import { InsertTrapParameters } from '@cerberusmesh/contract/insert-trap';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { orderFieldsOf, parametersOf } from './order-fields.ts';

const trap = orderFieldsOf(z.toJSONSchema(InsertTrapParameters, { io: 'input' }), { sensor: 'web-1', minutes: 60 });

describe("the fields of an order's form", () => {
  it('are those that the action declares, each with the input that fits it', () => {
    const kinds = Object.fromEntries(trap.map(({ name, input, required }) => [name, [input.kind, required]]));
    expect(kinds).toMatchObject({
      sensor: ['text', true],
      adaptations: ['many', true],
      address: ['text', false],
      minutes: ['number', false],
    });
    expect(trap.find(({ name }) => name === 'sensor')?.usual).toBe('for example web-1');
  });

  it('give the API what it takes, and nothing for what was left empty', () => {
    const said = new FormData();
    said.set('sensor', ' decoy ');
    said.append('adaptations', 'AWS_CREDENTIALS');
    said.append('adaptations', 'SSH_KEYS');
    said.set('address', '');
    said.set('minutes', '30');
    const parameters = parametersOf(trap, said);
    expect(parameters).toEqual({ sensor: 'decoy', adaptations: ['AWS_CREDENTIALS', 'SSH_KEYS'], minutes: 30 });
    expect(InsertTrapParameters.safeParse(parameters).success).toBe(true);
  });

  it('are none where the declaration is of no form that is known, and what is an object is asked for as JSON', () => {
    expect([orderFieldsOf(undefined, {}), orderFieldsOf({ properties: null }, {})]).toEqual([[], []]);
    const fields = orderFieldsOf({ properties: { with: { type: 'object', default: {} } } }, {});
    const said = new FormData();
    said.set('with', '{"text":"look"}');
    expect(parametersOf(fields, said)).toEqual({ with: { text: 'look' } });
    said.set('with', '{');
    expect(() => parametersOf(fields, said)).toThrow(SyntaxError);
  });
});
