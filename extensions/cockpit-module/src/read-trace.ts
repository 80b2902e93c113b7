/**
 * What the page of origins asks Directus for, with the signed-in person's own rights.
 */
import { isOpenIn, monthOf, monthsBetween } from '../../../schema/months.ts';
import type { FigureOrigin } from '../../../schema/rules/prefill.ts';
import { type Change, partsOf, type TracedReport, type TracedSchool } from './figure-trail.ts';
import { type Api, ask, everything } from './read-cockpit.ts';

export const mayTrace = (api: Api): boolean => api.may('read', 'monthly_reports') && api.may('read', 'sources');

/** A month, or the months of a term that have begun. */
export interface Period {
  /** `2026-10`, or the id of a term. */
  readonly key: string;
  readonly name: string;
  readonly months: readonly string[];
}

interface Term {
  readonly id: string;
  readonly name: string;
  readonly starts_on: string;
  readonly ends_on: string;
}

/** Terms that have begun, the latest first. `today` is `2026-11-24`. */
export const readTerms = async (api: Api, today: string): Promise<readonly Period[]> => {
  const query = { fields: ['id', 'name', 'starts_on', 'ends_on'], sort: ['-starts_on'], limit: everything };
  const all = (await ask<Term[]>(api, '/items/terms', query))?.data ?? [];
  return all.flatMap(({ id, name, starts_on, ends_on }) => {
    const months = monthsBetween(monthOf(starts_on), monthOf(ends_on)).filter((month) => month <= monthOf(today));
    return months.length ? [{ key: id, name, months }] : [];
  });
};

type School = Omit<TracedSchool, 'months'> & { readonly opened_on: string | null; readonly closed_on: string | null };

/** Schools that were to report in one of the months, by township. */
export const readSchools = async (api: Api, months: readonly string[]): Promise<readonly TracedSchool[]> => {
  const query = { fields: ['code', 'name', 'township', 'opened_on', 'closed_on'], sort: ['township', 'code'], limit: everything };
  const all = (await ask<School[]>(api, '/items/schools', query))?.data ?? [];
  return all
    .map((one) => ({ ...one, months: months.filter((month) => isOpenIn(month, one.opened_on, one.closed_on)) }))
    .filter((one) => one.months.length > 0);
};

export const readReports = async (api: Api, months: readonly string[], field: string): Promise<readonly TracedReport[]> => {
  const own = ['id', 'school', 'month', 'state', 'version', 'filled_by', 'first_valid_at', 'not_applicable', 'proposed'];
  const fields = [...new Set([...own, ...partsOf(field)])];
  return (await ask<TracedReport[]>(api, '/items/monthly_reports', { fields, filter: { month: { _in: months } }, limit: everything }))?.data ?? [];
};

export const readPlaces = async (api: Api): Promise<ReadonlyMap<string, string>> => {
  const all = (await ask<{ id: string; place: string }[]>(api, '/items/sources', { fields: ['id', 'place'], limit: everything }))?.data ?? [];
  return new Map(all.map((one) => [one.id, one.place]));
};

export const readChanges = async (api: Api, report: string): Promise<readonly Change[]> =>
  (await ask<Change[]>(api, `/kehou-ingest/changes/monthly_reports/${report}`, {}))?.data ?? [];

/** Which rows of the school's lists give a figure now; null where none do. */
export const readOrigin = async (api: Api, report: string, field: string): Promise<FigureOrigin | null> =>
  (await ask<FigureOrigin | null>(api, `/kehou-rules/origins/${report}/${field}`, {}))?.data ?? null;
