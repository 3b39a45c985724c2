/**
 * The words of a test file, `describe`, `it`, `test` and `expect`, for suites that are bundled into one script: tests are collected
 * with an id each and run in their order until one fails. What cannot even be collected is a test that fails. It knows no hooks,
 * snapshots or mocks, which the tests of the zones do not use.
 */

import { expect } from 'expect';

export class Harness {
  /** In the order in which they were written down. */
  tests = [];
  #path = [];
  #counts = new Map();

  /**
   * What bundled tests import in place of @jest/globals.
   *
   * @param without tests with this in their title are left out; none where it is empty.
   */
  globals(without) {
    const it = (title, body) => {
      if (without === '' || !title.includes(without)) this.#add(title, body);
    };
    it.each = (rows) => (title, body) => {
      for (const row of rows) this.#add(title, () => body(...(Array.isArray(row) ? row : [row])));
    };
    const describe = (title, body) => this.load(title, body);
    return { describe, it, test: it, expect };
  }

  /** Collects the tests of a file or of a `describe`. */
  load(title, body) {
    this.#path.push(title);
    let failure = null;
    try {
      body();
    } catch (error) {
      failure = { error };
    }
    this.#add('is loaded', () => {
      if (failure !== null) throw failure.error;
    });
    this.#path.pop();
  }

  /**
   * @param ids of the tests to run; all where undefined.
   * @param onTest hears of each test before it runs; what it returns is called after.
   * @returns the first failure, or null.
   */
  async run(ids, onTest = () => {}) {
    for (const test of this.tests) {
      if (ids !== undefined && !ids.has(test.id)) continue;
      const done = onTest(test);
      try {
        await test.body();
      } catch (error) {
        return { test, error };
      } finally {
        done?.();
      }
    }
    return null;
  }

  /** The number tells rows of one table apart: each has the table's title. */
  #add(title, body) {
    const name = [...this.#path, title].join(' › ');
    const number = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, number);
    this.tests.push({ id: `${name} #${number}`, body });
  }
}
