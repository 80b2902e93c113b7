import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InspectJson } from '../../scripts/inspect.ts';
import { startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { runReal } from '../helpers/real-command.ts';

const schools = ['2141990001', '2141990002', '2141990003'];
const watched = ['inspections', 'complaints', 'findings', 'jobs', 'notices', 'monthly_reports'] as const;

describe('npm run inspect', () => {
  let directus: TestDirectus;

  const inspect = (...flags: string[]) => runReal(directus, 'inspect', flags);
  const stored = async () => ({
    ...Object.fromEntries(await Promise.all(watched.map(async (table) => [table, await directus.store.readRows(table)]))),
    files: await directus.adminStore.call('GET', '/files?limit=-1&fields=id,title'),
    folders: await directus.adminStore.call('GET', '/folders?limit=-1'),
    changes: await Promise.all(
      (await directus.store.readRows('inspections')).map((one) => directus.store.call('GET', `/kehou-ingest/changes/inspections/${one.id}`)),
    ),
    activity: await directus.adminStore.call('GET', '/activity?aggregate[count]=*&filter[action][_in]=create,update,delete'),
  });
  const written = (): string[] => {
    const { folders } = directus.config;
    return [folders.reports, folders.uploads].flatMap((folder) =>
      existsSync(folder)
        ? readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((one) => (one.isFile() ? [join(one.parentPath, one.name)] : []))
        : [],
    );
  };

  beforeAll(async () => {
    directus = await startTestDirectus();
    const { store } = directus;
    await store.updateSettings({ bureau_name: '汝南县教育局(示例)', office_name: '基础教育股', inspections_each: 2, inspections_random: 50 });
    await store.createRows(
      'schools',
      schools.map((code, index) => ({ code, name: `示例小学${index + 1}`, type: '小学', township: '柳林镇' })),
    );
    await store.createRows('complaints', [
      { id: 'C1', school: schools[0] as string, received_on: '2026-11-10', details: '多收一个月', state: '待办' },
    ]);
    await store.createRows('inspections', [
      {
        id: 'D1',
        school: schools[2] as string,
        state: '已完成',
        inspected_on: '2026-11-16',
        inspectors: ['周督学'],
        measure: '整改',
        faults: '多收一个月费用',
        demand: '退还多收的费用',
      },
    ]);
  });
  afterAll(() => directus?.stop());

  test('--dry-run says what it would do, and changes neither a row nor a file', async () => {
    const before = await stored();
    const files = written();
    const asJson = await inspect('--propose', '--letters', '--overdue', '--dry-run', '--json');
    expect(asJson).toMatchObject({ code: 0, err: '' });
    const said = JSON.parse(asJson.out) as InspectJson;
    expect(said.proposals).toHaveLength(2);
    expect(said.proposals?.[0]).toMatchObject({ code: schools[0], chosenBy: '风险', because: expect.stringContaining('未办结投诉 1 件') });
    expect(said.letters).toMatchObject([{ inspection: 'D1', kind: '整改', school: '示例小学3', state: '新印' }]);
    expect(said.overdue).toEqual([]);
    const inWords = await inspect('--propose', '--letters', '--dry-run');
    expect(inWords.code).toBe(0);
    expect(inWords.out).toContain('建议督导 2 所。只建议,没有登记。');
    expect(inWords.out).toContain(`风险 示例小学1(${schools[0]})`);
    expect(inWords.out).toContain('整改 示例小学3:会新印');
    expect(inWords.out).toContain('只看结果,没有印。');
    expect(await stored()).toEqual(before);
    expect(written()).toEqual(files);
  });

  test('without --dry-run exactly that is done', async () => {
    const told = JSON.parse((await inspect('--propose', '--letters', '--dry-run', '--json')).out) as InspectJson;
    const done = await inspect('--propose', '--letters', '--json');
    expect(done.code).toBe(0);
    const said = JSON.parse(done.out) as InspectJson;
    expect(said.proposals).toEqual(told.proposals);
    expect(said).toMatchObject({ complaints: 1, printed: 1, reused: 0, incomplete: 0 });
    const rows = await directus.store.readRows('inspections', { filter: { state: { _eq: '建议' } } });
    expect(rows.map((one) => one.school).sort()).toEqual((said.proposals ?? []).map((one) => one.code).sort());
    const file = said.letters?.[0]?.file;
    expect(file).toEqual(told.letters?.[0]?.file);
    expect(
      readFileSync(join(said.folder ?? '', file ?? ''))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const dry = async () => (JSON.parse((await inspect('--letters', '--dry-run', '--json')).out) as InspectJson).letters;
    expect(await dry()).toMatchObject([{ state: '沿用' }]);
    await directus.store.updateRow('inspections', 'D1', { demand: '三天内退还多收的费用' });
    expect(await dry()).toMatchObject([{ state: '新印' }]);
  });

  test('wrong use is told with its remedy', async () => {
    expect((await inspect()).code).toBe(2);
    expect((await inspect('--propose', '--count', '0')).code).toBe(2);
  });

  test('letters of a school that is not there are wrong use, told in one sentence', async () => {
    const { code, err } = await inspect('--letters', '--school', '9999999999');
    expect(code).toBe(2);
    expect(err).toContain('没有标识码为 9999999999 的学校');
  });
});
