/**
 * How one school's own layout is to be read, once the bureau has confirmed it: which column holds which field.
 * Plain JSON, kept with the school; a layout is known again by its header words, never by the name of a file.
 */
import { z } from 'zod';
import { type TableName, tableNames } from './index.ts';

/** How sure the reading of a column is. `confirmed` only ever comes from a person. */
export const sureness = ['certain', 'likely', 'unknown'] as const;
export type Sureness = (typeof sureness)[number];

const column = z.strictObject({
  /** The header as the sheet has it, folded; the parts of a header of several rows joined by `/`. */
  header: z.string().min(1).max(200),
  /** Which of several columns with the same header, from 1. */
  nth: z.int().min(1).max(50).default(1),
  /** Canonical header of the field (`监护人电话`), `起止时间` or `家长及电话` for a cell of several fields; null: not to be read. */
  field: z.string().max(60).nullable(),
  /** What a tick in this column stands for: 3 for Wednesday, `留守`. */
  part: z.union([z.string(), z.number()]).optional(),
  sure: z.enum(sureness).optional(),
});
export type LayoutColumn = z.infer<typeof column>;

export const layoutParser = z.strictObject({
  version: z.literal(1),
  /** For people: which sheet this is. */
  label: z.string().max(200),
  /** Until this is true the layout is a proposal, and nothing is read by it. */
  confirmed: z.boolean(),
  /** `table`: one row per record. `form`: one line per field, its name on the left. */
  shape: z.enum(['table', 'form']),
  table: z.enum(tableNames as [TableName, ...TableName[]]),
  /** How many rows the header has. */
  headerRows: z.int().min(1).max(3),
  fingerprint: z.string().min(1).max(20_000),
  columns: z.array(column).min(1).max(300),
  /** Fields that no column has and that are the same in every row, as one would write them in a cell: 年级 -> 一年级. */
  constants: z.record(z.string(), z.string()).default({}),
});
export type Layout = z.infer<typeof layoutParser>;

/** What a mapping file holds, and the field `layouts`. */
export const layoutsParser = z.array(layoutParser).max(200);

/** A mapping as it was edited by hand, or the reasons why it cannot be used, in Chinese. */
export const readLayouts = (json: unknown): { readonly layouts: readonly Layout[]; readonly faults: readonly string[] } => {
  const result = layoutsParser.safeParse(json);
  if (result.success) return { layouts: result.data, faults: [] };
  return { layouts: [], faults: result.error.issues.map((issue) => `${issue.path.join('.') || '整个文件'}:${issue.message}`) };
};
