/**
 * Leaves the words of error messages out of mutation testing: a test of every word would only write the sentence twice. What a
 * refusal is (its code, exit code and fields) and whether there is one stays in; so does all text that is written to tables.
 */

import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Calls that make a message, and the arguments of them that are its words. */
const WORDS_OF = { badEntry: [1, 3, 4], wrong: [2], invariant: [1] };
/** Fields of an error that are its words. */
const WORD_FIELDS = ['message', 'expected', 'hint'];
const REASON = 'words of a message';

const calleeOf = (node) => (node?.type === 'CallExpression' ? node.callee.name : undefined);

function isArgumentOfWords({ node, parent }) {
  const positions = WORDS_OF[calleeOf(parent)];
  return positions?.includes(parent.arguments.indexOf(node)) === true;
}

function isFieldOfWords({ node, parent, parentPath }) {
  if (parent?.type !== 'ObjectProperty' || parent.value !== node || !WORD_FIELDS.includes(parent.key.name))
    return false;
  const made = parentPath.parentPath?.parentPath?.node;
  return made?.type === 'NewExpression' && made.callee.name === 'UserError';
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'message-texts', {
    shouldIgnore: (path) => (isArgumentOfWords(path) || isFieldOfWords(path) ? REASON : undefined),
  }),
];
