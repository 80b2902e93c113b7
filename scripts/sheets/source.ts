/**
 * The one interface between the sync and the places where schools keep their sheets: a folder, Google, WebDAV.
 * Another kind (飞书, 腾讯文档) is one more file with a `SheetSource`, named in sources.ts; nothing else knows the difference.
 */
import type { IngestSource, TabAnswer } from '../../schema/ingest.ts';
import type { Layout } from '../../schema/layout.ts';
import type { ParsedTab } from '../../schema/parsed.ts';
import type { Tab } from '../../schema/sheets.ts';
import type { ParseOptions } from '../sync/parse-tab.ts';

export type SourceKind = IngestSource['kind'];

/** What Kehou remembers of a place: its row of `sources`. */
export interface Known {
  readonly id: string;
  readonly kind: SourceKind;
  /** File name below the folder, or id of the spreadsheet. Unique. */
  readonly place: string;
  readonly school: string | null;
  readonly term: string | null;
  /** Version of the content whose answers are in the sheet; '' while they are not, so that it is read again. */
  readonly file_hash: string | null;
  /** What the kind of source wants to find again: times, sizes, page tokens. */
  readonly cursor: unknown;
}

export type KnownPlaces = ReadonlyMap<string, Known>;

/** One sheet of the place, before it is opened. */
export interface Listing {
  readonly place: string;
  /** Words that may name the school: the path of a file, the title of a spreadsheet. */
  readonly title: string;
  /** False: certainly as it was when it was last answered. True: it must be opened to know. */
  readonly changed: boolean;
  /** One Chinese sentence where it cannot be opened at present, or is gone; the other schools go on. */
  readonly fault?: { readonly state: '占用中' | '读不了'; readonly message: string };
}

export interface WorkbookMeta {
  readonly school: string;
  readonly term: string;
  readonly model: number;
}

/** What a sheet holds, or the one reason why it cannot be read. */
export interface Reading {
  /** Whose it is, where it is made from the model; null for a school's own layout. */
  readonly meta: WorkbookMeta | null;
  readonly tabs: readonly ParsedTab[];
  /** How the columns of a school's own layout seem to be meant, where not all of them are sure: for the bureau to confirm. */
  readonly proposals?: readonly Layout[];
  /** Chinese: what is wrong with the whole file and what to do. */
  readonly problem?: string;
}

/** What a sheet is told. */
export interface Answers {
  readonly tabs: readonly TabAnswer[];
  /** The tabs as they are by now, with the columns that staff added; the model's alone where left out. */
  readonly model?: readonly Tab[];
  /** By the title of a tab: columns that it lacks and that the answers bring. */
  readonly coming?: ReadonlyMap<string, ReadonlySet<string>>;
  /** `2026-12-01`: until when errors must be mended. */
  readonly deadline?: string | null;
  /** When it was read, as people write it: `2026-11-24 08:00`. */
  readonly receivedAt?: string;
  /**
   * Why nothing of the whole sheet was taken, and what to do: one Chinese sentence for the school. It goes into the companion, never into
   * the sheet; `tabs` may be empty.
   */
  readonly refusal?: string;
}

/**
 * `answered`: the sheet (or the companion of a foreign file) now says it. `unchanged`: it said all this already. `locked`: somebody
 * has it open. `changed`: it is not the content that was read. `unreadable`: the answers cannot be written into it.
 */
export type AnswerFate = 'answered' | 'unchanged' | 'locked' | 'changed' | 'unreadable';

export interface Answered {
  readonly fate: AnswerFate;
  /** Version and cursor of the content as it is after the answers. */
  readonly version: string;
  readonly cursor: unknown;
  /** One Chinese sentence where the answers are not in it, and it is not the sheet's own doing: no right to write, a full disk. */
  readonly message?: string;
}

/** A sheet that has been fetched. */
export interface Opened {
  readonly version: string;
  readonly cursor: unknown;
  /** Parses it. Called at most once; `options` hold the county's limits and the model's live tabs. */
  read(options: ParseOptions): Promise<Reading>;
  /** Writes the answers, if it still is what was read. Call after `read`. */
  answer(answers: Answers): Promise<Answered>;
}

/** One place with sheets of many schools. Methods throw only when the whole place is out of reach. */
export interface SheetSource {
  readonly kind: SourceKind;
  /** Where it is, for people: a folder, an address without secrets. */
  readonly where: string;
  /** Everything there, in a stable order, as cheaply as the place allows. */
  list(known: KnownPlaces): Promise<readonly Listing[]>;
  /** Fetches one. A sheet that is gone or refused is a `SheetFault`. */
  open(listing: Listing): Promise<Opened>;
  /** Once everything that `list` named is dealt with: rows of `sources` whose cursor moved on without being read. */
  settled?(): Promise<readonly { readonly place: string; readonly cursor: unknown }[]>;
  /** Calls over the network since it was made. */
  calls(): number;
  /** Reports changes as they happen, until stopped. A report is a hint: `list` decides. */
  watch(changed: () => void, failed: (message: string) => void): Promise<{ stop(): Promise<void> }>;
}

/** One sheet cannot be read or written; the message is one Chinese sentence for the bureau. The other schools go on. */
export class SheetFault extends Error {
  override name = 'SheetFault';
}
