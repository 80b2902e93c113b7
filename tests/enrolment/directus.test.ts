import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrailEntry } from '../../schema/enrolment/steps.ts';
import type { Store } from '../../scripts/directus/store.ts';
import { arrangeSchools, type SchoolPlaces } from '../../scripts/enrolment/arrange.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

const school = '2141990001';
const ofTerm = { school, term: '2026-1' };

const fill = async (store: Store): Promise<void> => {
  await store.updateSettings({ county_name: '汝南县(示例)' });
  await store.createRows('terms', [{ id: '2026-1', name: '2026—2027学年上学期', starts_on: '2026-09-01', ends_on: '2027-01-22', current: true }]);
  await store.createRows('schools', [{ code: school, name: '柳林镇中心小学(示例)', type: '小学', township: '柳林镇' }]);
  const names = ['甲', '乙', '丙', '丁'];
  await store.createRows(
    'students',
    names.map((name, index) => ({
      id: `S${name}`,
      school,
      name: `学生${name}`,
      grade: 3,
      class_no: '1',
      ...(index === 2 ? { groups: ['留守'] } : {}),
    })),
  );
  await store.createRows('activities', [
    { id: 'A足球', ...ofTerm, name: '足球', category: '体育', days: [2], start: '16:30', end: '18:30', capacity: 2, state: '已发布' },
  ]);
  await store.createRows(
    'enrolments',
    names.map((name) => ({ id: `E${name}`, student: `S${name}`, ...ofTerm, days: [2, 4], services: ['足球'], applied_on: '2026-09-01' })),
  );
};

describe.each(databaseKinds)('applications in a real Directus on %s', (database) => {
  let directus: TestDirectus;
  let office: Store;
  const row = (id: string) => directus.store.readRow('enrolments', id);
  const trail = async (id: string) => ((await row(id)).trail as TrailEntry[]).map((one) => `${one.to}:${one.by}`);

  beforeAll(async () => {
    directus = await startTestDirectus({ database });
    await fill(directus.store);
    office = await directus.signIn(directus.users.office);
  });
  afterAll(() => directus?.stop());

  test('a program is believed, and the row says where it stands', async () => {
    expect(await row('E甲')).toMatchObject({ step: '家长申请', step_by: '系统' });
    expect(await trail('E甲')).toEqual(['家长申请:系统']);
  });

  test('staff take step after step; what may not be is refused in Chinese', async () => {
    await expect(office.updateRow('enrolments', 'E甲', { state: '已通过' })).rejects.toThrow('班级初审:还没有走完');
    await expect(office.updateRow('enrolments', 'E甲', { step: '统筹安排' })).rejects.toThrow('由系统写明,不用手填');
    await office.updateRow('enrolments', 'E甲', { class_review: '同意' });
    expect(await row('E甲')).toMatchObject({ step: '班级初审', step_by: directus.users.office.role });
    await office.updateRow('enrolments', 'E甲', { school_review: '同意', state: '已通过' });
    expect(await trail('E甲')).toEqual(['家长申请:系统', '班级初审:基教股', '学校核准:基教股']);
  });

  test('several at once each keep their own trail', async () => {
    await office.updateRows('enrolments', ['E乙', 'E丙', 'E丁'], { class_review: '同意', school_review: '同意', state: '已通过' });
    await expect.poll(() => trail('E丁')).toEqual(['家长申请:系统', '班级初审:基教股', '学校核准:基教股']);
    await expect.poll(() => trail('E乙')).toEqual(await trail('E丁'));
  });

  test('leaving needs its day, coming back a new application', async () => {
    await expect(office.updateRow('enrolments', 'E丁', { state: '中途退出' })).rejects.toThrow('请填“退出日”');
    await office.updateRow('enrolments', 'E丁', { state: '中途退出', left_on: '2026-10-10' });
    await expect(office.updateRow('enrolments', 'E丁', { state: '已通过' })).rejects.toThrow('须家长重新申请');
    await office.updateRow('enrolments', 'E丁', { state: '已通过', left_on: null, applied_on: '2026-10-20' });
    await expect
      .poll(async () => (await trail('E丁')).map((one) => one.split(':')[0]))
      .toEqual([...['家长申请', '班级初审', '学校核准', '退出'], ...['家长申请', '班级初审', '学校核准']]);
  });

  test('places are arranged with a reason for every child; a dry run writes nothing, a second run changes nothing', async () => {
    const now = '2026-11-24T00:00:00.000Z';
    expect(await arrangeSchools(directus.store, { now, dryRun: true })).toMatchObject({ children: 4, placed: 2, waiting: 2, changed: 4 });
    expect((await row('E丙')).placement_note).toBeNull();
    const made: SchoolPlaces[] = [];
    await arrangeSchools(directus.store, { now, onSchool: (one) => void made.push(one) });
    expect(made[0]?.courses).toEqual([{ id: 'A足球', name: '足球', capacity: 2, placed: 2, waiting: 2 }]);
    expect(await row('E丙')).toMatchObject({ step: '统筹安排', state: '已通过', step_by: '统筹安排' });
    expect((await row('E丙')).placement_note).toMatch(/^录取“足球”\(第 1 志愿,优先:留守,抽签 \d 号\)。$/);
    const waiting = await directus.store.readRows('enrolments', { filter: { step: { _eq: '候补' } } });
    expect(waiting.map((one) => one.placement_note?.slice(0, 12)).sort()).toEqual(['候补“足球”第 1 位(', '候补“足球”第 2 位(']);
    expect(await arrangeSchools(directus.store, { now })).toMatchObject({ changed: 0, placed: 2 });
  });

  test('who leaves gives the place to the first in the line', async () => {
    const [first] = await directus.store.readRows('enrolments', { filter: { placement_note: { _contains: '第 1 位' } } });
    await office.updateRow('enrolments', 'E丙', { state: '中途退出', left_on: '2026-11-20' });
    expect(await row('E丙')).toMatchObject({ placement: null, placement_note: null });
    await arrangeSchools(directus.store, { now: '2026-11-25T00:00:00.000Z' });
    expect(await row(first?.id ?? '')).toMatchObject({ step: '统筹安排' });
    expect((await trail(first?.id ?? '')).slice(-2)).toEqual(['候补:统筹安排', '统筹安排:统筹安排']);
  });

  test('every change is in the history that lasts, with who made it', async () => {
    const changes = await directus.store.call<{ fields: Record<string, unknown> }[]>('GET', '/kehou-ingest/changes/enrolments/E甲');
    expect(changes.some(({ fields }) => JSON.stringify(fields.step) === JSON.stringify(['班级初审', '学校核准', null]))).toBe(true);
  });
});
