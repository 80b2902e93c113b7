/**
 * The month in one page of text: what came in, what is missing, what is wrong. For the bureau's own eyes and its superiors.
 * Counts only; no names of children or staff.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rateOf } from '../../schema/derive.ts';
import { isReported } from '../../schema/monthly-return.ts';
import type { Store } from '../directus/store.ts';
import { isOpenIn } from './months.ts';

export interface Digest {
  readonly month: string;
  readonly expected: number;
  readonly reported: number;
  readonly enrolled: number;
  readonly participants: number;
  readonly rate: number | null;
  readonly openProblems: number;
  readonly openFindings: number;
  readonly publishedCases: number;
}

export const gatherDigest = async (store: Store, month: string): Promise<Digest> => {
  const [schools, rows, problems, findings, cases] = await Promise.all([
    store.readRows('schools', { fields: ['code', 'opened_on', 'closed_on'] }),
    store.readRows('monthly_reports', { filter: { month: { _eq: month } }, fields: ['id', 'school', 'state', 'enrolled', 'participants'] }),
    store.readRows('sheet_problems', { filter: { closed_at: { _null: true }, kind: { _neq: '提示' } }, fields: ['id'] }),
    store.readRows('findings', { filter: { state: { _eq: '未办' } }, fields: ['id'] }),
    store.readRows('cases', { filter: { state: { _eq: '已发布' }, published_on: { _between: [`${month}-01`, `${month}-31`] } }, fields: ['id'] }),
  ]);
  const reports = rows.filter(isReported);
  const sum = (name: 'enrolled' | 'participants') => reports.reduce((total, report) => total + (report[name] ?? 0), 0);
  const [enrolled, participants] = [sum('enrolled'), sum('participants')];
  return {
    month,
    expected: schools.filter((school) => isOpenIn(month, school.opened_on, school.closed_on)).length,
    reported: new Set(reports.map((report) => report.school)).size,
    enrolled,
    participants,
    rate: rateOf(participants, enrolled),
    openProblems: problems.length,
    openFindings: findings.length,
    publishedCases: cases.length,
  };
};

export const digestText = (county: string, digest: Digest): string =>
  [
    `${county}课后服务 ${digest.month} 简报`,
    '',
    `一、报送:应报 ${digest.expected} 所,已报 ${digest.reported} 所。`,
    `二、参加:在校学生 ${digest.enrolled} 人,参加 ${digest.participants} 人${digest.rate === null ? '' : `,参与率 ${digest.rate}%`}。`,
    `三、待办:填报表里有误 ${digest.openProblems} 处,未办预警 ${digest.openFindings} 条。`,
    `四、案例:本月发布 ${digest.publishedCases} 篇。`,
    '',
  ].join('\n');

export const writeDigest = async (store: Store, folder: string, month: string): Promise<Digest & { file: string }> => {
  const [digest, settings] = await Promise.all([gatherDigest(store, month), store.readSettings()]);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${month}_简报.txt`);
  await writeFile(`${file}.part`, digestText(settings.county_name, digest), 'utf8');
  await rename(`${file}.part`, file);
  return { ...digest, file };
};
