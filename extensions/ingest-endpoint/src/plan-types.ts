/**
 * The shapes of a plan: what the database holds of a tab, and what is to be written into it.
 */
import type { Fields } from '../../../schema/fields.ts';
import type { TableName } from '../../../schema/index.ts';
import type { TabAnswer } from '../../../schema/ingest.ts';
import type { LiveTables } from '../../../schema/live-tables.ts';
import type { Values } from '../../../schema/merge.ts';
import type { ParsedRow, ParsedTab } from '../../../schema/parsed.ts';
import type { TermDays } from './findings.ts';

export type LiveRow = Record<string, unknown> & { id: string };

/** What the database holds of one table for this school (and term). */
export interface LiveTable {
  readonly rows: ReadonlyMap<string, LiveRow>;
  /** Last agreed values by row id. */
  readonly base: ReadonlyMap<string, Values>;
  /** Ids whose agreement came from this same workbook: only those may vanish with it. */
  readonly fromHere: ReadonlySet<string>;
  /** For a table beside the main one: the main row's id to its own row's id. */
  readonly besides: ReadonlyMap<string, string>;
  /** Of fields that staff made unique: who has which value, in whatever school. Rows that are taken join in. Absent where there are none. */
  readonly taken?: ReadonlyMap<string, Map<string, Holder>>;
}

/** Who has a value that nobody else may have: a row of the database, and the row of the sheet where it stands in this workbook. */
export interface Holder {
  readonly id: string;
  readonly row?: number;
}

export interface PlanContext {
  /** The tables as this Directus has them, with the fields that staff added. */
  readonly tables: LiveTables;
  readonly school: string;
  readonly term: string;
  readonly now: string;
  readonly newId: () => string;
  /** The live tables of the tab: its own and those beside it, by name. */
  readonly live: ReadonlyMap<TableName, LiveTable>;
  /** False where the workbook spreads this table over several tabs: a row missing from one may stand in another. */
  readonly whole: boolean;
  /** For each link that the tab names by columns (`fees.student`): the rows it may point to. */
  readonly links: ReadonlyMap<string, LinkTargets>;
  /** For 月报: the school's 更正单. */
  readonly corrections?: readonly LiveRow[];
  /** A workbook of ours: rows that it does not have yet may be added to it. */
  readonly appends?: boolean;
  /** Days of the workbook's term: rows of other terms are not added to it. */
  readonly termDays?: TermDays;
  /** For 预警: where in the workbook the evidence of each open finding stands. */
  readonly places?: ReadonlyMap<string, string | null>;
}

export interface Insert {
  readonly id: string;
  readonly values: Record<string, unknown>;
}
export interface Update {
  readonly id: string;
  readonly changes: Record<string, unknown>;
  readonly before: Record<string, unknown>;
}

/** Candidates of a link, found by the words of its first column (the student's name) before the others narrow them. */
export interface LinkTargets {
  readonly byId: ReadonlyMap<string, LiveRow>;
  readonly byFirst: ReadonlyMap<string, readonly LiveRow[]>;
}

/** What to write into one table, and where in the sheet it came from. */
export interface TablePlan {
  readonly table: TableName;
  /** What its columns are. */
  readonly fields: Fields;
  /** Under which header each field stands in the sheet. */
  readonly headers: Readonly<Record<string, string>>;
  readonly inserts: Insert[];
  readonly updates: Update[];
  /** New agreements by row id. */
  readonly agreed: Map<string, Values>;
  /** The sheet row behind each written row. */
  readonly origins: Map<string, Located>;
}

export interface TabPlan {
  readonly tables: readonly TablePlan[];
  readonly answer: TabAnswer;
}

export interface Located {
  readonly sheet: ParsedRow;
  /** The tab that it stands in. */
  readonly parsed: ParsedTab;
  /** Values by table and field name; a column that stands empty is null, a column that the tab lacks is not there. */
  readonly parts: ReadonlyMap<TableName, Record<string, unknown>>;
  /** How the sheet names each linked row, by table and `wordsKey`: remembered, so that a name corrected elsewhere does not cut the link. */
  readonly words: ReadonlyMap<string, string>;
}
