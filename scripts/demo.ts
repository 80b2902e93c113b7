/**
 * `npm run demo`: a county's month from end to end on this machine. Workbooks in, answers out, letters, what the rules find and whom to visit,
 * the county table, the case site; then where everything is. Running it again changes nothing.
 */

import { relative } from 'node:path';
import { severeRules } from '../schema/cases/gate.ts';
import type { Choice } from '../schema/cases/request.ts';
import { asksAnswer, openFindingStates } from '../schema/findings.ts';
import { workOnCases } from './cases.ts';
import { type Command, main, type Outcome, type Progress } from './cli.ts';
import { type Config, loadConfig, repositoryRoot } from './config.ts';
import { sampleDay } from './county/county.ts';
import { drawPhotos } from './demo/draw-photos.ts';
import { seedCounty } from './demo/seed.ts';
import { type Session, withDirectus } from './directus/server.ts';
import type { Store } from './directus/store.ts';
import { syncSheets } from './intake/run-sync.ts';
import type { SyncSummary } from './intake/summary.ts';
import { monthOf, shiftMonth } from './jobs/months.ts';
import { sharedBrowser } from './notices/press-room.ts';
import { type PrintResult, printNotices } from './notices/print-run.ts';
import { buildReport } from './report/build.ts';
import { evaluateRules } from './rules/evaluate.ts';
import { buildWithPress } from './showcase/case-work.ts';
import { templatesFolder } from './showcase.ts';
import { proposeInspections } from './supervision/propose.ts';

/** What the bureau has heard from schools that took a case over. */
const adoptedBy = (schools: readonly string[]) =>
  schools.map((school, index) => ({
    school,
    on: `2026-11-${20 + index}`,
    note: '先在两个年级试行,请写案例的学校来讲过一次。',
    result: index === 0 ? '试行三周,家长的询问少了一半。' : '',
  }));

/** The bureau's part of the month, played once: cases that came in are reviewed and most of them published. */
const publishCases = async (store: Store): Promise<number> => {
  const cases = await store.readRows('cases', { sort: ['title'] });
  if (cases.some((one) => one.state !== '已提交')) return 0;
  const severe = severeRules(await store.readRows('findings', { fields: ['school', 'rule', 'severity', 'state'] }));
  const ready = cases.filter(
    (one) => one.photo_consent === true && one.name_consent === true && one.formal_state === '合格' && !severe.has(one.school),
  );
  const awards = ['一等奖', '二等奖', '三等奖'];
  for (const [index, one] of ready.entries()) {
    await store.updateRow('cases', one.id, {
      state: '已发布',
      published_on: `2026-11-${String(5 + index).padStart(2, '0')}`,
      award: awards[index] ?? null,
      ...(index === 0 ? { adoptions: adoptedBy(ready.slice(1, 3).map(({ school }) => school)) } : {}),
    });
  }
  return ready.length;
};

/** The sample's months lie in the past: a return that is stored for the first time arrives on the day its clerk filled it in. */
const playArrivals = async (store: Store): Promise<void> => {
  const reports = await store.readRows('monthly_reports', { fields: ['id', 'filled_on', 'first_valid_at'] });
  for (const { id, filled_on: day, first_valid_at: at } of reports) {
    if (day && at && at.slice(0, 10) > day) await store.updateRow('monthly_reports', id, { first_valid_at: `${day}T02:00:00.000Z` });
  }
};

/** The night's work, played once for the day of the sample: what the rules find, and the schools to visit. */
const playNight = async (config: Config, store: Store) => {
  const night = { timezone: config.timezone, today: sampleDay };
  if ((await store.readRows('findings', { fields: ['id'], limit: 1 })).length === 0) await evaluateRules(store, night);
  const visits = await store.readRows('inspections', { filter: { proposed_at: { _nnull: true } }, fields: ['id'] });
  if (visits.length === 0) await proposeInspections(store, { ...night, count: 3 });
};

const addUp = (results: readonly PrintResult[]) => {
  const sum = (of: (one: PrintResult) => number) => results.reduce((total, one) => total + of(one), 0);
  return {
    copies: sum((one) => one.copies),
    pages: sum((one) => one.pages),
    printed: sum((one) => one.printed),
    reused: sum((one) => one.reused),
    superseded: sum((one) => one.superseded),
    failed: sum((one) => one.failed),
    files: sum((one) => one.files.length),
    classFiles: sum((one) => one.classFiles.length),
  };
};

/** Letters for every school that has students; one that lacks a required element says so and does not stop the others. */
const printAll = async (config: Config, store: Store, progress: Progress) => {
  const [schools, students] = await Promise.all([
    store.readRows('schools', { fields: ['code', 'name'] }),
    store.readRows('students', { filter: { status: { _eq: '在册' } }, fields: ['id', 'school'] }),
  ]);
  const withStudents = new Set(students.map((one) => one.school));
  const browser = sharedBrowser();
  const results: PrintResult[] = [];
  try {
    for (const school of schools) {
      if (!withStudents.has(school.code)) continue;
      results.push(await printNotices({ store, config, progress, room: browser }, { kind: '告家长书', school: school.code, dated: '2026-09-01' }));
    }
  } finally {
    await browser.close();
  }
  return { ...addUp(results), folder: config.folders.notices, missing: results.flatMap((one) => one.missing.map((line) => `${one.school}:${line}`)) };
};

const signInOf = (session: Session) => Object.values(session.secrets.signIn).map(({ role, email, password }) => ({ role, email, password }));

const shown = (path: string): string => {
  const near = relative(repositoryRoot, path);
  return near.startsWith('..') ? path : near;
};

const rowsLine = (sync: Omit<SyncSummary, 'files'>): string =>
  sync.opened
    ? `读到 ${sync.read} 行 = 已收 ${sync.taken} + 未变 ${sync.unchanged} + 有误 ${sync.refused} + 略过 ${sync.ignored} + 冲突 ${sync.conflicts}`
    : `${sync.sources} 个填报表都没有变动,一个也不用打开`;

/** Plays the month in the workspace of `config`. Whatever is done already is left as it is. */
export const runDemo = async (config: Config, progress: Progress): Promise<Outcome> => {
  const began = Date.now();
  const document = await withDirectus(config, progress, async (store, session) => {
    await seedCounty(config, store, progress, sampleDay);
    const { files: _files, ...sync } = await syncSheets(config, store, progress);
    await playArrivals(store);
    const notices = await printAll(config, store, progress);
    await playNight(config, store);
    await drawPhotos(config, store);
    await workOnCases(config, store, progress, { check: true, suggest: true });
    await publishCases(store);
    // What the bureau has decided, and what the rules ask, goes back into the schools' sheets.
    await syncSheets(config, store, progress);
    const report = await buildReport(config, store, progress, { month: shiftMonth(monthOf(sampleDay), -1) });
    const brochures: Choice[] = [{ kind: 'all' }];
    const showcase = await buildWithPress({ store, config, templates: templatesFolder, step: (line) => progress.note(line) }, { brochures });
    const [students, open, findings, visits] = await Promise.all([
      store.readRows('students', { fields: ['id'] }),
      store.readRows('sheet_problems', { filter: { closed_at: { _null: true }, kind: { _neq: '提示' } }, fields: ['id'] }),
      store.readRows('findings', { filter: { state: { _in: [...openFindingStates] } }, fields: ['severity'] }),
      store.readRows('inspections', { filter: { state: { _eq: '建议' } }, fields: ['id'] }),
    ]);
    const severe = findings.filter(asksAnswer).length;
    const stored = { students: students.length, openProblems: open.length, findings: findings.length, severe, proposed: visits.length };
    return { sync, notices, report, showcase, stored, signIn: signInOf(session) };
  });
  const ms = Date.now() - began;
  const { sync, notices, report, showcase, stored, signIn } = document;
  const text = [
    '',
    `课后 Kehou · ${config.county} 的一个月,已在本机走完一遍(${(ms / 1000).toFixed(0)} 秒)`,
    '',
    `  填报表   ${rowsLine(sync)}`,
    `           库内学生 ${stored.students} 人;待改 ${stored.openProblems} 处,已写回各校工作簿:${shown(config.sheetsDir)}`,
    `  告家长书 ${notices.copies} 份 ${notices.pages} 页(新印 ${notices.printed},沿用 ${notices.reused}),按班合订 ${notices.classFiles} 册:${shown(notices.folder)}`,
    `  预警     未办 ${stored.findings} 项,其中禁、须 ${stored.severe} 项,已写进各校工作簿的「预警」;建议督导 ${stored.proposed} 所`,
    `  统计表   ${report.month} 应报 ${report.expected} 所,已报 ${report.reported} 所:`,
    `           ${shown(report.xlsx)}`,
    `           ${shown(report.pdf)}`,
    `  案例网站 ${showcase.cases} 篇:${shown(showcase.index)}(运行 npm start 后也在 ${config.publicUrl}/showcase/)`,
    '',
    `  登录     ${config.publicUrl}/admin`,
    ...signIn.map((one) => `           ${one.role}  ${one.email}  ${one.password}`),
    '',
    '  接着运行 npm start 打开系统。',
  ].join('\n');
  return { json: { sync, notices, report, showcase, stored, signIn, ms }, text };
};

const options = {} as const;

export const demoCommand: Command<typeof options> = {
  name: 'demo',
  summary: "演示:在本机走完一个县的一个月(12 所学校、720 名学生,全部虚构)/ a county's month on this machine, all invented",
  options,
  examples: ['npm run demo'],
  run: (_flags, _words, progress) => runDemo(loadConfig(), progress),
};

await main(import.meta, demoCommand);
