/**
 * Ways to write candles, each by its rule: headers under other names and in other languages, files without a header, delimiters,
 * decimal commas, dates, lines before the header. Every table holds the same three bars, so that what differs is the writing.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { barsOf, folder, open, type Settings } from '../fixtures/candleFiles.js';

/** The three bars, by the hour from 2023-03-14 00:00. */
const BARS = ['00:00 100.5 103 99.5 102 7', '01:00 102 104.5 101 101.5 8', '02:00 101.5 101.5 98 99 9'];
const HOURS = [0, 1, 2];
const MS = (hour: number): number => Date.UTC(2023, 2, 14, hour);
const PRICES = BARS.map((bar) => bar.split(' ').slice(1));

interface Written {
  readonly series: Awaited<ReturnType<typeof open>>;
  readonly bars: readonly string[];
}

async function readText(text: string, settings: Settings = {}, name = 'file.csv'): Promise<Written> {
  const path = join(folder, name);
  writeFileSync(path, text);
  const series = await open(path, settings);
  return { series, bars: await barsOf(series) };
}

/** A row by a template: `T` is the time, `O H L C V` the numbers. */
function rowsBy(template: string, time: (hour: number) => string, number = (text: string): string => text): string {
  return HOURS.map((hour) =>
    template.replace(/(?<![A-Za-z])[TOHLCV](?![A-Za-z])/g, (mark) =>
      mark === 'T' ? time(hour) : number(PRICES[hour]!['OHLCV'.indexOf(mark)]!),
    ),
  ).join('\n');
}

const two = (n: number): string => String(n).padStart(2, '0');
const ms = (hour: number): string => String(MS(hour));
const seconds = (hour: number): string => String(MS(hour) / 1000);

describe('headers', () => {
  test.each([
    [
      'binance',
      'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore',
      'T,O,H,L,C,V,1,1,1,1,1,0',
    ],
    [
      'binance',
      'Open time,Open,High,Low,Close,Volume,Close time,Quote asset volume,Number of trades,Taker buy base asset volume,Taker buy quote asset volume,Ignore',
      'T,O,H,L,C,V,1,1,1,1,1,0',
    ],
    ['bybit', 'startTime,open,high,low,close,volume,turnover', 'T,O,H,L,C,V,1'],
    ['bybit', 'start_at,symbol,period,open,high,low,close,volume', 'T,XBTUSD,60,O,H,L,C,V'],
    [
      'okx',
      'instrument_name,open,high,low,close,vol,vol_ccy,vol_quote,open_time,confirm',
      'XBT-USD-SWAP,O,H,L,C,V,1,1,T,1',
    ],
    ['bitget', 'ts,open,high,low,close,baseVol,usdtVol', 'T,O,H,L,C,V,1'],
    ['kraken', 'time,open,high,low,close,vwap,volume,count', 'T,O,H,L,C,1,V,1'],
    ['coinbase', 'time,low,high,open,close,volume', 'T,L,H,O,C,V'],
    ['cryptodatadownload', 'unix,date,symbol,open,high,low,close,Volume XBT,Volume USD', 'T,2023,XBT/USD,O,H,L,C,V,1'],
    ['tradingview', 'time,open,high,low,close,MA,MA,Volume,Volume MA', 'T,O,H,L,C,1,2,V,4'],
    ['yahoo', 'Date,Open,High,Low,Close,Adj Close,Volume', 'T,O,H,L,C,1,V'],
    ['coinmarketcap', 'open;high;low;close;volume;marketCap;timestamp', 'O;H;L;C;V;1;"T"'],
    ['kaggle', 'Timestamp,Open,High,Low,Close,Volume_(BTC),Volume_(Currency),Weighted_Price', 'T,O,H,L,C,V,1,1'],
    ['plain', 'Gmt time,Open,High,Low,Close,Volume', 'T,O,H,L,C,V'],
    ['plain', 'ticker,volume,open,close,high,low,window_start,transactions', 'X:BTCUSD,V,O,C,H,L,T,1'],
    [
      'plain',
      'time_period_start,time_period_end,time_open,time_close,price_open,price_high,price_low,price_close,volume_traded,trades_count',
      'T,1,1,1,O,H,L,C,V,1',
    ],
    ['plain', 'Datum,Eröffnung,Hoch,Tief,Schlusskurs,Volumen', 'T,O,H,L,C,V'],
    ['plain', '日期,开盘,最高,最低,收盘,成交量', 'T,O,H,L,C,V'],
    ['plain', ',date,open,high,low,close,volume', '0,T,O,H,L,C,V'],
    ['plain', 'Volume;CLOSE ; low;HIGH;Open;Date', 'V;C;L;H;O;T'],
  ])('when the file is of %s with the columns %s then the bars are found', async (dialect, header, row) => {
    const { series, bars } = await readText(`${header}\n${rowsBy(row, ms)}\n`);
    expect([series.dialect, bars, series.intervalMs]).toEqual([dialect, BARS, 3_600_000]);
  });

  test.each([
    ['"Date","Price","Open","High","Low","Vol.","Change %"', '"T","C","O","H","L","V","1%"'],
    ['"Datum","Zuletzt","Eröffn.","Hoch","Tief","Vol.","+/- %"', '"T","C","O","H","L","V","1%"'],
    ['"Date","Dernier","Ouv."," Plus Haut","Plus Bas","Vol.","Variation %"', '"T","C","O","H","L","V","1%"'],
    ['"Fecha","Último","Apertura","Máximo","Mínimo","Vol.","% var."', '"T","C","O","H","L","V","1%"'],
    ['"Tarih","Şimdi","Açılış","Yüksek","Düşük","Hac.","Fark %"', '"T","C","O","H","L","V","1%"'],
    ['"Дата","Цена","Откр.","Макс.","Мин.","Объём","Изм. %"', '"T","C","O","H","L","V","1%"'],
  ])('when Investing.com writes %s then the bars are found', async (header, row) => {
    const { series, bars } = await readText(`\ufeff${header}\n${rowsBy(row, ms)}\n`);
    expect([series.dialect, bars]).toEqual(['investing', BARS]);
  });

  test.each([
    ['a comment', '# made by a program\n'],
    ['an address and a blank line', 'https://www.CryptoDataDownload.com\n\n'],
    ['a sentence with a comma', 'Times are UTC,https://example.com\n'],
    ["Excel's separator", 'sep=,\n'],
  ])('when %s stands before the header then it is passed over', async (_, before) => {
    const text = `${before}timestamp,open,high,low,close,volume\n${rowsBy('T,O,H,L,C,V', ms)}\n`;
    expect((await readText(text)).bars).toEqual(BARS);
    const bad = text.replace('98', 'x');
    const line = before.split('\n').length + 3;
    await expect(readText(bad)).rejects.toMatchObject({ code: 'bad_row', place: { line, column: 'low' } });
  });

  it('when the header itself is a comment then it is a header', async () => {
    expect((await readText(`# timestamp,open,high,low,close,volume\n${rowsBy('T,O,H,L,C,V', ms)}`)).bars).toEqual(BARS);
  });

  it('when the volume goes by another name then it is said which', async () => {
    const { series } = await readText(`time,open,high,low,close,Volume USD\n${rowsBy('T,O,H,L,C,V', ms)}`);
    expect(series.assumptions).toContain('the volume is the column Volume USD');
  });
});

describe('two volumes', () => {
  const header = 'unix,date,symbol,open,high,low,close,Volume XBT,Volume USD';
  const row = (hour: number, volumes: string): string => `${ms(hour)},2023,XBTUSD,100,100,100,100,${volumes}`;
  it('when they change places in a file then it is said of how many rows', async () => {
    const rows = [row(0, '5,500'), row(1, '700,7'), row(2, '800,8'), row(3, '0,0')];
    const { series } = await readText(`${header}\n${rows.join('\n')}\n`);
    const said = 'in 2 of the first 4 rows the volumes in coins and in money have changed places';
    expect(series.assumptions).toContain(said);
  });

  it('when they stay in their places then nothing is said', async () => {
    const { series } = await readText(`${header}\n${[row(0, '5,500'), row(1, '7,700')].join('\n')}\n`);
    expect(series.assumptions.join()).not.toContain('changed places');
  });
});

describe('no header', () => {
  test.each([
    ['binance', 'T,O,H,L,C,V,1999999999999,1,1,1,1,0', ms],
    ['bybit', 'T,O,H,L,C,V,1', ms],
    ['okx', 'T,O,H,L,C,V,1,1,1', ms],
    ['kraken', 'T,O,H,L,C,V,12', seconds],
    ['kraken', 'T,O,H,L,C,99,V,12', seconds],
    ['coinbase', 'T,L,H,O,C,V', seconds],
    ['bitfinex', 'T,O,C,H,L,V', ms],
    ['ccxt', 'T,O,H,L,C,V', ms],
    ['plain', 'T,O,H,L,C,V', seconds],
    ['metatrader', 'T,O,H,L,C,V', (hour: number) => `2023.03.14,${two(hour)}:00`],
    ['metatrader', 'T\tO\tH\tL\tC\tV', (hour: number) => `2023.03.14 ${two(hour)}:00`],
    ['metatrader', 'T;O;H;L;C;V', (hour: number) => `20230314;${two(hour)}0000`],
    ['plain', 'T;O;H;L;C;V', (hour: number) => `20230314 ${two(hour)}0000`],
    ['quantconnect', 'T,O,H,L,C,V', (hour: number) => `20230314 ${two(hour)}:00`],
    ['ccxt', '7,T,O,H,L,C,V', ms],
  ])('when the file is of %s with rows like %s then the bars are found', async (dialect, row, time) => {
    const { series, bars } = await readText(`${rowsBy(row, time)}\n`);
    expect([series.dialect, bars]).toEqual([dialect, BARS]);
  });

  it('when times count from midnight then the day is that of the name', async () => {
    const rows = rowsBy('T,O,H,L,C,V', (hour) => String(hour * 3_600_000));
    const { series, bars } = await readText(rows, {}, '20230314_trade.csv');
    expect([series.dialect, series.stats.firstOpenTimeMs, bars]).toEqual(['quantconnect', MS(0), BARS]);
    await expect(readText(rows, {}, 'trade.csv')).rejects.toMatchObject({ code: 'unknown_header' });
  });

  it('when a line of names that are no columns stands above then it is no file without a header', async () => {
    const text = `a,b,c,d,e,f\n${rowsBy('T,O,H,L,C,V', ms)}`;
    await expect(readText(text)).rejects.toMatchObject({ code: 'unknown_header', found: 'the columns a,b,c,d,e,f' });
  });

  it('when the prices fit no order then the file is not taken for candles', async () => {
    await expect(readText(rowsBy('T,H,L,L,H,V', ms))).rejects.toMatchObject({ code: 'unknown_header' });
  });
});

describe('numbers and dates', () => {
  const comma = (text: string): string => text.replace('.', ',');

  test.each([
    ['a decimal comma', comma, ';', BARS],
    ['a decimal comma between tabs', comma, '\t', BARS],
  ])('when numbers have %s then they are the same', async (_, number, delimiter, expected) => {
    const header = ['time', 'open', 'high', 'low', 'close', 'volume'].join(delimiter);
    const { series, bars } = await readText(
      `${header}\n${rowsBy('T~O~H~L~C~V', ms, number).replaceAll('~', delimiter)}`,
    );
    expect(bars).toEqual(expected);
    expect(series.assumptions).toContain('numbers have a decimal comma');
  });

  test.each([
    // delimiter, prices as written,     the first open
    [';', ['1.234,5', '1.240', '1.200', '1.210'], 1234.5],
    [';', ['1,234', '1,240', '1,200', '1,210'], 1.234],
    [';', ['0,234', '0,240', '0,200', '0,210'], 0.234],
    [';', ['1,234.5', '1,240', '1,200', '1,210'], 1234.5],
    [';', ["1'234.5", "1'240", "1'200", "1'210"], 1234.5],
    [';', ['1 234,5', '1 240', '1 200', '1 210'], 1234.5],
    [';', ['1.234', '1.240', '1.200', '1.210'], 1.234],
    [',', ['"1,234"', '"1,240"', '"1,200"', '"1,210"'], 1234],
    [',', ['"1,234,567"', '"1,234,568"', '"1,234,560"', '"1,234,561"'], 1234567],
    [',', ['"1.234.567"', '"1.234.568"', '"1.234.560"', '"1.234.561"'], 1234567],
    [',', ['"1,5"', '"1,6"', '"1,4"', '"1,5"'], 1.5],
  ])('when cells between %s are %j then the first is %d', async (delimiter, prices, first) => {
    const cells = [ms(0), ...prices].join(delimiter);
    const { bars } = await readText(`${['time', 'open', 'high', 'low', 'close'].join(delimiter)}\n${cells}\n`);
    expect(bars[0]!.split(' ')[1]).toBe(String(first));
  });

  it('when a file of decimal commas has a number with a point then that is the error', async () => {
    const text = `time;open;high;low;close\n${ms(0)};1,5;1,6;1,4;1,5\n${ms(1)};1,5;1,6;1.4;1,5\n`;
    await expect(readText(text)).rejects.toMatchObject({ code: 'bad_row', found: '1.4', place: { line: 3 } });
  });

  test.each([
    ['2023-03-14 03-PM', '2023-03-14 04-PM', '15:00'],
    ['2023-03-14 12-AM', '2023-03-14 01-AM', '00:00'],
    ['14.03.2023 15:00', '14.03.2023 16:00', '15:00'],
    ['14.03.2023 15:00:00.000', '14.03.2023 16:00:00.000', '15:00'],
    ['3/14/2023 3:00 PM', '3/14/2023 4:00 PM', '15:00'],
    ['14/03/2023 15:00', '14/03/2023 16:00', '15:00'],
    ['Mar 14, 2023 15:00', 'Mar 14, 2023 16:00', '15:00'],
    ['14 March 2023 15:00:00 UTC', '14 March 2023 16:00:00 UTC', '15:00'],
    ['20230314 150000', '20230314 160000', '15:00'],
    ['2023/03/14 15:00', '2023/03/14 16:00', '15:00'],
    ['2023-03-14 15:00:00 UTC', '2023-03-14 16:00:00 UTC', '15:00'],
    ['2023-03-14 15:00 +02:00', '2023-03-14 16:00 +02:00', '13:00'],
    ['2023-03-14T15:00:00+0100', '2023-03-14T16:00:00+0100', '14:00'],
    // The second time tells which number is the day.
    ['05/04/2023 23:00', '06/04/2023 00:00', '23:00'],
    ['04/05/2023 23:00', '04/06/2023 00:00', '23:00'],
  ])('when times are written %s then they are understood', async (a, b, opens) => {
    const text = `date,open,high,low,close\n"${a}",1,1,1,1\n"${b}",1,1,1,1\n`;
    const { series, bars } = await readText(text);
    expect([bars[0]!.slice(0, 5), series.intervalMs]).toEqual([opens, 3_600_000]);
  });

  it('when nothing tells day from month then the times are refused, and taken as the user says', async () => {
    const text = `date,open,high,low,close\n05/04/2023 01:00,1,1,1,1\n05/04/2023 02:00,1,1,1,1\n`;
    const found = '05/04/2023 01:00';
    await expect(readText(text)).rejects.toMatchObject({ code: 'ambiguous_time', place: { column: 'date' }, found });
    const { series } = await readText(text, { timeForm: 'dmy' });
    expect(series.stats.firstOpenTimeMs).toBe(Date.UTC(2023, 3, 5, 1));
  });

  it('when times name the last millisecond of a bar then the bar opens with its first', async () => {
    const ends = (hour: number): string => new Date(MS(hour + 1) - 1).toISOString();
    const { series, bars } = await readText(`timestamp,open,high,low,close,volume\n${rowsBy('T,O,H,L,C,V', ends)}`);
    expect([bars, series.files[0]!.barTime]).toEqual([BARS, 'close']);
  });
});

describe('rows that are no bars', () => {
  it('when an exchange says that a bar is not complete then it is left out and said', async () => {
    const rows = rowsBy('T,O,H,L,C,V,1,1,1', ms).split('\n').toReversed();
    const open4 = `${MS(3)},99,99,99,99,1,1,1,0`;
    const { series, bars } = await readText(
      `ts,o,h,l,c,vol,volCcy,volCcyQuote,confirm\n${[open4, ...rows].join('\n')}\n`,
    );
    expect(bars).toEqual(BARS);
    expect(series.assumptions).toContain('1 rows of bars that were not complete are left out');
  });

  it('when Kaggle fills minutes without trades with NaN then they are gaps and said', async () => {
    const header = 'Timestamp,Open,High,Low,Close,Volume_(BTC),Volume_(Currency),Weighted_Price';
    const rows = rowsBy('T,O,H,L,C,V,1,1', seconds).split('\n');
    rows[1] = `${MS(1) / 1000},NaN,NaN,NaN,NaN,NaN,NaN,NaN`;
    rows.splice(2, 0, `${MS(1) / 1000 + 1800},1,1,1,1,1,1,1`);
    const { series } = await readText(`${header}\n${rows.join('\n')}`);
    expect(series.stats).toMatchObject({ rows: 4, bars: 3 });
    expect(series.assumptions).toContain('1 rows without prices are no bars: nothing was traded');
  });

  it('when bars are months then no month overlaps and none is a gap', async () => {
    const months = Array.from({ length: 30 }, (_, i) => `${new Date(Date.UTC(2020, i, 1)).toISOString()},1,1,1,1`);
    const { series, bars } = await readText(`time,open,high,low,close\n${months.join('\n')}`);
    expect([bars.length, series.stats.gaps, series.intervalMs]).toEqual([30, 0, 28 * 86_400_000]);
    const { series: holed } = await readText(`time,open,high,low,close\n${months.toSpliced(9, 1).join('\n')}`);
    expect(holed.stats.gaps).toBe(1);
  });
});

describe("the user's own account of a file", () => {
  it('when the columns are named then a header is passed over and the names count', async () => {
    const layout = { columns: ['time', 'low', 'close', 'open', 'high', 'volume'], delimiter: '|' };
    const rows = rowsBy('T|L|C|O|H|V|x', ms);
    for (const text of [rows, `when|a|b|c|d|e|f\n${rows}`, `# note\n${rows}`]) {
      expect((await readText(text, { layout })).bars).toEqual(BARS);
    }
  });

  it('when the columns lack a price then that is an error of usage', async () => {
    const attempt = readText(rowsBy('T,O,H,L,C,V', ms), { layout: { columns: ['time', 'open', 'high', 'low'] } });
    await expect(attempt).rejects.toMatchObject({ code: 'bad_columns', exitCode: 2 });
  });
});
