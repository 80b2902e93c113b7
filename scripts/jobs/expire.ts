/**
 * What the letter promises of its own copies (N17, P3): kept so many months after the service has ended (县级参数「学生信息保存月数」), then
 * deleted. The letter, its words, the answer and the address for mail go; that there was a letter, with its code, stays.
 */
import { rm } from 'node:fs/promises';
import { shiftMonth } from '../../schema/months.ts';
import type { Store } from '../directus/store.ts';
import { readManifest } from '../notices/manifest.ts';
import { finishRemoving, removeOnce } from '../notices/remove-once.ts';
import { storeTexts } from '../notices/store-letters.ts';
import { noticeFolder } from '../notices/upload.ts';

export interface ExpireResult {
  readonly notices: number;
  readonly copies: number;
  /** Files taken out of Directus. */
  readonly files: number;
  /** Folders that are not on this machine, or not of their notice any more: somebody has to look there. */
  readonly elsewhere: readonly string[];
}

/** The same day so many months later; the last of a month that is shorter. */
const monthsLater = (day: string, months: number): string => {
  const month = shiftMonth(day.slice(0, 7), months);
  const last = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
  return `${month}-${String(Math.min(Number(day.slice(8)), last)).padStart(2, '0')}`;
};

const gone = {
  state: '已撤回',
  file: null,
  text_hash: null,
  answer: null,
  mail_to: null,
  delivery: null,
  deliveries: null,
  phone_misses: null,
} as const;

/** Removes the folder of a notice with everything in it, and its zip; never one that holds something else. */
const removeFolder = async (folder: string, notice: string): Promise<boolean> => {
  if ((await readManifest(folder))?.notice !== notice) return false;
  await rm(folder, { recursive: true, force: true });
  await rm(`${folder}.zip`, { force: true });
  return true;
};

/** `today` is the county's day. */
export const expireLetters = async (store: Store, today: string): Promise<ExpireResult> => {
  const { retention_months } = await store.readSettings();
  const terms = (await store.readRows('terms')).filter((term) => monthsLater(term.service_ends_on ?? term.ends_on, retention_months ?? 12) < today);
  const notices = terms.length
    ? await store.readRows('notices', {
        filter: { _and: [{ term: { _in: terms.map(({ id }) => id) } }, { printed_at: { _nnull: true } }, { folder: { _nnull: true } }] },
      })
    : [];
  const schools = new Map((await store.readRows('schools', { fields: ['code', 'name'] })).map(({ code, name }) => [code, name]));
  const elsewhere: string[] = [];
  let [copies, files] = [0, 0];
  for (const notice of notices) {
    const shelf = await store.findFolder(noticeFolder(schools.get(notice.school) ?? '', notice.term, notice.kind));
    const folder = notice.folder as string;
    await finishRemoving(store, folder);
    const shared = shelf ? await store.listFiles(shelf) : [];
    if (shelf) await removeOnce(store, folder, { shelf, files: shared });
    if (!(await removeFolder(folder, notice.id))) elsewhere.push(folder);
    const held = await store.readRows('notice_copies', { filter: { notice: { _eq: notice.id } }, fields: ['id'] });
    if (held.length > 0)
      await store.updateRows(
        'notice_copies',
        held.map(({ id }) => id),
        gone,
      );
    await storeTexts(store, notice.school, []);
    // Last, so that one which was cut short is taken up again.
    await store.updateRow('notices', notice.id, { folder: null, machine: null, manifest_hash: null });
    copies += held.length;
    files += shared.length;
  }
  return { notices: notices.length, copies, files, elsewhere };
};
