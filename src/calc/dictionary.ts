/**
 * The names of the margin calculator: every input with its type, and the words that some inputs choose from. A name means the
 * same in every kind of request; which of them a kind needs is said in its own file. Output names are outputNames.ts.
 */

/** `positive` and `amount` (0 or more) are decimals with a bound; the lists hold what their name says. */
export type InputType =
  | 'decimal'
  | 'positive'
  | 'amount'
  | 'flag'
  | 'text'
  | 'time'
  | 'decimals'
  | 'fills'
  | 'tiers'
  | 'positions'
  | 'events';

export interface InputSpec {
  readonly type: InputType;
  /** What it is, units included; for help and documents. */
  readonly about: string;
  /** Words to choose from, for texts. */
  readonly words?: readonly string[];
}

const input = (type: InputType, about: string): InputSpec => ({ type, about });
const choice = (about: string, ...words: string[]): InputSpec => ({ type: 'text', about, words });

const BASIS = ['entry', 'mark'] as const;

const CONTRACT: Record<string, InputSpec> = {
  symbol: { type: 'text', about: 'name of the contract, for the reader' },
  contract_type: choice('type of the contract', 'inverse', 'linear', 'quanto', 'spot'),
  multiplier: input(
    'positive',
    'quote value of a contract (inverse), base units (linear), value of a price unit (quanto); 1',
  ),
  units_per_price: input(
    'positive',
    'ledger units that one contract is worth per unit of price, in place of the multiplier',
  ),
  tick_size: input('positive', 'price step'),
  min_qty: input('positive', 'lot whose value the BitMEX ledger rounds; 1'),
  rounding: choice('total: lots of 100; else the direction of rounded prices', 'total', 'floor', 'ceil', 'nearest'),
  quote_denominated: input('flag', 'value of an inverse contract in quote currency: contracts times multiplier'),
  price_conversion: input('positive', 'price of the settlement currency, by which amounts are multiplied'),
};

const POSITION: Record<string, InputSpec> = {
  side: choice('side of the position or of the order', 'long', 'short'),
  margin_mode: choice('margin mode', 'isolated', 'cross'),
  qty: input('positive', 'contracts, unsigned'),
  entry_price: input('positive', 'average entry price'),
  open_price: input('positive', 'average price of opening, where the venue resets the entry at settlements'),
  pnl_reference_price: input('positive', 'price that unrealized profit counts from, in place of the entry'),
  mark_price: input('positive', 'mark price'),
  exit_price: input('positive', 'average exit price'),
  price: input('positive', 'price of an order, of a fill, or that a value is taken at'),
  leverage: input('positive', 'leverage'),
  max_leverage: input('positive', 'highest leverage of the contract'),
  position_value: input('amount', 'value of the position'),
  notional: input('amount', 'value that a table of rates is asked with'),
  margin: input('amount', 'margin to spend'),
  other_positions: input(
    'positions',
    'further positions of the cross account; of the same symbol: the other side of a hedge',
  ),
};

const RATES: Record<string, InputSpec> = {
  init_rate: input('amount', 'initial margin rate, beside the leverage'),
  maint_rate: input('amount', 'maintenance margin rate'),
  maintenance_margin_rate: input('amount', 'maintenance margin rate'),
  maintenance_amount: input('decimal', 'cumulative amount deducted from the maintenance margin'),
  maint_divided_by_leverage: input(
    'flag',
    'refused when true: no venue divides the maintenance margin by the leverage',
  ),
  maintenance_base: choice('value that maintenance is charged on', ...BASIS),
  mm_base: choice('value that maintenance is charged on', ...BASIS),
  margin_base: choice('value that the initial margin is charged on', ...BASIS),
  liq_model: choice('value that maintenance is charged on at liquidation', ...BASIS),
  fee_rate: input('decimal', 'fee rate; negative is a rebate'),
  taker_fee_rate: input('decimal', 'taker fee rate'),
  close_fee_rate: input('decimal', 'closing fee rate that counts as maintenance'),
  fee_open_rate: input('decimal', 'fee rate of the opening fill'),
  fee_close_rate: input('decimal', 'fee rate of the closing fill'),
  close_fee_model: choice('value that the closing fee is charged on', 'bankruptcy', 'notional'),
  comm_model: choice(
    'value that the commission reserve is charged on',
    'bankruptcy_plus',
    'bankruptcy',
    'notional',
    'none',
  ),
  im_includes_fee: input('flag', 'the closing fee is part of the initial margin'),
  mm_includes_fee: input('flag', 'the closing fee is part of the maintenance margin'),
  tiers: input('tiers', 'table of rates by value: min_notional or up_to, maintenance_margin_rate, maintenance_amount'),
  base_risk_limit: input('amount', 'value up to which the base rates hold'),
  risk_step: input('positive', 'value of one risk step'),
  base_maintenance_rate: input('amount', 'maintenance rate at the base'),
  base_initial_rate: input('amount', 'initial rate at the base'),
  risk_limit: input('amount', 'risk limit, or value of the position'),
  bracket_floor: input('amount', 'lower bound of a bracket'),
  rate_n: input('amount', 'maintenance rate of a bracket'),
  rate_n_minus_1: input('amount', 'maintenance rate of the bracket below'),
  amount_n_minus_1: input('decimal', 'cumulative amount of the bracket below'),
};

const BALANCES: Record<string, InputSpec> = {
  margin_balance: input('decimal', 'collateral behind the position'),
  balance: input('decimal', 'wallet of the cross account'),
  wallet_balance: input('decimal', 'wallet'),
  order_margin: input('amount', 'margin of resting orders'),
  position_margin: input('decimal', 'margin of the isolated position'),
  extra_margin: input('decimal', 'margin added to the isolated position'),
  account_value: input('decimal', 'equity of the cross account'),
  maintenance_margin_used: input('decimal', 'maintenance margin of all cross positions, this one included'),
  raw_usd: input('decimal', 'collateral less what was paid for the position (Hyperliquid)'),
  reserve: input('decimals', 'margins reserved'),
  unrealized_pnl: input('decimal', 'unrealized profit'),
  fees_paid: input('decimal', 'fees already paid, not yet in the wallet'),
  wallet_before: input('decimal', 'wallet before the payment'),
  total_position_margin: input('decimal', 'margin of all positions'),
  bankruptcy_price: input('positive', 'bankruptcy price'),
  bankruptcy_price_used: input('positive', 'bankruptcy price that the closing fee is charged at'),
};

const LEDGER: Record<string, InputSpec> = {
  pos_cost: input('amount', 'entry value that margins are charged on'),
  unrealised_cost: input('amount', 'entry value that unrealized profit counts from'),
  pos_init: input('amount', 'initial margin of the position'),
  pos_comm: input('amount', 'commission reserve of the position'),
  pos_cross: input('decimal', 'margin added to the position'),
  pos_loss: input('decimal', 'losses and funding already paid from the margin'),
  pos_maint: input('amount', 'maintenance margin of the position'),
  adverse_funding_rate: input('amount', 'funding rate that the position will pay'),
};

const FLOWS: Record<string, InputSpec> = {
  fills: input('fills', '[qty, price] or [buy or sell, qty, price] for each fill'),
  funding_rate: input('decimal', 'funding rate; longs pay a positive one'),
  signed_fee_rate: input('decimal', 'funding rate signed for the trader: positive is paid'),
  funding_mark_price: input('positive', 'mark price at the funding'),
  quote_rate_per_day: input('decimal', 'interest of the quote currency per day'),
  base_rate_per_day: input('decimal', 'interest of the base currency per day'),
  funding_received: input('decimal', 'funding received so far; negative is paid'),
  time_in_ratio: input('amount', 'share of the funding interval that the position was held'),
  mark_prices: input('decimals', 'mark prices of a table of fundings'),
  funding_rates: input('decimals', 'rates of a table of fundings'),
  funding_events: input('events', 'time, mark_price, funding_rate of each funding'),
  time: input('time', 'time of a funding'),
  open_time: input('time', 'time of opening, UTC'),
  close_time: input('time', 'time of closing, UTC'),
  cutoff_seconds: input('amount', 'a position opened less than this after a funding still pays it'),
};

/** Fields that stand only inside a row of a table of rates. */
const TIER_FIELDS: Record<string, InputSpec> = {
  min_notional: input('amount', 'lower bound of the tier'),
  max_notional: input('amount', 'upper bound of the tier'),
  up_to: input('amount', 'upper bound of the tier'),
  initial_margin_rate: input('amount', 'initial margin rate of the tier'),
};

export const INPUTS: ReadonlyMap<string, InputSpec> = new Map(
  Object.entries({ ...CONTRACT, ...POSITION, ...RATES, ...BALANCES, ...LEDGER, ...FLOWS }),
);

const pick = (...names: string[]): ReadonlyMap<string, InputSpec> =>
  new Map(names.map((name) => [name, INPUTS.get(name) ?? TIER_FIELDS[name]!]));

/** Fields of the rows of lists that hold records. */
export const ROW_FIELDS: Readonly<Record<'tiers' | 'positions' | 'events', ReadonlyMap<string, InputSpec>>> = {
  tiers: pick(
    'min_notional',
    'max_notional',
    'up_to',
    'maintenance_margin_rate',
    'maintenance_amount',
    'initial_margin_rate',
    'max_leverage',
  ),
  positions: pick(
    'symbol',
    'contract_type',
    'multiplier',
    'side',
    'qty',
    'entry_price',
    'mark_price',
    'maintenance_margin_rate',
    'maintenance_amount',
  ),
  events: pick('time', 'mark_price', 'funding_rate'),
};
