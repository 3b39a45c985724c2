/**
 * Where a run's trades come from: a strategy, a table of orders, a table of fills. What the engine takes of it, what the manifest
 * says of it, and the same once more for a second engine. Types only.
 */

import type { RunWarning } from '../engine/records.js';
import type { RunInput } from '../engine/runInput.js';
import type { Manifest, ManifestFile } from '../report/manifest.js';
import type { OptionSpec } from './runOptionTable.js';

/** What of the engine's input a source decides. */
export type SourceInput = Pick<RunInput, 'strategy' | 'params' | 'beforeOpen' | 'fills'>;

export interface RunSource {
  readonly command: 'run' | 'replay';
  /** Names the run folder. */
  readonly name: string;
  readonly input: SourceInput;
  /** The same with nothing of the first passage left in it. */
  again(): Promise<SourceInput>;
  /** Null where there is no strategy. */
  readonly strategy: Manifest['strategy'];
  /** Files that were read for it, the strategy's own apart. */
  readonly files: readonly ManifestFile[];
  /** The options of the command, for the manifest. */
  readonly options: readonly OptionSpec[];
  /** One sentence each. */
  readonly assumptions: readonly string[];
  /** Complete once the run is over. */
  warnings(): readonly RunWarning[];
}
