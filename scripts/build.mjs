/**
 * Builds the program into a folder, dist by default: one script with all that it loads, what V8 compiles from it, and the small modules through
 * which the command line and strategies reach it. Packages that few runs need stay outside and are loaded when asked for. Types are
 * judged, and declarations written, by tsc. `node scripts/build.mjs [folder]`
 */

import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { warmUp } from './warmUp.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUTSIDE = ['esbuild', 'pino', 'pino-pretty', 'yaml', 'hyparquet', 'hyparquet-compressors', 'fzstd', 'yauzl'];

/**
 * What packages look for and this program never uses, because loading it takes long: the command-line parser can start other programs, and colors are
 * asked for by what the terminal can do, which the program finds out itself.
 */
const UNUSED = [
  { path: /^(node:)?child_process$/, of: '/commander/', instead: 'module.exports = {};' },
  { path: /^#supports-color$/, of: '/chalk/', instead: 'export default { stdout: false, stderr: false };' },
];

const WITHOUT_UNUSED = {
  name: 'without-unused',
  setup({ onResolve, onLoad }) {
    for (const { path: filter, of, instead } of UNUSED) {
      const namespace = `without-${of}`;
      onResolve({ filter }, ({ path, importer }) => (importer.includes(of) ? { path, namespace } : undefined));
      onLoad({ filter: /.*/, namespace }, () => ({ contents: instead }));
    }
  },
};

/** Strategies are imported by their paths, in one place. */
const IMPORTS_BY_PATH = 1;

const COMMON = { absWorkingDir: ROOT, bundle: true, write: false, metafile: true, platform: 'node', target: 'node20' };

/** The program as the text of one function, and the files that went into it. */
async function bundle() {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    entryPoints: ['scripts/bundledProgram.mjs'],
    format: 'cjs',
    external: OUTSIDE,
    define: { 'import.meta.url': 'bundleUrl' },
    legalComments: 'none',
    logLevel: 'warning',
    logOverride: { 'require-resolve-not-external': 'silent' },
    plugins: [WITHOUT_UNUSED],
  });
  const [output] = Object.values(metafile.outputs);
  const named = output.imports.filter(({ kind, external }) => kind === 'dynamic-import' && external);
  // A script has no import() of its own.
  let replaced = 0;
  const text = outputFiles[0].text.replace(/\bimport\(/g, () => {
    replaced += 1;
    return 'bundleImport(';
  });
  if (replaced !== named.length + IMPORTS_BY_PATH) throw new Error(`${replaced} times import( in the bundle`);
  // It is read as one byte a character; only comments have others.
  const plain = text.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return {
    text: `(function (require, bundleUrl, bundleImport) {\nconst module = { exports: {} };\n${plain}\nreturn module.exports;\n})\n`,
    inputs: Object.keys(metafile.inputs),
  };
}

/** The file of `bin`, which starts the bundle. */
async function bundleStart() {
  const external = ['../src/cli/main.js'];
  const { outputFiles } = await build({ ...COMMON, entryPoints: ['bin/backtest.ts'], format: 'esm', external });
  return outputFiles[0].text;
}

/** The names that a module exports. @param {string} entry */
async function exportsOf(entry) {
  const { metafile } = await build({ ...COMMON, entryPoints: [entry], format: 'esm', logLevel: 'warning' });
  return Object.values(metafile.outputs)[0].exports;
}

/** The licenses of packages whose code is in the bundle, one after the other. @param {readonly string[]} inputs */
function licensesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(ROOT, folder)).find((one) => /^licen[cs]e([.-]|$)/i.test(one));
    if (file === undefined) throw new Error(`${folder} has no license file`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(ROOT, folder, file), 'utf8').trim()}\n`;
  });
}

/** A module that passes on what the program has. @param {string} entry @param {string} up from its folder to that of the program. */
async function passingOn(entry, up) {
  const names = (await exportsOf(entry)).join(', ');
  return `import { program } from '${up}/program.js';\n\nexport const { ${names} } = program.loadIndex();\n`;
}

const out = resolve(process.argv[2] ?? join(ROOT, 'dist'));
for (const folder of ['bin', 'src']) rmSync(join(out, folder), { recursive: true, force: true });
const { text, inputs } = await bundle();
const files = {
  'bin/backtest.js': await bundleStart(),
  'src/program.cjs': text,
  'src/cli/main.js': "import { program } from '../program.js';\n\nexport const { main } = program;\n",
  'src/index.js': await passingOn('src/index.ts', '.'),
  'src/indicators/index.js': await passingOn('src/indicators/index.ts', '..'),
  'src/LICENSES.txt': licensesOf(inputs).join('\n'),
};
for (const [name, content] of Object.entries(files)) {
  mkdirSync(join(out, name, '..'), { recursive: true });
  writeFileSync(join(out, name), content);
}
copyFileSync(join(ROOT, 'scripts/programLoader.mjs'), join(out, 'src/program.js'));
chmodSync(join(out, 'bin/backtest.js'), 0o755);

const { program, script } = await import(pathToFileURL(join(out, 'src/program.js')).href);
await warmUp(program, ROOT);
writeFileSync(join(out, 'src/program.cache'), script.createCachedData());
