/**
 * Mapping files: how a school's own layout is read, as somebody has written it down, and kept with the school.
 */
import { readFile } from 'node:fs/promises';
import { type Layout, readLayouts } from '../../schema/layout.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { layoutFaults } from '../sync/apply-layout.ts';

/** A mapping file that somebody has edited. Throws UsageError with everything that is wrong with it. */
export const layoutsIn = async (path: string): Promise<readonly Layout[]> => {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`对照文件读不了:${path}`);
  });
  const { layouts, faults } = readLayouts(parseJson(text));
  const all = [...faults, ...layouts.flatMap((layout) => layoutFaults(layout).map((fault) => `「${layout.label}」${fault}`))];
  if (all.length) throw new UsageError(`对照文件有误:${all.join(';')}`);
  return layouts;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('对照文件不是 JSON:多半是少了逗号或引号');
  }
};

/**
 * Keeps the confirmed ones with the school and has its own sheets read again; says how many. Layouts of the same headers replace
 * each other, the others of the school stay. Throws UsageError where there is nothing to keep.
 */
export const rememberLayouts = async (store: Store, code: string, layouts: readonly Layout[]): Promise<number> => {
  const confirmed = layouts.filter((layout) => layout.confirmed);
  const [school] = await store.readRows('schools', { filter: { code: { _eq: code } }, fields: ['code', 'layouts'] });
  if (!school) throw new UsageError(`没有学校 ${code}。请核对 10 位学校标识码。`);
  if (!confirmed.length) throw new UsageError('对照文件里没有一份已确认:核对后把 confirmed 改成 true');
  const others = readLayouts(school.layouts ?? []).layouts.filter((layout) => !confirmed.some((one) => one.fingerprint === layout.fingerprint));
  await store.updateRow('schools', code, { layouts: [...others, ...confirmed] } as never);
  const sources = await store.readRows('sources', { filter: { school: { _eq: code }, own: { _eq: '学校自有' } }, fields: ['id'] });
  if (sources.length)
    await store.updateRows(
      'sources',
      sources.map((one) => one.id),
      { file_hash: '' },
    );
  return confirmed.length;
};
