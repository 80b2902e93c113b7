/**
 * What the judging screen asks for: cases and reviews with the person's own rights, and the desk of case-endpoint.
 */
import type { Conventions } from '../../../schema/cases/conventions.ts';
import type { Row, Tables } from '../../../schema/index.ts';
import { type Api, ask, everything } from './read-cockpit.ts';

type Keyed<N extends keyof Tables> = Row<Tables[N]> & { readonly id: string };

export type JudgedCase = Pick<
  Keyed<'cases'>,
  'id' | 'title' | 'category' | 'state' | 'formal' | 'formal_state' | 'figures' | 'score' | 'rank' | 'rank_reason' | 'award' | 'advice'
> & {
  readonly school: { readonly code: string; readonly name: string; readonly township: string } | null;
};
export type Review = Pick<Keyed<'case_reviews'>, 'id' | 'reviewer' | 'state' | 'total' | 'verdict' | 'advice'> & { readonly case: string };
export type HintedSchool = Pick<Row<Tables['schools']>, 'code' | 'name' | 'township' | 'case_hint'>;

export interface Desk {
  readonly conventions: Conventions;
  readonly progress: readonly { readonly case: string; readonly reviewers: readonly { readonly name: string; readonly state: string }[] }[];
  readonly reviewers: readonly { readonly name: string; readonly address: string; readonly asked: number; readonly done: number }[];
  readonly gates: Readonly<Record<string, readonly string[]>>;
  readonly checking: boolean;
}

export const mayJudge = (api: Api): boolean => api.may('update', 'cases') && api.may('update', 'case_reviews');

const caseFields = [
  'id',
  'title',
  'category',
  'state',
  'formal',
  'formal_state',
  'figures',
  'score',
  'rank',
  'rank_reason',
  'award',
  'advice',
  'school.code',
  'school.name',
  'school.township',
];

export const readCases = async (api: Api): Promise<JudgedCase[]> => {
  const query = { fields: caseFields, filter: { state: { _neq: '已撤回' } }, sort: ['rank', 'title'], limit: everything };
  return (await ask<JudgedCase[]>(api, '/items/cases', query))?.data ?? [];
};

export const readReviews = async (api: Api): Promise<Review[]> => {
  const query = { fields: ['id', 'case', 'reviewer', 'state', 'total', 'verdict', 'advice'], limit: everything };
  return (await ask<Review[]>(api, '/items/case_reviews', query))?.data ?? [];
};

export const readHints = async (api: Api): Promise<HintedSchool[]> => {
  const query = { fields: ['code', 'name', 'township', 'case_hint'], filter: { case_hint: { _nnull: true } }, limit: everything };
  return (await ask<HintedSchool[]>(api, '/items/schools', query))?.data ?? [];
};

export const readDesk = async (api: Api): Promise<Desk> => (await api.http.get<{ data: Desk }>('/kehou-cases/desk')).data.data;

export const queueCheck = async (api: Api): Promise<void> => void (await api.http.post('/kehou-cases/check'));
export const openMarks = async (api: Api, id: string): Promise<void> => void (await api.http.post('/kehou-cases/open', { case: id }));
export const noteAsked = async (api: Api, school: string): Promise<void> => void (await api.http.post('/kehou-cases/asked', { school }));
export const saveCase = async (api: Api, id: string, values: Readonly<Record<string, unknown>>): Promise<void> =>
  void (await api.http.patch(`/items/cases/${id}`, values));
