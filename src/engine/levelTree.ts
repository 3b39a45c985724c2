/**
 * The levels of many accounts on one series of prices, as a tree of the nearest: whether any is reached is one comparison, a change
 * costs the logarithm of the accounts, and those that are reached are found without looking at the others. Float64; accounts are
 * numbers.
 */

/** Levels that fire when prices fall to them (the highest is the nearest) or rise to them (the lowest is). */
export class LevelTree {
  readonly #sign: 1 | -1;
  readonly #leaves: number;
  /** Signed, so that the highest is the nearest whichever way: node i has the children 2i and 2i + 1. */
  readonly #nodes: Float64Array;

  constructor(accounts: number, firesOn: 'fall' | 'rise') {
    this.#sign = firesOn === 'fall' ? 1 : -1;
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, accounts)));
    this.#nodes = new Float64Array(2 * this.#leaves).fill(Number.NEGATIVE_INFINITY);
  }

  /** Whether a price reaches any level: the low of a bar for falls, the high for rises. */
  isReached(price: number): boolean {
    return price * this.#sign <= this.#nodes[1]!;
  }

  isReachedBy(account: number, price: number): boolean {
    return price * this.#sign <= this.#nodes[this.#leaves + account]!;
  }

  clear(account: number): void {
    this.#set(account, Number.NEGATIVE_INFINITY);
  }

  /** Adds a level of an account: the nearest of its levels counts. */
  add(account: number, level: number): void {
    const signed = level * this.#sign;
    if (signed > this.#nodes[this.#leaves + account]!) this.#set(account, signed);
  }

  #set(account: number, signed: number): void {
    const nodes = this.#nodes;
    let node = this.#leaves + account;
    nodes[node] = signed;
    for (node >>= 1; node > 0; node >>= 1) {
      const best = Math.max(nodes[2 * node]!, nodes[2 * node + 1]!);
      if (nodes[node] === best) return;
      nodes[node] = best;
    }
  }

  /** Tells the accounts whose levels a price reaches, ascending. */
  eachReached(price: number, tell: (account: number) => void): void {
    this.#visit(1, price * this.#sign, tell);
  }

  #visit(node: number, signed: number, tell: (account: number) => void): void {
    if (!(signed <= this.#nodes[node]!)) return;
    if (node >= this.#leaves) {
      tell(node - this.#leaves);
      return;
    }
    this.#visit(2 * node, signed, tell);
    this.#visit(2 * node + 1, signed, tell);
  }
}
