/**
 * What `console.log` shows as its `toString()` tells, in Node, Deno and Bun. A class of its own: bundlers keep every class
 * with a computed name, used or not, and all that it names.
 */
export abstract class Printable {
  abstract toString(): string

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}
