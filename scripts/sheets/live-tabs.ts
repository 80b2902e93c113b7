/**
 * The tabs and columns that workbooks have by now: the model's, with what staff added and changed in Directus.
 * Directus puts them together (extensions/shared/live-model.ts), so that both sides mean the same; asked once, never written.
 */
import type { Tab } from '../../schema/sheets.ts';

/** The part of a store that is needed here. */
export interface TabStore {
  call<T>(method: 'GET', path: string): Promise<T>;
}

export interface LiveTabs {
  readonly tabs: readonly Tab[];
  /** Handed in with the rows, so that Directus knows by which columns they were read. */
  readonly mark: string;
}

export const readLiveTabs = (store: TabStore): Promise<LiveTabs> => store.call<LiveTabs>('GET', '/kehou-ingest/tabs');
