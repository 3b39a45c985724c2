/**
 * A contract_info entry in its written form, the classic table's fields and the optional ones. Type only: merging, checking
 * and compiling are contractInfo.ts.
 */

/** An entry as written. Numbers may be JSON numbers, taken by their shortest text, or strings. */
export interface ContractEntry {
  type?: string;
  multiplier?: string | number;
  quote_currency?: string;
  settle_currency?: string;
  initial_margin?: string | number;
  maintenance_margin?: string | number;
  min_qty?: string | number;
  tick_size?: string | number;
  fund_time?: Readonly<Record<string, string>> | readonly string[];
  max_leverage?: string | number;
  taker_fee?: string | number;
  maker_fee?: string | number;
  risk_limit?: { readonly base: string | number; readonly step: string | number };
  settle_decimals?: number;
  qty_step?: string | number;
}
