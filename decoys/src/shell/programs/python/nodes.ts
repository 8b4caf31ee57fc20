import type { Value } from './values.ts';

/** A piece of an f-string: text, or a value with how it is shown. */
export type TextPart =
  | string
  | { readonly value: Expression; readonly shown: '' | 'r' | 's'; readonly form: TextPart[] };

export interface Parameter {
  readonly name: string;
  readonly star: 0 | 1 | 2;
  readonly otherwise?: Expression;
}

export interface Argument {
  readonly value: Expression;
  readonly name?: string;
  readonly star: 0 | 1 | 2;
}

export interface Clause {
  readonly target: Expression;
  readonly source: Expression;
  readonly tests: readonly Expression[];
}

export type Expression =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'text'; readonly parts: readonly TextPart[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly items: readonly (readonly [Expression | null, Expression])[] }
  | { readonly kind: 'unary'; readonly sign: string; readonly of: Expression }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'compare'; readonly first: Expression; readonly rest: readonly (readonly [string, Expression])[] }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'if'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression }
  | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly body: Expression }
  | { readonly kind: 'call'; readonly of: Expression; readonly args: readonly Argument[] }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly at: Expression }
  | { readonly kind: 'slice'; readonly parts: readonly (Expression | undefined)[] }
  | { readonly kind: 'star'; readonly of: Expression }
  | { readonly kind: 'named'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'yield'; readonly value: Expression; readonly isFrom: boolean }
  | {
      readonly kind: 'comprehension';
      readonly form: 'list' | 'set' | 'dict' | 'generator';
      readonly key?: Expression;
      readonly value: Expression;
      readonly clauses: readonly Clause[];
    };

export interface Handler {
  readonly type?: Expression;
  readonly name?: string;
  readonly body: readonly Statement[];
}

export interface Definition {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly isGenerator: boolean;
}

export type Statement = { readonly line: number } & (
  | { readonly kind: 'expression'; readonly value: Expression }
  | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression }
  | { readonly kind: 'change'; readonly target: Expression; readonly sign: string; readonly value: Expression }
  | { readonly kind: 'import'; readonly names: readonly { readonly path: string; readonly as?: string }[] }
  | {
      readonly kind: 'from';
      readonly path: string;
      readonly names: readonly { readonly name: string; readonly as: string }[];
    }
  | {
      readonly kind: 'if';
      readonly test: Expression;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | {
      readonly kind: 'while';
      readonly test: Expression;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | {
      readonly kind: 'for';
      readonly target: Expression;
      readonly source: Expression;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'def'; readonly definition: Definition; readonly decorators: readonly Expression[] }
  | {
      readonly kind: 'class';
      readonly name: string;
      readonly bases: readonly Expression[];
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'return'; readonly value?: Expression }
  | { readonly kind: 'raise'; readonly value?: Expression }
  | {
      readonly kind: 'try';
      readonly body: readonly Statement[];
      readonly handlers: readonly Handler[];
      readonly otherwise: readonly Statement[];
      readonly last: readonly Statement[];
    }
  | {
      readonly kind: 'with';
      readonly items: readonly { readonly value: Expression; readonly target?: Expression }[];
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'global'; readonly names: readonly string[] }
  | { readonly kind: 'del'; readonly targets: readonly Expression[] }
  | { readonly kind: 'assert'; readonly test: Expression; readonly message?: Expression }
  | { readonly kind: 'break' | 'continue' | 'pass' }
);
