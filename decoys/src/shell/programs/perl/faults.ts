import type { Scalar } from './values.ts';

/** What the program died of, on its way to an `eval`. */
export class PerlDied extends Error {
  readonly value: Scalar;
  constructor(value: Scalar) {
    super('died');
    this.value = value;
  }
}

/** The text is no Perl. `near` is what stood there. */
export class PerlSyntax extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** `exit`. */
export class PerlExit extends Error {
  readonly status: number;
  constructor(status: number) {
    super('exit');
    this.status = status;
  }
}

/** `next`, `last`, `redo` or `return`, on its way to the loop or function that it is for. */
export class PerlLeave extends Error {
  readonly how: 'next' | 'last' | 'redo' | 'return';
  readonly label: string | undefined;
  readonly values: Scalar[];
  constructor(how: PerlLeave['how'], label: string | undefined, values: Scalar[] = []) {
    super(how);
    this.how = how;
    this.label = label;
    this.values = values;
  }
}

/** The program took all that a line may take: a real machine would be busy, or have killed it. */
export class TooMuch extends Error {}
