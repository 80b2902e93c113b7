/**
 * Lets the next sync open the workbooks of schools for which there are rows that no sheet has yet. Changes of rows that stand in a sheet
 * are marked by Directus itself (row-check-hook).
 */
import type { Store } from './store.ts';

export const markWorkbooks = async (store: Store, schools: ReadonlySet<string>): Promise<void> => {
  if (schools.size === 0) return;
  const sources = await store.readRows('sources', { filter: { own: { _eq: '系统模板' } }, fields: ['id', 'school'] });
  const ids = sources.flatMap((one) => (one.school && schools.has(one.school) ? [one.id] : []));
  if (ids.length) await store.updateRows('sources', ids, { outdated: true });
};
