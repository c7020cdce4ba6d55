/**
 * Makes `console.log` show what `toString()` returns, in Node, Deno and Bun. A separate class, because bundlers keep every class
 * with a computed name, used or not, and everything it refers to.
 */
export abstract class Printable {
  abstract toString(): string

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}
