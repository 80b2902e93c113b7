/**
 * What a sync knows before it opens the first sheet: schools, term, limits, and what it remembers of each place.
 */

import { type Layout, readLayouts } from '../../schema/layout.ts';
import { UsageError } from '../cli.ts';
import type { Config } from '../config.ts';
import type { Store } from '../directus/store.ts';
import { dayIn, dueDate, monthOf } from '../jobs/months.ts';
import { readLiveTabs } from '../sheets/live-tabs.ts';
import type { Known } from '../sheets/source.ts';
import { defaultLimits } from '../sync/limits.ts';
import type { ParseOptions } from '../sync/parse-tab.ts';
import { type HandOver, openHandOver } from './hand-over.ts';
import { type Notes, openNotes } from './notes.ts';

export interface SyncOptions {
  readonly dryRun?: boolean;
  /** Reads every sheet, changed or not. */
  readonly force?: boolean;
  /** Only sheets of this school. */
  readonly school?: string;
}

/** A row of `sources`, as the sync uses it. */
export interface KnownSheet extends Known {
  readonly own: '系统模板' | '学校自有' | null;
  readonly state: string | null;
  readonly message: string | null;
  /** Version as it was noted, where `file_hash` is blank because Directus has something that the sheet does not show yet. */
  readonly version: string | null;
}

export interface School {
  readonly code: string;
  readonly name: string;
  /** Where its workbook of this term was put. */
  readonly workbook: string | null;
  /** How its own layouts are read, as the bureau has confirmed. */
  readonly layouts: readonly Layout[];
}

export interface Desk {
  readonly store: Store;
  readonly options: SyncOptions;
  readonly parse: ParseOptions & Required<Pick<ParseOptions, 'tabs'>>;
  /** Names the columns that the sheets are read by (`tabsMark`). */
  readonly model: string;
  readonly schools: readonly School[];
  /** Id of the current term. */
  readonly term: string;
  /** By place. */
  readonly known: Map<string, KnownSheet>;
  readonly handOver: HandOver;
  readonly notes: Notes;
  readonly deadline: string;
  readonly receivedAt: string;
}

const minuteIn = (timezone: string): string => new Date().toLocaleString('sv-SE', { timeZone: timezone }).slice(0, 16);

/** Throws UsageError where there is no current term. */
export const openDesk = async (config: Config, store: Store, options: SyncOptions): Promise<Desk> => {
  const [settings, schools, terms, known, live] = await Promise.all([
    store.readSettings(),
    store.readRows('schools', { fields: ['code', 'name', 'workbook', 'layouts'] }),
    store.readRows('terms', { filter: { current: { _eq: true } }, fields: ['id'] }),
    store.readRows('sources', { fields: ['id', 'kind', 'place', 'own', 'school', 'term', 'file_hash', 'cursor', 'state', 'message', 'outdated'] }),
    readLiveTabs(store),
  ]);
  const term = terms[0]?.id;
  if (!term) throw new UsageError('还没有当前学期:请在 Directus「学期」里新建并勾选“当前学期”。');
  return {
    store,
    options,
    schools: schools.map((school) => ({ ...school, layouts: readLayouts(school.layouts ?? []).layouts })),
    term,
    known: new Map(known.map((one) => [one.place, { ...one, version: one.file_hash, file_hash: one.outdated ? '' : one.file_hash } as KnownSheet])),
    model: live.mark,
    handOver: openHandOver(store),
    notes: openNotes(store),
    parse: {
      tabs: live.tabs,
      limits: {
        feeCapPrimary: settings.fee_cap_primary ?? defaultLimits.feeCapPrimary,
        feeCapJunior: settings.fee_cap_junior ?? defaultLimits.feeCapJunior,
        days: settings.min_days ?? defaultLimits.days,
        minutes: settings.min_minutes ?? defaultLimits.minutes,
      },
    },
    deadline: dueDate(monthOf(dayIn(config.timezone)), settings),
    receivedAt: minuteIn(config.timezone),
  };
};

/** What a sheet of this school is read by. The same object for all schools without layouts of their own. */
export const parseFor = (desk: Desk, code: string | null): ParseOptions => {
  const layouts = desk.schools.find((school) => school.code === code)?.layouts ?? [];
  return layouts.length ? { ...desk.parse, layouts } : desk.parse;
};
