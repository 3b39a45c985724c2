/**
 * What a strategy may ask of a position that is held, worked out when it is asked: a snapshot of position, collateral and marks, so
 * that the answer is of the moment of the call whenever it is read. Most strategies read the quantity only.
 */

import { computeCommissionReserve, computeCrossInitial, computeUnrealizedPnl } from '../account/margin.js';
import { computeEntryPrice, type Position } from '../account/position.js';
import type { MarkOf, RiskGroup } from '../account/riskGroup.js';
import type { Contract } from '../contract/contract.js';
import { type Fraction, fractionToF64 } from '../money/decimal.js';
import type { VenueRules } from '../venue/rules.js';
import { shownLiquidationPrice } from './accountRows.js';
import type { AccountRuntime } from './accountRuntime.js';
import type { Moment } from './moment.js';

export class HeldPosition {
  readonly contract: Contract;
  /** As it was; the account's own goes on. */
  readonly #position: Position;
  /** Null for a spot holding, which nothing liquidates. */
  readonly #group: RiskGroup | null;
  readonly #rules: VenueRules;
  readonly #takerFee: Fraction;
  readonly #marks = new Map<Contract, Fraction>();
  #liquidationPrice: number | null | undefined;

  constructor({ account, symbols }: AccountRuntime, position: Position, moment: Moment) {
    const { contract } = position;
    this.contract = contract;
    this.#rules = account.rules;
    this.#takerFee = account.takerFee(contract);
    this.#position = { ...position };
    if (contract.type === 'spot') {
      this.#group = null;
      this.#marks.set(contract, moment.last(symbols.placeOf(contract)));
      return;
    }
    const group = account.riskGroupOf(position);
    const members = group.members.map((member) => {
      const { contract: each } = member.position;
      if (!this.#marks.has(each)) this.#marks.set(each, moment.mark(symbols.placeOf(each)));
      return { ...member, position: member.position === position ? this.#position : { ...member.position } };
    });
    this.#group = { ...group, members };
  }

  readonly #markOf: MarkOf = (contract) => this.#marks.get(contract)!;

  /** Signed quantity units. */
  get qty(): bigint {
    return this.#position.qty;
  }

  /** Average; NaN when flat. */
  get entryPrice(): number {
    const entry = computeEntryPrice(this.#position);
    return entry === null ? Number.NaN : fractionToF64(entry);
  }

  /** In settlement units, rounded as rows show it. */
  get unrealizedPnl(): bigint {
    return computeUnrealizedPnl(this.#rules, this.#position, this.#markOf(this.contract));
  }

  /** Assigned or required, with the commission reserve; settlement units. */
  get margin(): bigint {
    const position = this.#position;
    if (this.#group === null) return 0n;
    const isIsolated = position.mode === 'isolated';
    const own = isIsolated ? position.margin : computeCrossInitial(this.#rules, position, this.#markOf(this.contract));
    return own + computeCommissionReserve(this.#rules, position, this.#takerFee);
  }

  get liquidationPrice(): number | null {
    if (this.#liquidationPrice === undefined) {
      const price = this.#group === null ? null : shownLiquidationPrice(this.#group, this.#position, this.#markOf);
      this.#liquidationPrice = price === null ? null : fractionToF64(price);
    }
    return this.#liquidationPrice;
  }
}
