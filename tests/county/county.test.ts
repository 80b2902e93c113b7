import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kindOf } from '../../schema/problems.ts';
import { isRowId } from '../../schema/row-id.ts';
import { runCommand } from '../../scripts/cli.ts';
import { generateCounty } from '../../scripts/county/county.ts';
import { type PlantedMistake, slips } from '../../scripts/county/mistakes.ts';
import { writeCounty } from '../../scripts/county/write.ts';
import { county as command } from '../../scripts/county.ts';
import { readFile } from '../../scripts/sheets/read-file.ts';
import { hashOf } from '../../scripts/sheets/replace-file.ts';
import { parseTab } from '../../scripts/sync/parse-tab.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'kehou-county-'));
const today = '2026-11-24';
const small = { schools: 12, students: 720, seed: 3, today };
const drawn = generateCounty(small);

test('the same seed gives the same county, another seed another one', () => {
  expect(JSON.stringify(generateCounty(small))).toBe(JSON.stringify(drawn));
  expect(generateCounty({ ...small, seed: 4 }).students[0]).not.toEqual(drawn.students[0]);
});

test('the numbers asked for are met exactly, whatever the schools are', () => {
  for (const [schools, students] of [
    [1, 5],
    [12, 720],
    [60, 1000],
    [3, 0],
  ] as const) {
    const county = generateCounty({ schools, students, seed: 9 });
    expect([county.schools.length, county.students.length, county.enrolments.length]).toEqual([schools, students, students]);
  }
});

test('codes, names, telephones and row ids are those of invented schools and persons', () => {
  expect(drawn.schools.every((school) => /^[235]14199\d{4}$/.test(school.code) && school.name.endsWith('(示例)'))).toBe(true);
  expect(new Set(drawn.schools.map((school) => school.name)).size).toBe(12);
  const phones = [
    ...drawn.students.map((row) => row.guardian_phone),
    ...drawn.enrolments.flatMap((row) => row.entrusted_phone ?? []),
    ...drawn.schools.map((row) => row.hotline),
  ];
  expect(phones.every((phone) => /^1380000\d{4}$/.test(phone ?? ''))).toBe(true);
  expect(drawn.students.every((row) => isRowId(row.id))).toBe(true);
  const inClass = drawn.students.map((row) => `${row.school} ${row.grade} ${row.class_no} ${row.name}`);
  expect(new Set(inClass).size).toBe(inClass.length);
  const names = generateCounty({ schools: 20, students: 8000, seed: 1 }).students.map((row) => row.name);
  expect(names.some((name) => name.startsWith('欧阳'))).toBe(true);
  expect(names.some((name) => /[𬭎㛃䶮]/u.test(name))).toBe(true);
});

test('returns agree with rosters, fees and staff', () => {
  for (const report of drawn.monthly_reports) {
    const values = report as unknown as Record<string, number>;
    const sum = (prefix: string): number =>
      Object.entries(values).reduce((total, [key, value]) => (key.startsWith(prefix) ? total + value : total), 0);
    expect(sum('grade_')).toBe(report.participants);
    expect(sum('external_') - (report.external_staff ?? 0)).toBe(report.external_staff);
    expect(sum('waived_') - (report.waived_amount ?? 0)).toBe(report.waived);
    expect(report.participants).toBeLessThanOrEqual(report.enrolled);
    const fees = drawn.fees.filter((fee) => fee.school === report.school && fee.month === report.month);
    if (fees.length > 0) expect(fees.reduce((total, fee) => total + (fee.paid ?? 0), 0)).toBe(report.collected);
    if (fees.length > 0) expect(fees.length).toBe(report.participants);
  }
  expect(drawn.fees.every((fee) => (fee.due ?? 0) <= 60 && (fee.due ?? 0) - (fee.waived ?? 0) === fee.paid)).toBe(true);
  expect(drawn.attendance.every((row) => row.due === row.present + (row.leave ?? 0) + (row.absent ?? 0))).toBe(true);
});

test('nobody is counted in a course on a day without being enrolled in it for that day', () => {
  const grade = new Map(drawn.students.map((one) => [one.id, one.grade]));
  const course = new Map(drawn.activities.map((one) => [one.id, one]));
  expect(drawn.attendance.length).toBeGreaterThan(100);
  for (const row of drawn.attendance) {
    const { name = '', grades = [] } = course.get(row.activity) ?? {};
    const weekday = new Date(`${row.date}T00:00:00Z`).getUTCDay();
    const due = drawn.enrolments.filter(
      (one) =>
        one.school === row.school &&
        one.services?.includes(name) &&
        grades?.includes(grade.get(one.student) as number) &&
        one.days.includes(weekday) &&
        (one.state === '已通过' || (one.state === '中途退出' && (one.left_on ?? '') >= row.date)) &&
        (one.applied_on ?? '') <= row.date,
    );
    expect(row.due, `${row.date} ${name}`).toBe(due.length);
  }
});

test('twelve schools hand in at least ten different cases, all of full length', () => {
  expect(new Set(drawn.cases.map((row) => row.practice)).size).toBeGreaterThanOrEqual(10);
  for (const row of drawn.cases) {
    const length = [row.summary, row.background, row.practice, row.results, row.lessons].join('').length;
    expect(length).toBeGreaterThan(600);
    expect(length).toBeLessThan(1500);
    expect(JSON.stringify(row)).not.toMatch(/[{][校乡人师率甲乙丙][}]|undefined|NaN/);
  }
});

const written = writeCounty({ ...small, out: folder(), mistakes: slips.length });

test('files of one seed have the same bytes each time they are written', async () => {
  const first = await written;
  const again = await writeCounty({ ...small, out: folder(), mistakes: slips.length });
  expect(readFileSync(again.county, 'utf8')).toBe(readFileSync(first.county, 'utf8'));
  expect(again.mistakes).toEqual(first.mistakes);
  const hashes = (made: string): string[] => readdirSync(made).map((name) => `${name} ${hashOf(readFileSync(join(made, name)))}`);
  expect(hashes(again.workbooks)).toEqual(hashes(first.workbooks));
  expect(hashes(first.workbooks)).toHaveLength(12);
});

test('every planted mistake is found in its cell, and nothing else is refused', { timeout: 60_000 }, async () => {
  const { workbooks, mistakes } = await written;
  expect(mistakes).toHaveLength(slips.length);
  expect(new Set(mistakes.map((mistake) => mistake.kind)).size).toBeGreaterThanOrEqual(9);
  const missed: PlantedMistake[] = [];
  const surplus: string[] = [];
  for (const name of readdirSync(workbooks)) {
    const planted = mistakes.filter((mistake) => mistake.file === name);
    const { tabs } = await readFile(join(workbooks, name));
    const problems = tabs.flatMap((raw) => parseTab(raw).problems.map((problem) => ({ ...problem, tab: raw.name })));
    missed.push(
      ...planted.filter(
        (mistake) =>
          !problems.some(
            (problem) =>
              problem.tab === mistake.tab &&
              problem.cell === mistake.cell &&
              kindOf(problem.code) === mistake.kind &&
              (problem.severity === 'error') === mistake.refused,
          ),
      ),
    );
    surplus.push(
      ...problems
        .filter((problem) => problem.severity === 'error' && !planted.some((mistake) => mistake.tab === problem.tab && mistake.row === problem.row))
        .map((problem) => problem.message),
    );
  }
  expect(missed).toEqual([]);
  expect(surplus).toEqual([]);
});

test('npm run county refuses wrong numbers with one sentence, and says what it made', async () => {
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  expect(await runCommand(command, ['--schools', 'many', '--out', folder()], say, say)).toBe(2);
  expect(said.join('')).toContain('--schools');
  expect(await runCommand(command, [], say, say)).toBe(2);
  expect(await runCommand(command, ['--today', '2026-02-30', '--out', folder()], say, say)).toBe(2);
  said.length = 0;
  expect(await runCommand(command, ['--schools', '2', '--students', '20', '--mistakes', '2', '--out', folder(), '--json'], say, say)).toBe(0);
  expect(JSON.parse(said.join(''))).toMatchObject({ schools: 2, students: 20, mistakes: 2 });
});
