/**
 * What the screen 案例发布 asks for: cases with the person's own rights, the desk of showcase-endpoint, and jobs through job-endpoint.
 */
import { caseAdoptions } from '../../../schema/cases/records.ts';
import type { Row, Tables } from '../../../schema/index.ts';
import { type Api, ask, everything } from './read-cockpit.ts';

export type PublishedCase = Pick<Row<Tables['cases']>, 'title' | 'category' | 'state' | 'award' | 'published_on' | 'adoptions'> & {
  readonly id: string;
  readonly school: { readonly code: string; readonly name: string; readonly township: string } | null;
};

export interface Product {
  readonly file: string;
  readonly kind: string;
  readonly title: string;
  readonly at: string;
}

export interface Views {
  readonly item: string;
  readonly views: number;
  readonly month: number;
}

export interface CaseJob {
  readonly id: string;
  readonly do: string;
  readonly state: string;
  readonly message: string | null;
  readonly requested_at: string | null;
  readonly finished_at: string | null;
  readonly result: { readonly previewed?: readonly { readonly id: string; readonly title: string; readonly page: string }[] } | null;
}

export interface NamedSchool {
  readonly code: string;
  readonly name: string;
  readonly township: string;
}

export const mayPublish = (api: Api): boolean => api.may('update', 'cases');

const fields = ['id', 'title', 'category', 'state', 'award', 'published_on', 'adoptions', 'school.code', 'school.name', 'school.township'];

/** Cases that have passed, are up, or have been taken down. */
export const readPublishable = async (api: Api): Promise<PublishedCase[]> => {
  const query = { fields, filter: { state: { _in: ['通过', '已发布', '已撤回'] } }, sort: ['-published_on', 'title'], limit: everything };
  return (await ask<PublishedCase[]>(api, '/items/cases', query))?.data ?? [];
};

export const readSchoolNames = async (api: Api): Promise<NamedSchool[]> =>
  (await ask<NamedSchool[]>(api, '/items/schools', { fields: ['code', 'name', 'township'], sort: ['township', 'code'], limit: everything }))?.data ??
  [];

export const readDeskState = async (api: Api): Promise<{ readonly products: readonly Product[]; readonly views: readonly Views[] }> =>
  (await api.http.get<{ data: { products: Product[]; views: Views[] } }>('/showcase/~desk/state')).data.data;

export const readCaseJobs = async (api: Api): Promise<CaseJob[]> => (await api.http.get<{ data: CaseJob[] }>('/kehou-jobs/cases')).data.data;

/** Queues work with cases; `values` as schema/cases/request.ts reads them. */
export const queueCaseWork = async (api: Api, values: Readonly<Record<string, unknown>>): Promise<void> =>
  void (await api.http.post('/kehou-jobs/cases', values));

export interface Adopted {
  readonly school: string;
  readonly on: string;
  readonly note: string;
  readonly result: string;
}

/** Enters at the case that a school took it over; what was entered for the school before is replaced. */
export const saveAdoption = async (api: Api, id: string, entered: Adopted): Promise<void> => {
  // Read afresh: somebody else may have entered another school meanwhile.
  const now = await ask<{ adoptions: unknown }>(api, `/items/cases/${id}`, { fields: ['adoptions'] });
  const others = caseAdoptions(now?.data.adoptions).filter(({ school }) => school !== entered.school);
  await api.http.patch(`/items/cases/${id}`, { adoptions: [...others, entered] });
};
