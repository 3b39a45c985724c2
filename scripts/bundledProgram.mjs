/**
 * What the bundle exports: the command line, and the module of strategies, which is loaded when one imports it.
 */

export { main } from '../src/cli/main.js';
export { runCommandLine } from '../src/cli/program.js';

export const loadIndex = () => require('../src/index.js');
