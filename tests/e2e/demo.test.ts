import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { terminalProgress } from '../../scripts/cli.ts';
import type { Config } from '../../scripts/config.ts';
import { runDemo } from '../../scripts/demo.ts';
import { withDirectus } from '../../scripts/directus/server.ts';
import { testWorkspace } from '../helpers/directus.ts';

const progress = terminalProgress(true);
let config: Config;

beforeAll(async () => {
  config = await testWorkspace('sqlite');
});
afterAll(() => rmSync(config.home, { recursive: true, force: true }));

interface Document {
  readonly sync: Record<'sources' | 'opened' | 'read' | 'taken' | 'unchanged' | 'refused' | 'ignored' | 'conflicts' | 'answersWritten', number>;
  readonly notices: Record<'copies' | 'pages' | 'printed' | 'reused' | 'failed' | 'files', number> & { readonly missing: readonly string[] };
  readonly report: { readonly xlsx: string; readonly pdf: string; readonly expected: number; readonly reported: number };
  readonly showcase: { readonly cases: number; readonly index: string; readonly brokenLinks: number };
  readonly stored: Record<'students' | 'openProblems' | 'findings' | 'severe' | 'proposed', number>;
  readonly signIn: readonly { readonly role: string; readonly email: string; readonly password: string }[];
}

/** Every file that people use, by its content. Logs and the database itself are not among them. */
const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/\/(logs|\.tmp)\/|data\.db|directus\.json|\.lock/.test(path))
      .sort()
      // The site stands behind a link, in a folder that has a new name after each build.
      .map((path) => [path.replace(/\/\.showcase-\w+\//, '/showcase/'), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );

const night = ['findings', 'inspections', 'jobs'];

/** How many rows each table holds, history included. */
const rowsStored = (): Promise<number[]> =>
  withDirectus(config, progress, async (_store, { adminStore }) => {
    const counts: number[] = [];
    for (const table of [
      'students',
      'enrolments',
      'fees',
      'attendance',
      'cases',
      'monthly_reports',
      'sheet_problems',
      'notice_copies',
      'sources',
      ...night,
    ]) {
      counts.push((await adminStore.readRows(table as 'students', { fields: ['id'] })).length);
    }
    const [history] = await adminStore.call<{ count: number }[]>('GET', '/revisions?aggregate[count]=*');
    return [...counts, Number(history?.count)];
  });

const casesPublished = (): Promise<number> =>
  withDirectus(config, progress, async (store) => (await store.readRows('cases', { filter: { state: { _eq: '已发布' } }, fields: ['id'] })).length);

/** Rows of the tab 预警 in all workbooks. */
const findingsInWorkbooks = async (): Promise<number> => {
  let rows = 0;
  for (const name of readdirSync(config.sheetsDir).filter((one) => one.endsWith('.xlsx'))) {
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(join(config.sheetsDir, name));
    workbook.getWorksheet('预警')?.eachRow((row) => {
      if (row.values && JSON.stringify(row.values).includes('R-')) rows += 1;
    });
  }
  return rows;
};

test('a county goes through its month in one call, and a second call changes nothing', async () => {
  const first = (await runDemo(config, progress)).json as Document;
  expect(first.sync).toMatchObject({ sources: 12, opened: 12, unchanged: 0, conflicts: 0, answersWritten: 12 });
  expect(first.sync.read).toBe(first.sync.taken + first.sync.unchanged + first.sync.refused + first.sync.ignored + first.sync.conflicts);
  expect(first.sync.refused).toBeGreaterThan(10);
  expect(first.notices).toMatchObject({ printed: first.notices.copies, failed: 0, missing: [], files: first.notices.copies });
  expect(first.notices.copies).toBeGreaterThan(700);
  expect(first.report).toMatchObject({ expected: 12 });
  // The cockpit has something to show before the first night, in the schools' workbooks too.
  expect(first.stored).toMatchObject({ proposed: 3 });
  expect(first.stored.findings).toBeGreaterThan(10);
  expect(first.stored.severe).toBeGreaterThan(5);
  expect(await findingsInWorkbooks()).toBe(first.stored.findings);
  expect(first.showcase.brokenLinks).toBe(0);
  expect(first.showcase.cases).toBeGreaterThan(5);
  // Whatever is published may be: no case of a school with an open 禁 is.
  expect(first.showcase.cases).toBe(await casesPublished());
  for (const file of [first.report.xlsx, first.report.pdf, first.showcase.index]) expect(existsSync(file), file).toBe(true);
  expect(first.signIn.map((one) => one.role)).toEqual(['管理员', '基教股', '宣传']);

  const files = filesOf(config.home);
  const rows = await rowsStored();
  const second = (await runDemo(config, progress)).json as Document;
  expect(second.sync).toMatchObject({ opened: 0, taken: 0, answersWritten: 0 });
  expect(second.stored).toEqual(first.stored);
  expect(second.notices).toMatchObject({ copies: first.notices.copies, printed: 0, reused: first.notices.copies });
  expect(filesOf(config.home)).toEqual(files);
  expect(await rowsStored()).toEqual(rows);
}, 600_000);
