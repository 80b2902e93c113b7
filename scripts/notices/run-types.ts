/** What a print run is given and what it answers. Types only. */
import type { Layout } from '../../schema/letters.ts';
import type { LetterText } from '../../schema/press.ts';
import type { Progress } from '../cli.ts';
import type { Config } from '../config.ts';
import type { SharedFile } from '../directus/share-file.ts';
import type { Store } from '../directus/store.ts';
import type { Hold } from './alone.ts';
import type { Facts, Notice } from './facts.ts';
import type { PlannedLetter } from './plan-run.ts';
import type { Failure, PressRoomOptions } from './press-room.ts';
import type { Scope } from './recipients.ts';

export interface PrintDeps {
  readonly store: Store;
  readonly config: Pick<Config, 'chromium' | 'publicUrl' | 'timezone'> & { readonly folders: Pick<Config['folders'], 'notices'> };
  readonly progress: Progress;
  readonly now?: () => Date;
  /** Tells this machine from others; default: what its network cards say. */
  readonly machine?: string;
  /** How to print, where the usual way does not fit: a browser shared by several runs, smaller batches. */
  readonly room?: Pick<PressRoomOptions, 'batchSize' | 'parallel' | 'timeout' | 'open' | 'closes'>;
}

export interface PrintOptions extends Scope {
  readonly kind: string;
  readonly term?: string;
  /** Folder of this run; default `<notices folder>/<school>/<term>_<kind>`. */
  readonly out?: string;
  /** 成文日期, `2026-09-01`; default: the date of the notice that exists already, else today. */
  readonly dated?: string;
  /** Default: the layout that this notice was printed in before, else 紧凑. */
  readonly layout?: Layout;
  /** 行号 of the notice whose words and matter this run prints (变更停课通知); default: the only one of its kind. */
  readonly notice?: string;
  /** In the print-ready documents every letter starts on the front of a sheet. */
  readonly oddStarts?: boolean;
  /** Adds one zip of all letters of the school. */
  readonly zip?: boolean;
  /** Puts letters and class sets into private folders of Directus; `sets` only what is printed by class. */
  readonly upload?: boolean | 'sets';
  readonly dryRun?: boolean;
  /** Nobody to write to is no mistake: one school of many. */
  readonly skipEmpty?: boolean;
}

export interface PrintResult {
  readonly kind: string;
  readonly school: string;
  readonly term: string;
  readonly dryRun: boolean;
  /** Letters in the scope of this run. */
  readonly copies: number;
  readonly pages: number;
  readonly printed: number;
  readonly reused: number;
  readonly superseded: number;
  /** Letters of students who have left the school, which are valid no more. */
  readonly withdrawn: number;
  readonly failed: number;
  /** One PDF per student, absolute paths. */
  readonly files: readonly string[];
  /** One print-ready PDF per class, absolute paths. */
  readonly classFiles: readonly string[];
  readonly zip: string | null;
  /** Files that are now in Directus. */
  readonly uploaded: number;
  /** The class sets among them. */
  readonly shared: readonly SharedFile[];
  readonly folder: string;
  readonly manifest: string | null;
  /** Why nothing was printed: what is missing, and where to enter it. */
  readonly missing: readonly string[];
  /** What should be there and is not, but does not stop the press. */
  readonly advice: readonly string[];
  /** Letters that could not be printed, by 行号. */
  readonly failures: readonly Failure[];
  readonly ms: number;
}

/** Everything that one run carries from step to step. */
export interface Run {
  readonly deps: PrintDeps;
  readonly facts: Facts;
  readonly notice: Notice;
  readonly template: string;
  readonly folder: string;
  readonly machine: string;
  /** Whether the records of earlier letters speak of the files on this machine. */
  readonly isOurs: boolean;
  /** Printed on another machine, and this run adds nothing: the same letters, once more, here. All records stay as they are. */
  readonly onlyHereToo: boolean;
  readonly at: Date;
  /** Letters on record and on disk, by student. */
  readonly done: Map<string, { sha256: string; pages: number }>;
  readonly hold: Hold;
  /** Where families have asked for their letters by mail, by student. */
  readonly addresses: ReadonlyMap<string, string>;
  /** What the page of a letter shows. */
  textOf(letter: PlannedLetter): LetterText;
  /** Hashes of the words that this run has stored. */
  readonly stored: Set<string>;
}
