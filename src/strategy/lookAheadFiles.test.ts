/** Which openings of files are seen, by which functions and paths, and what is opened instead. */

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, test } from '@jest/globals';
import { type OpenedFile, whileWatching } from './lookAheadFiles.js';

const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'watch-test-')));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const data = join(folder, 'data.csv');
const copy = join(folder, 'copy.csv');
const notes = join(folder, 'notes.txt');
fs.writeFileSync(data, 'true');
fs.writeFileSync(copy, 'other');
fs.writeFileSync(notes, 'mine');
fs.symlinkSync(data, join(folder, 'link.csv'));
fs.linkSync(data, join(folder, 'hard.csv'));

/** What was read and which openings were told. */
async function watch(read: () => unknown, instead: (string | null)[] = [copy]) {
  const opened: OpenedFile[] = [];
  const settings = {
    watched: [data],
    instead,
    authorFiles: new Set<string>(),
    onOpen: (file: OpenedFile) => opened.push(file),
  };
  const content = await whileWatching(settings, async () => read());
  return { content: String(content), opened };
}

const readOpen = (file: number): string => {
  const bytes = Buffer.alloc(10);
  const count = fs.readSync(file, bytes);
  fs.closeSync(file);
  return bytes.subarray(0, count).toString();
};

describe('a data file', () => {
  test.each<[string, () => unknown]>([
    ['readFileSync', () => fs.readFileSync(data, 'utf8')],
    ['readFileSync of a URL', () => fs.readFileSync(pathToFileURL(data), 'utf8')],
    ['readFileSync of bytes', () => fs.readFileSync(Buffer.from(data), 'utf8')],
    ['readFileSync of a relative path', () => fs.readFileSync(relative(process.cwd(), data), 'utf8')],
    ['readFileSync of a symbolic link', () => fs.readFileSync(join(folder, 'link.csv'), 'utf8')],
    ['readFileSync of a hard link', () => fs.readFileSync(join(folder, 'hard.csv'), 'utf8')],
    ['openSync', () => readOpen(fs.openSync(data, 'r'))],
    ['readFile', () => new Promise((done) => fs.readFile(data, 'utf8', (_, content) => done(content)))],
    ['promises.readFile', () => fs.promises.readFile(data, 'utf8')],
    [
      'promises.open',
      async () => {
        const file = await fs.promises.open(data);
        const content = await file.readFile('utf8');
        await file.close();
        return content;
      },
    ],
    ['createReadStream', () => text(fs.createReadStream(data))],
    [
      'copyFileSync',
      () => {
        fs.copyFileSync(data, join(folder, 'taken.csv'));
        return fs.readFileSync(join(folder, 'taken.csv'), 'utf8');
      },
    ],
  ])('when it is opened by %s then that is told and the copy is read', async (_, read) => {
    const { content, opened } = await watch(read);
    expect(content).toBe('other');
    expect(opened.map(({ watched }) => watched)).toEqual(expect.arrayContaining([0]));
    expect(opened.every(({ watched }) => watched === 0)).toBe(true);
  });

  test.each<[string, (string | null)[]]>([
    ['no copies', []],
    ['no copy of it', [null]],
  ])('when there are %s then it is read itself, and told', async (_, instead) => {
    const { content, opened } = await watch(() => fs.readFileSync(data, 'utf8'), instead);
    expect(content).toBe('true');
    expect(opened).toHaveLength(1);
  });
});

describe('what else is opened', () => {
  it('when no line of the author’s opens it then it is not told', async () => {
    expect(await watch(() => fs.readFileSync(notes, 'utf8'))).toEqual({ content: 'mine', opened: [] });
  });

  it('when a file is not there then the error is that of node:fs', async () => {
    await expect(watch(() => fs.readFileSync(join(folder, 'none'), 'utf8'))).rejects.toThrow(/ENOENT/);
  });

  it('when a file is open already then it is read as it is', async () => {
    const file = fs.openSync(data, 'r');
    const { content, opened } = await watch(() => readOpen(file));
    expect({ content, opened }).toEqual({ content: 'true', opened: [] });
  });
});

describe('the end of a watch', () => {
  it('when it is over then node:fs is as it was, and what was kept of it reads the file itself', async () => {
    const before = fs.readFileSync;
    let kept = before;
    await watch(() => {
      kept = fs.readFileSync;
      return '';
    });
    expect(kept).not.toBe(before);
    expect(fs.readFileSync).toBe(before);
    expect(kept(data, 'utf8')).toBe('true');
  });

  it('when the action fails then node:fs is as it was', async () => {
    const before = fs.promises.open;
    await expect(watch(() => Promise.reject(new Error('on purpose')))).rejects.toThrow('on purpose');
    expect(fs.promises.open).toBe(before);
  });
});
