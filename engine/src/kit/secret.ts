import { inspect } from 'node:util';

const hidden = '[secret]';

/** A value that cannot be printed by accident: whoever needs it says `reveal()`, and that word can be searched for. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}
