/** The rows of a print run in Directus: its notice and the copies. Decides nothing about letters. */
import { newRowId } from '../../schema/row-id.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import type { Facts, Notice } from './facts.ts';
import { isThere, runFolder } from './files.ts';
import type { NoticeKind } from './kinds.ts';
import type { Copy } from './plan-run.ts';
import type { PrintDeps } from './run-types.ts';

/** What makes one 变更停课通知 another than the next; the other kinds have one notice per school and term. */
const matterFields = ['words', 'matter', 'from_on', 'to_on', 'reason', 'arrangement'] as const;

const live = (kind: string, school: string, term: string) => ({
  _and: [{ kind: { _eq: kind } }, { school: { _eq: school } }, { term: { _eq: term } }, { state: { _neq: '已撤回' } }],
});

const blank = {
  copies: null,
  pages: null,
  manifest_hash: null,
  printed_at: null,
  dated: null,
  folder: null,
  machine: null,
  template_version: null,
};

/** Notices of one kind at one school that are not withdrawn; those that were printed come first. */
export const liveNotices = async (store: Store, kind: string, school: string, term: string): Promise<Notice[]> => {
  const rows = await store.readRows('notices', { filter: live(kind, school, term), sort: ['id'] });
  return [...rows.filter(({ printed_at }) => printed_at), ...rows.filter(({ printed_at }) => !printed_at)];
};

/** The notice of one matter at this school, as far as there is one. */
const sameMatter = (rows: readonly Notice[], wanted: Notice): Notice | null =>
  rows.find((row) => row.id === wanted.id) ?? rows.find((row) => row.matter === wanted.matter && row.from_on === wanted.from_on) ?? null;

/**
 * The notice that this run prints, or null when there is none yet. `id` names the row whose words and matter count; for another
 * school they are taken over from it. Throws UsageError when the row is not there, is of another kind, or when it is not clear which.
 */
export const findNotice = async (store: Store, kind: NoticeKind, facts: Facts, id?: string): Promise<Notice | null> => {
  const rows = await liveNotices(store, kind.name, facts.school.code, facts.term.id);
  if (id === undefined) {
    if (rows.length > 1 && kind.name === '变更停课通知')
      throw new UsageError(
        `${facts.school.name}本学期有 ${rows.length} 份「${kind.name}」:请用 --notice 指明行号:${rows.map((row) => row.id).join('、')}。`,
      );
    return rows[0] ?? null;
  }
  const [wanted] = await store.readRows('notices', { filter: { id: { _eq: id } }, limit: 1 });
  if (!wanted) throw new UsageError(`没有行号为 ${id} 的通知:请核对 Directus「通知」里的行号。`);
  if (wanted.kind !== kind.name) throw new UsageError(`行号 ${id} 是「${wanted.kind}」,不是「${kind.name}」:请核对 --kind 和 --notice。`);
  const found = sameMatter(rows, wanted);
  const taken = Object.fromEntries(matterFields.map((field) => [field, wanted[field] ?? null]));
  if (found) return { ...found, ...taken };
  return { ...wanted, ...blank, ...taken, id: newRowId(), school: facts.school.code, term: facts.term.id, state: '待印' } as Notice;
};

/** Where this machine has the letters of a notice: the folder on record, else, where that is another machine's, its own. */
export const folderHere = async (deps: Pick<PrintDeps, 'config'>, facts: Facts, notice: Notice): Promise<string> =>
  notice.folder && (await isThere(notice.folder))
    ? notice.folder
    : runFolder(deps.config.folders.notices, { ...facts, matter: notice.kind === '变更停课通知' ? notice : null }, notice.kind);

/** Writes the notice down as being printed; where there is no row, `create` makes it. */
export const openNotice = async (
  store: Store,
  facts: Facts,
  found: Notice | null,
  kind: string,
  printing: { readonly dated: string; readonly folder: string; readonly machine: string; readonly template_version: string },
  create: (notice: Notice) => Promise<void>,
): Promise<Notice> => {
  const values = { ...printing, state: '印制中' as const };
  const [there] = found ? await store.readRows('notices', { filter: { id: { _eq: found.id } }, limit: 1 }) : [];
  const taken = found ? Object.fromEntries(matterFields.map((field) => [field, found[field] ?? null])) : {};
  if (there) {
    await store.updateRow('notices', there.id, { ...values, ...taken });
    return { ...there, ...taken, ...values } as Notice;
  }
  const notice = { ...blank, id: found?.id ?? newRowId(), kind, school: facts.school.code, term: facts.term.id, ...taken, ...values } as Notice;
  await create(notice);
  return notice;
};

export const readValid = (store: Store, notice: string): Promise<Copy[]> =>
  store.readRows('notice_copies', { filter: { _and: [{ notice: { _eq: notice } }, { state: { _eq: '有效' } }] } });

export const validCopies = async (store: Store, notice: Pick<Notice, 'id'> | null): Promise<Map<string, Copy[]>> => {
  const byStudent = new Map<string, Copy[]>();
  if (!notice) return byStudent;
  for (const copy of await readValid(store, notice.id)) byStudent.set(copy.student, [...(byStudent.get(copy.student) ?? []), copy]);
  return byStudent;
};

/** Addresses that families of a school have left on whichever letter, by student; a newer letter's goes before an older one's. */
export const readAddresses = async (store: Store, school: string): Promise<Map<string, string>> => {
  const copies = await store.readRows('notice_copies', {
    filter: { _and: [{ school: { _eq: school } }, { mail_to: { _nnull: true } }] },
    fields: ['student', 'mail_to'],
    sort: ['printed_at'],
  });
  return new Map(copies.flatMap(({ student, mail_to }): [string, string][] => (mail_to ? [[student, mail_to]] : [])));
};
