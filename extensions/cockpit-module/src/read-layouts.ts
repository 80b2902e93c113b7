/**
 * What the mapping screen asks Directus for and writes there. Layouts are read again right before each write: a sync, or somebody
 * else, may have changed them since the page was opened.
 */
import type { Layout } from '../../../schema/layout.ts';
import { type FieldSetup, liveTables } from '../../../schema/live-tables.ts';
import { filledTabs, type Tab, tabsOf } from '../../../schema/sheets.ts';
import { type AskedSource, type KeptSchool, type LayoutGroup, withLayouts } from './layout-groups.ts';
import { type Api, ask, everything, rows } from './read-cockpit.ts';

/** Whether the signed-in person can decide layouts at all. */
export const mayDecide = (api: Api): boolean => api.may('read', 'sources') && api.may('update', 'sources') && api.may('update', 'schools');

export const readAsked = async (api: Api): Promise<AskedSource[] | null> => {
  const found = await rows<AskedSource>(api, 'sources', {
    fields: ['id', 'place', 'school.code', 'school.name', 'proposals'],
    filter: { proposals: { _nnull: true } },
    sort: ['school.name', 'place'],
    limit: everything,
  });
  return found?.filter(({ proposals }) => proposals?.length) ?? null;
};

export const readKept = async (api: Api): Promise<KeptSchool[] | null> => {
  const found = await rows<KeptSchool>(api, 'schools', {
    fields: ['code', 'name', 'layouts'],
    filter: { layouts: { _nnull: true } },
    sort: ['name'],
    limit: everything,
  });
  return found?.filter(({ layouts }) => layouts?.length) ?? null;
};

/** The columns as Directus has them now, with what staff added. */
export const readTabs = async (api: Api): Promise<readonly Tab[]> =>
  filledTabs(tabsOf(liveTables((await ask<FieldSetup[]>(api, '/fields', {}))?.data ?? [])));

interface OwnSource {
  readonly id: string;
  readonly proposals: readonly Layout[] | null;
}

/** Every own sheet of the school is read again by the next sync, and asks no more about this header. */
const readAgain = async (api: Api, code: string, fingerprint: string): Promise<void> => {
  const filter = { _and: [{ school: { _eq: code } }, { _or: [{ own: { _null: true } }, { own: { _neq: '系统模板' } }] }] };
  const sources = (await rows<OwnSource>(api, 'sources', { fields: ['id', 'proposals'], filter, limit: everything })) ?? [];
  for (const { id, proposals } of sources) {
    const open = proposals?.filter((layout) => layout.fingerprint !== fingerprint) ?? null;
    await api.http.patch(`/items/sources/${id}`, { file_hash: '', ...(open?.length === proposals?.length ? {} : { proposals: open }) });
  }
};

/** Keeps `parts` as what the school's header means; without any, the header has no meaning of its own again. */
export const keepLayouts = async (api: Api, { school, fingerprint }: LayoutGroup, parts: readonly Layout[]): Promise<void> => {
  if (!school) throw new Error('这份表还没有选学校');
  const path = `/items/schools/${school.code}`;
  const kept = (await ask<{ layouts: readonly Layout[] | null }>(api, path, { fields: ['layouts'] }))?.data.layouts ?? [];
  await api.http.patch(path, { layouts: withLayouts(kept, fingerprint, parts) });
  await readAgain(api, school.code, fingerprint);
};
