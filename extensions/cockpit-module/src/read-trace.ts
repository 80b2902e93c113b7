/**
 * What the page of origins asks Directus for, with the signed-in person's own rights.
 */
import { isOpenIn } from '../../../schema/months.ts';
import type { FigureOrigin } from '../../../schema/rules/prefill.ts';
import { type Change, partsOf, type TracedReport, type TracedSchool } from './figure-trail.ts';
import { type Api, ask, everything } from './read-cockpit.ts';

export const mayTrace = (api: Api): boolean => api.may('read', 'monthly_reports') && api.may('read', 'sources');

type School = TracedSchool & { readonly opened_on: string | null; readonly closed_on: string | null };

/** Schools that were to report in a month, by township. */
export const readSchools = async (api: Api, month: string): Promise<readonly TracedSchool[]> => {
  const query = { fields: ['code', 'name', 'township', 'opened_on', 'closed_on'], sort: ['township', 'code'], limit: everything };
  const all = (await ask<School[]>(api, '/items/schools', query))?.data ?? [];
  return all.filter((one) => isOpenIn(month, one.opened_on, one.closed_on));
};

export const readReports = async (api: Api, month: string, field: string): Promise<readonly TracedReport[]> => {
  const fields = [...new Set(['id', 'school', 'state', 'version', 'filled_by', 'first_valid_at', 'not_applicable', 'proposed', ...partsOf(field)])];
  return (await ask<TracedReport[]>(api, '/items/monthly_reports', { fields, filter: { month: { _eq: month } }, limit: everything }))?.data ?? [];
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
