/**
 * The names that columns of candles go by, in the languages and manners of exchanges and programs, and the layout they make. Names
 * are compared without case, accents and anything that is no letter or digit. A column whose name stands twice is not used.
 */

import { type BarLayout, findColumn } from './layout.js';

/** Names as normalizeName leaves them. */
function words(text: string): readonly string[] {
  return text.trim().split(/\s+/).map(normalizeName);
}

/** Of several that a file has, the first is taken. */
const TIME_NAMES = words(`
  timestamp timeperiodstart opentime opentimestamp timeopen starttime startat start openat candlebegintime
  begintime begin periodstart windowstart bucket klineopentime candletime unixtimestamp unixtime unix
  epoch ts time datetime dateutc timeutc datetimeutc timestamputc gmttime utctime utc localtime
  timestampms opentimems date dateandtime t day data fecha datum tarih tanggal ngay дата 日期 时间 日付 日付け 날짜
  indexlevel0`);
const OPEN_NAMES = words(`
  open o openprice priceopen openingprice opening abertura apertura abert ouverture ouv eroffnung eroffn
  eroffnungskurs otwarcie acılıs pembukaan mo откр открытие ценаоткр 开盘 开盘价 始値 시가`);
const HIGH_NAMES = words(`
  high h highprice pricehigh max maxima maximo massimo plushaut haut hoch hochst hochstkurs maks najwyzszy
  yuksek tertinggi cao макс максимум 最高 最高价 高 高値 고가`);
const LOW_NAMES = words(`
  low l lowprice pricelow min minima minimo minimum plusbas bas tief tiefst tiefstkurs najnizszy dusuk
  terendah thap мин минимум 最低 最低价 低 安値 저가`);
const CLOSE_NAMES = words(`
  close c closeprice priceclose closingprice closelast price last lastprice ultimo cierre fechamento
  chiusura dernier cloture zuletzt schluss schlusskurs ostatnio zamkniecie simdi kapanıs terakhir lancuoi
  цена закрытие 收盘 收盘价 終値 종가`);
const VOLUME_NAMES = words(`
  volume vol v basevolume volumebase basevol volumetraded realvolume volumen obem объем hac hacim wol
  wolumen 成交量 交易量 出来高 거래량 tickvolume tickvol size qty`);
const SYMBOL_NAMES = ['symbol'];
const CONFIRM_NAMES = words(`
  confirm confirmed isconfirmed isclosed iscomplete complete isfinal final`);
const KEY_NAMES = words(`
  exchange venue marketid contract contracttype pair ticker instid instrument instrumentname
  instrumentid productid crypto coin period`);
/** Ends of volume names that tell money or a count of money. */
const IN_MONEY =
  /(usd[tc]?|busd|fdusd|dai|eur|gbp|jpy|krw|try|brl|aud|cad|currency|ccy|ccyquote|quote|quoteccy|turnover|quotevol(ume)?)$/;
/** Ends of names that only look like a volume. */
const NO_VOLUME = /(ma|sma|ema|weighted|change|delta|profile|imbalance|osc|oscillator|rate|pct|percent|atility)$/;

/** A name without case, accents and everything that is no letter or digit. */
export function normalizeName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Cells of a header without case, accents and signs. */
export function normalizeHeader(header: readonly string[]): string[] {
  return header.map(normalizeName);
}

/** The traded volume: one of the usual names, else the first that names a coin, as `Volume BTC` does, else one in money. */
function findVolume(names: readonly string[]): number {
  const usual = findColumn(names, VOLUME_NAMES);
  if (usual >= 0) return usual;
  const volumes = names.map(
    (name) => /^(vol|volume|quotevol|quotevolume|turnover)/.test(name) && !NO_VOLUME.test(name),
  );
  const inCoins = names.findIndex((name, i) => volumes[i] && !IN_MONEY.test(name));
  return inCoins >= 0 ? inCoins : volumes.indexOf(true);
}

/** What must be said of the volume: null where it is the column called so. */
export function explainVolume(layout: BarLayout): string | null {
  const name = layout.header[layout.volume];
  if (name === undefined || ['volume', 'vol', 'v'].includes(normalizeName(name))) return null;
  return `the volume is the column ${name.trim()}`;
}

/** Places of the volume in coins and of the one in money, where a file has both; −1 where it does not. */
export function pairOfVolumes(layout: BarLayout): readonly [number, number] {
  const names = normalizeHeader(layout.header);
  const money = names.findIndex((name, at) => /^volume./.test(name) && IN_MONEY.test(name) && at !== layout.volume);
  return money >= 0 && /^volume./.test(names[layout.volume] ?? '') ? [layout.volume, money] : [-1, -1];
}

/** The layout that the names make; undefined when a time or a price is missing. */
export function layoutOfNames(header: readonly string[]): BarLayout | undefined {
  const names = normalizeHeader(header);
  const time = findColumn(names, TIME_NAMES);
  // A day and a time of day in two columns, as in <DATE> <TIME>.
  const isSplit = names.indexOf('date') >= 0 && names.indexOf('time') === names.indexOf('date') + 1;
  const layout: BarLayout = {
    header,
    time: isSplit ? names.indexOf('date') : time,
    clock: isSplit ? names.indexOf('time') : -1,
    open: findColumn(names, OPEN_NAMES),
    high: findColumn(names, HIGH_NAMES),
    low: findColumn(names, LOW_NAMES),
    close: findColumn(names, CLOSE_NAMES),
    volume: findVolume(names),
    symbol: findColumn(names, SYMBOL_NAMES),
    confirm: findColumn(names, CONFIRM_NAMES),
    keys: KEY_NAMES.map((name) => names.indexOf(name)).filter((at) => at >= 0),
    skipsEmpty: false,
  };
  const required = [layout.time, layout.open, layout.high, layout.low, layout.close];
  return required.some((at) => at < 0) ? undefined : layout;
}
