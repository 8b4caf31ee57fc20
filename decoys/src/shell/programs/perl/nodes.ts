/** What a Perl program is read into. A node that names an array or a hash stands for the container where one is asked for. */
export type Node =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** A text in double quotes: its parts, one behind the other. */
  | { readonly kind: 'joined'; readonly parts: readonly Node[] }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'scalar' | 'array' | 'hash' | 'code' | 'glob'; readonly name: string }
  | { readonly kind: 'my'; readonly how: 'my' | 'our' | 'local'; readonly target: Node }
  | { readonly kind: 'deref'; readonly sigil: Sigil; readonly of: Node }
  | { readonly kind: 'element' | 'member'; readonly of: Node; readonly at: Node }
  /** Several of an array's elements or of a hash's values, as a list. */
  | { readonly kind: 'slice'; readonly of: Node; readonly at: Node }
  | { readonly kind: 'list-slice'; readonly of: Node; readonly at: Node }
  | { readonly kind: 'last-index'; readonly of: Node }
  | { readonly kind: 'new-array' | 'new-hash'; readonly items: readonly Node[] }
  | { readonly kind: 'sub'; readonly name: string | undefined; readonly body: readonly Statement[] }
  | { readonly kind: 'do' | 'eval-block'; readonly body: readonly Statement[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[]; readonly isAmpersand: boolean }
  | { readonly kind: 'call-code'; readonly code: Node; readonly args: readonly Node[] }
  | { readonly kind: 'method'; readonly of: Node; readonly name: string | Node; readonly args: readonly Node[] }
  | { readonly kind: 'built-in'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'print'; readonly name: string; readonly handle: Node | undefined; readonly args: readonly Node[] }
  /** `map`, `grep` and `sort`, with what they do for each. */
  | { readonly kind: 'each'; readonly name: string; readonly work: Node | undefined; readonly args: readonly Node[] }
  | { readonly kind: 'unary' | 'postfix'; readonly operator: string; readonly of: Node }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: 'assign'; readonly operator: string; readonly to: Node; readonly value: Node }
  | { readonly kind: 'choice'; readonly test: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: 'match'; readonly on: Node | undefined; readonly pattern: Node; readonly flags: string }
  | {
      readonly kind: 'substitute';
      readonly on: Node | undefined;
      readonly pattern: Node;
      readonly by: Node;
      readonly flags: string;
    }
  | {
      readonly kind: 'transliterate';
      readonly on: Node | undefined;
      readonly from: string;
      readonly to: string;
      readonly flags: string;
    }
  | { readonly kind: 'regex'; readonly pattern: Node; readonly flags: string }
  | { readonly kind: 'read-line'; readonly handle: Node | undefined }
  | { readonly kind: 'command'; readonly text: Node }
  | { readonly kind: 'file-test'; readonly test: string; readonly of: Node }
  | {
      readonly kind: 'leave';
      readonly how: 'next' | 'last' | 'redo' | 'return';
      readonly what: Node | string | undefined;
    };

export type Sigil = '$' | '@' | '%' | '&';

export type Statement = { readonly line: number } & (
  | { readonly kind: 'expression'; readonly of: Node }
  | { readonly kind: 'if'; readonly arms: readonly Arm[]; readonly otherwise: readonly Statement[] | undefined }
  | {
      readonly kind: 'while';
      readonly label: string | undefined;
      readonly test: Node | undefined;
      readonly isUntil: boolean;
      /** The body comes before the first test: `do { } while`. */
      readonly isAfter: boolean;
      readonly step: Node | undefined;
      readonly body: readonly Statement[];
      readonly first: Node | undefined;
    }
  | {
      readonly kind: 'foreach';
      readonly label: string | undefined;
      readonly variable: string;
      readonly isMy: boolean;
      readonly list: Node;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'block'; readonly label: string | undefined; readonly body: readonly Statement[] }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'use'; readonly module: string; readonly args: Node | undefined }
  | { readonly kind: 'define'; readonly name: string; readonly body: readonly Statement[] }
  | { readonly kind: 'end'; readonly body: readonly Statement[] }
);

export interface Arm {
  readonly test: Node;
  readonly body: readonly Statement[];
}
