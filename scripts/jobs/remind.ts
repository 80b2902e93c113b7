/**
 * Who has not reported yet, and what each school has to mend: a list for the phone and for the group chat.
 * Writes a text file; it sends nothing.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../directus/store.ts';
import { dueDate, isOpenIn } from './months.ts';

export interface Reminder {
  readonly school: string;
  readonly name: string;
  readonly leader: string | null;
  readonly reported: boolean;
  readonly openProblems: number;
}

export interface RemindResult {
  readonly month: string;
  readonly due: string;
  readonly expected: number;
  readonly missing: number;
  readonly withProblems: number;
  readonly file: string;
}

/** Schools that still owe the month's return or have open problems, by township. */
export const findReminders = async (store: Store, month: string): Promise<Reminder[]> => {
  const [schools, reports, problems] = await Promise.all([
    store.readRows('schools', { sort: ['township', 'code'] }),
    store.readRows('monthly_reports', { filter: { month: { _eq: month } }, fields: ['id', 'school'] }),
    store.readRows('sheet_problems', { filter: { closed_at: { _null: true }, kind: { _neq: '提示' } }, fields: ['id', 'school'] }),
  ]);
  const reported = new Set(reports.map((one) => one.school));
  const open = new Map<string, number>();
  for (const one of problems) if (one.school) open.set(one.school, (open.get(one.school) ?? 0) + 1);
  return schools
    .filter((school) => isOpenIn(month, school.opened_on, school.closed_on))
    .map((school) => ({
      school: school.code,
      name: school.name,
      leader: school.leader,
      reported: reported.has(school.code),
      openProblems: open.get(school.code) ?? 0,
    }));
};

const line = (one: Reminder): string =>
  `${one.name}${one.leader ? `(${one.leader})` : ''}:${one.reported ? '' : '月报还没有收到;'}${one.openProblems ? `填报表里有 ${one.openProblems} 处要改,见第一个工作表的问题清单;` : ''}`.replace(
    /;$/,
    '。',
  );

export const remindSchools = async (store: Store, folder: string, month: string): Promise<RemindResult> => {
  const settings = await store.readSettings();
  const due = dueDate(month, settings);
  const all = await findReminders(store, month);
  const owing = all.filter((one) => !one.reported || one.openProblems > 0);
  const text = [
    `各校课后服务负责人:${month} 月报请于 ${due} 前报齐。以下学校还差:`,
    '',
    ...(owing.length ? owing.map((one, index) => `${index + 1}. ${line(one)}`) : ['各校均已报齐,谢谢。']),
    '',
  ].join('\n');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${month}_催报名单.txt`);
  await writeFile(`${file}.part`, text, 'utf8');
  await rename(`${file}.part`, file);
  return {
    month,
    due,
    expected: all.length,
    missing: all.filter((one) => !one.reported).length,
    withProblems: all.filter((one) => one.openProblems > 0).length,
    file,
  };
};
