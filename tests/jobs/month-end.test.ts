import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freezeMonths } from '../../scripts/jobs/freeze.ts';
import { remindSchools } from '../../scripts/jobs/remind.ts';
import { fakeStore } from '../helpers/fake-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kehou-month-'));
});
afterEach(() => rm(folder, { recursive: true }));

const school = (code: string, name: string, more: object = {}) => ({
  code,
  name,
  type: '小学',
  township: '柳林镇',
  leader: '周敏',
  opened_on: null,
  closed_on: null,
  ...more,
});
const report = (id: string, code: string, month: string, more: object = {}) => ({
  id,
  school: code,
  month,
  enrolled: 100,
  participants: 80,
  state: '已收',
  first_valid_at: '2026-11-01T01:00:00.000Z',
  ...more,
});

const county = () =>
  fakeStore(
    {
      schools: [
        school('2141990001', '柳林镇中心小学(示例)'),
        school('2141990002', '大陈教学点(示例)'),
        school('2141990003', '停办小学(示例)', { closed_on: '2026-06-30' }),
      ],
      monthly_reports: [
        report('R1', '2141990001', '2026-09', { state: '已冻结' }),
        report('R2', '2141990001', '2026-10'),
        report('R3', '2141990001', '2026-11'),
      ],
      sheet_problems: [
        { id: 'P1', school: '2141990001', kind: '有误', closed_at: null },
        { id: 'P2', school: '2141990001', kind: '提示', closed_at: null },
        { id: 'P3', school: '2141990002', kind: '有误', closed_at: '2026-10-02' },
      ],
      findings: [],
      cases: [],
    },
    { county_name: '汝南县(示例)', due_day: 1, defer_holidays: false },
  );

test('the month freezes on its due day, with a copy of its figures, and no earlier month is touched again', async () => {
  const store = county();
  expect(await freezeMonths(store, '2026-10-31')).toEqual({ months: [], frozen: 0 });
  expect(await freezeMonths(store, '2026-11-01')).toEqual({ months: ['2026-10'], frozen: 1 });
  const frozen = await store.readRow('monthly_reports', 'R2');
  expect(frozen.state).toBe('已冻结');
  expect(frozen.frozen).toEqual({ month: '2026-10', enrolled: 100, participants: 80 });
  expect((await store.readRow('monthly_reports', 'R3')).state).toBe('已收');
  expect(await freezeMonths(store, '2026-11-02')).toEqual({ months: [], frozen: 0 });
});

test('the reminder names who is missing and who has cells to mend; a closed school is not expected', async () => {
  const result = await remindSchools(county(), folder, { month: '2026-10', today: '2026-10-30' });
  expect(result).toMatchObject({ due: '2026-11-01', expected: 2, missing: 1, withProblems: 1 });
  const text = await readFile(result.file, 'utf8');
  expect(text).toContain('大陈教学点(示例)(周敏):月报还没有收到。');
  expect(text).toContain('柳林镇中心小学(示例)(周敏):填报表里有 1 处要改,见第一个工作表的问题清单。');
  expect(text).not.toContain('停办小学');
});
