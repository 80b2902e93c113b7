/**
 * What the cockpit asks Directus for. A collection that the person may not read comes back as null: its card is not shown.
 */
import { useApi, useStores } from '@directus/extensions-sdk';
import type { Row, TableName, Tables } from '../../../schema/index.ts';
import type { MonthlyReport, School } from './figures.ts';

/** Directus' API with what it says about the signed-in person's rights. */
export interface Api {
  readonly http: ReturnType<typeof useApi>;
  may(action: 'read' | 'create' | 'update', collection: TableName): boolean;
}

interface Permissions {
  hasPermission(collection: string, action: string): boolean;
}

/** For use in a component's set-up. */
export const usePermittedApi = (): Api => {
  const permissions = useStores().usePermissionsStore() as Permissions;
  return { http: useApi(), may: (action, collection) => permissions.hasPermission(collection, action) };
};

type Keyed<N extends TableName> = Row<Tables[N]> & { readonly id: string };

export type Job = Pick<Keyed<'jobs'>, 'id' | 'kind' | 'state' | 'progress' | 'message' | 'schedule' | 'requested_at' | 'started_at' | 'finished_at'>;
export type SheetProblem = Pick<Keyed<'sheet_problems'>, 'id' | 'tab' | 'cell' | 'header' | 'message' | 'kind'>;
export type Finding = Pick<Keyed<'findings'>, 'id' | 'rule' | 'severity' | 'message'> & { readonly school: Named | null };
export type Case = Pick<Keyed<'cases'>, 'id' | 'title' | 'category' | 'state'> & { readonly school: Named | null };
export type Settings = Pick<Row<Tables['settings']>, 'county_name' | 'due_day' | 'defer_holidays'>;

interface Named {
  readonly name: string;
}

export interface ProblemCount {
  readonly school: string | null;
  readonly count: number;
}

/** The first rows of a list, and how many there are. */
export interface Shown<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

interface Query {
  readonly fields?: readonly string[];
  readonly filter?: unknown;
  readonly sort?: readonly string[];
  readonly limit?: number;
  readonly meta?: string;
  readonly groupBy?: readonly string[];
  readonly aggregate?: unknown;
}

interface Refusal {
  readonly response?: { readonly status?: number };
}

/** Directus takes filters as JSON and lists with commas. */
const asParams = (query: Query) => ({
  ...query,
  fields: query.fields?.join(','),
  sort: query.sort?.join(','),
  filter: query.filter ? JSON.stringify(query.filter) : undefined,
  groupBy: query.groupBy?.join(','),
  aggregate: query.aggregate ? JSON.stringify(query.aggregate) : undefined,
});

interface Answer<T> {
  readonly data: T;
  readonly meta?: { readonly filter_count?: number };
}

/** Null when Directus says that this person may not read it (rights may have changed since sign-in); any other fault is thrown. */
export const ask = async <T>(api: Api, path: string, query: Query): Promise<Answer<T> | null> => {
  try {
    return (await api.http.get<Answer<T>>(path, { params: asParams(query) })).data;
  } catch (error) {
    if ((error as Refusal).response?.status === 403) return null;
    throw error;
  }
};

const askItems = async <T>(api: Api, table: TableName, query: Query): Promise<Answer<T> | null> =>
  api.may('read', table) ? ask<T>(api, `/items/${table}`, query) : null;

export const everything = -1;
const short = 6;

const shown = async <T>(api: Api, table: TableName, query: Query): Promise<Shown<T> | null> => {
  const answer = await askItems<T[]>(api, table, { limit: short, meta: 'filter_count', ...query });
  return answer && { rows: answer.data, total: answer.meta?.filter_count ?? answer.data.length };
};

export const rows = async <T>(api: Api, table: TableName, query: Query): Promise<T[] | null> =>
  (await askItems<T[]>(api, table, query))?.data ?? null;

export const readSettings = async (api: Api): Promise<Settings | null> =>
  (await askItems<Settings>(api, 'settings', { fields: ['county_name', 'due_day', 'defer_holidays'] }))?.data ?? null;

export const readSchools = (api: Api): Promise<School[] | null> =>
  rows<School>(api, 'schools', {
    fields: ['code', 'name', 'township', 'leader', 'leader_phone', 'opened_on', 'closed_on'],
    sort: ['township', 'code'],
    limit: everything,
  });

export const readReports = (api: Api, month: string): Promise<MonthlyReport[] | null> =>
  rows<MonthlyReport>(api, 'monthly_reports', {
    fields: ['school', 'month', 'enrolled', 'participants'],
    // What nobody in the school has answered for is no return yet.
    filter: { month: { _eq: month }, state: { _nin: ['草稿', '待确认'] } },
    limit: everything,
  });

/** The month of the newest return, null where there is none or the person may not see any. */
export const readNewestMonth = async (api: Api): Promise<string | null> => {
  const found = await rows<{ month: string }>(api, 'monthly_reports', { fields: ['month'], sort: ['-month'], limit: 1 });
  return found?.[0]?.month ?? null;
};

/** Open problems that stop a row; hints do not. */
const openProblems = { closed_at: { _null: true }, kind: { _neq: '提示' } };

export const readProblemCounts = async (api: Api): Promise<ProblemCount[] | null> => {
  const counted = await rows<{ school: string | null; count: { id: number | string } }>(api, 'sheet_problems', {
    filter: openProblems,
    groupBy: ['school'],
    aggregate: { count: 'id' },
    limit: everything,
  });
  return counted?.map((one) => ({ school: one.school, count: Number(one.count.id) })).sort((a, b) => b.count - a.count) ?? null;
};

export const readProblems = (api: Api, school: string | null): Promise<Shown<SheetProblem> | null> =>
  shown<SheetProblem>(api, 'sheet_problems', {
    fields: ['id', 'tab', 'cell', 'header', 'message', 'kind'],
    filter: { _and: [openProblems, { school: school === null ? { _null: true } : { _eq: school } }] },
    sort: ['tab', 'sheet_row', 'cell'],
    limit: 20,
  });

export const readFindings = (api: Api): Promise<Shown<Finding> | null> =>
  shown<Finding>(api, 'findings', {
    fields: ['id', 'rule', 'severity', 'message', 'school.name'],
    filter: { state: { _eq: '未办' } },
    sort: ['-opened_at'],
  });

export const readCases = (api: Api): Promise<Shown<Case> | null> =>
  shown<Case>(api, 'cases', {
    fields: ['id', 'title', 'category', 'state', 'school.name'],
    filter: { state: { _in: ['已提交', '评审中'] } },
    sort: ['title'],
  });

/** The latest jobs that were asked for; entries of the schedule that have never run are left out. */
export const readJobs = (api: Api): Promise<Job[] | null> =>
  rows<Job>(api, 'jobs', {
    fields: ['id', 'kind', 'state', 'progress', 'message', 'schedule', 'requested_at', 'started_at', 'finished_at'],
    filter: { requested_at: { _nnull: true } },
    sort: ['-requested_at'],
    limit: short,
  });

/** Queues work for the worker. `arguments` as scripts/jobs/handlers.ts takes them. */
export const queueJob = async (api: Api, kind: Job['kind'], values: Readonly<Record<string, unknown>>): Promise<void> => {
  await api.http.post('/items/jobs', { kind, arguments: values });
};

/** Addresses of the bookmarks that the model brings (schema/directus.ts), by `collection/name`. */
export const readBookmarks = async (api: Api): Promise<ReadonlyMap<string, string>> => {
  const answer = await ask<{ id: number; collection: string; bookmark: string }[]>(api, '/presets', {
    fields: ['id', 'collection', 'bookmark'],
    filter: { bookmark: { _nnull: true }, user: { _null: true } },
    limit: everything,
  });
  return new Map(answer?.data.map((one) => [`${one.collection}/${one.bookmark}`, `/content/${one.collection}?bookmark=${one.id}`]) ?? []);
};
