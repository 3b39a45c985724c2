/**
 * The esbuild plugin that decides what of a strategy's imports is bundled. This package's own names become the modules that
 * are running (so that a strategy needs no install and shares their classes), packages of a node_modules folder stay outside
 * the bundle, and everything else, relative files and tsconfig `paths` included, goes into it. Only types come from esbuild.
 */

import { isBuiltin } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ImportKind, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';

/** Set on resolutions that this plugin starts itself, so that it does not answer its own question. */
const OWN_QUESTION = { ownQuestion: true };
const RELATIVE = /^(\.{1,2}(\/|$)|\/)/;
const NODE_MODULES = /[\\/]node_modules[\\/]/;

/** @param ownModules file URLs of the running modules, by the name under which a strategy imports them. */
export function createStrategyResolver(ownModules: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'strategy-resolver',
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => resolveImport(build, args, ownModules));
    },
  };
}

async function resolveImport(
  build: PluginBuild,
  args: OnResolveArgs,
  ownModules: ReadonlyMap<string, string>,
): Promise<OnResolveResult | undefined> {
  if (args.kind === 'entry-point' || args.pluginData === OWN_QUESTION) return undefined;
  const own = ownModules.get(args.path);
  if (own !== undefined) return outside(fileURLToPath(own), args.kind);
  if (isBuiltin(args.path)) return { path: args.path, external: true };
  // Relative files belong to the strategy wherever it lies, also when that is inside a node_modules folder.
  if (RELATIVE.test(args.path)) return undefined;

  const { kind, importer, namespace, resolveDir } = args;
  const found = await build.resolve(args.path, { kind, importer, namespace, resolveDir, pluginData: OWN_QUESTION });
  if (found.errors.length > 0) return { errors: found.errors };
  if (!found.external && NODE_MODULES.test(found.path)) return outside(found.path, kind);
  return { path: found.path, external: found.external, namespace: found.namespace, sideEffects: found.sideEffects };
}

/** The bundle is imported from a temporary folder, so what stays outside is named absolutely: `require` takes no URL. */
function outside(path: string, kind: ImportKind): OnResolveResult {
  const isRequire = kind === 'require-call' || kind === 'require-resolve';
  return { path: isRequire ? path : pathToFileURL(path).href, external: true };
}
