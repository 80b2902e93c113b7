/**
 * What is remembered of a spreadsheet between two passes, in its row of `sources`.
 * One of the rows also carries the page token of Drive's list of changes for all of them: so a quiet pass writes nothing.
 */
import { z } from 'zod';
import type { Known, KnownPlaces } from '../source.ts';

const tabFacts = z.object({ sheetId: z.number(), title: z.string(), rowCount: z.number(), columnCount: z.number() });

const shape = z.object({
  title: z.string().optional(),
  /** Drive's `modifiedTime` when it was last looked at. */
  modified: z.string().optional(),
  /** The tabs that are read, once they are known. */
  tabs: z.array(tabFacts).optional(),
  /** When all its tabs were last looked through, ISO 8601. */
  lookedAt: z.string().optional(),
  /** It holds formulas, merges or formats that values alone do not show. */
  rich: z.boolean().optional(),
  /** Sentence that says why it cannot be reached, until Drive reports news of it. */
  gone: z.string().optional(),
  token: z.string().optional(),
  /** When `token` was stored. */
  tokenAt: z.string().optional(),
  /** When the folder was last listed as a whole. */
  listedAt: z.string().optional(),
});

export type GoogleCursor = Readonly<z.infer<typeof shape>>;

/** A cursor that cannot be understood is none: the spreadsheet is looked through again. */
export const cursorOf = (known: Known | undefined): GoogleCursor => {
  const found = shape.safeParse(known?.cursor ?? {});
  return found.success ? found.data : {};
};

export interface Bookmark {
  /** Place whose row carries it. */
  readonly place: string;
  readonly token: string;
  readonly listedAt: string | undefined;
}

/** Our own rows, in a stable order. */
export const ownRows = (known: KnownPlaces): Known[] =>
  [...known.values()].filter((one) => one.kind === '谷歌表格').sort((a, b) => (a.place < b.place ? -1 : 1));

/** The newest page token that a row carries. */
export const bookmarkOf = (known: KnownPlaces): Bookmark | null =>
  ownRows(known).reduce<(Bookmark & { at: string }) | null>((newest, one) => {
    const { token, tokenAt = '', listedAt } = cursorOf(one);
    return token && (!newest || tokenAt > newest.at) ? { place: one.place, token, listedAt, at: tokenAt } : newest;
  }, null);
