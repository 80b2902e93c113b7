/**
 * A believable county that does not exist: schools, staff, children, returns, fees, cases, all drawn from one seed.
 * It never reads or writes a file; scripts/county.ts does.
 */
import { drawBureau, type Sized, termStart } from './bureau.ts';
import { endedMonths } from './calendar.ts';
import { type CaseText, caseTexts } from './case-texts.ts';
import { drawActivities, drawAttendance, drawPlan, drawStaff, fillCourses } from './offers.ts';
import { drawEnrolments, drawStudents } from './pupils.ts';
import { type Chance, chanceOf } from './random.ts';
import { drawFees, drawReturns } from './returns.ts';
import type { BureauRows, CountyOptions, RowOf, SchoolRows } from './types.ts';

export { termId } from './bureau.ts';
export type { BureauRows, CountyOptions, SchoolRows } from './types.ts';

/** The day that the samples are drawn for, unless another is given: a fixed one, so that a seed means the same county for ever. */
export const sampleDay = '2026-11-24';

/** The bureau's rows at once, the schools' one school at a time: a whole county of them is large. */
export interface DrawnCounty {
  readonly bureau: BureauRows;
  /** The rows of a school, by its code. The same each time it is asked. */
  schoolRows(code: string): SchoolRows;
}

export interface County extends BureauRows, SchoolRows {}

const suits = (text: CaseText, type: string): boolean => {
  const kind = type === '教学点' ? 'point' : type === '初中' || type === '完全中学初中部' ? 'junior' : 'primary';
  return text.from === 'any' || text.from === kind || (type === '九年一贯制' && text.from !== 'point');
};

/** Deals the texts so that none repeats before all that suit are used; in a large county four schools in ten hand one in. */
const dealCases = (chance: Chance, sized: readonly Sized[]): Map<string, CaseText[]> => {
  const dealtOut = new Map<string, CaseText[]>();
  let left = chance.shuffled(caseTexts);
  const give = (entry: Sized): void => {
    if (!left.some((text) => suits(text, entry.school.type))) left = [...left, ...chance.shuffled(caseTexts)];
    const text = left.find((other) => suits(other, entry.school.type));
    if (!text) return;
    left = left.filter((other) => other !== text);
    dealtOut.set(entry.school.code, [...(dealtOut.get(entry.school.code) ?? []), text]);
  };
  for (const entry of sized) if (sized.length <= 15 || chance.happens(0.4)) give(entry);
  return dealtOut;
};

const caseRow = (chance: Chance, { school, short }: Sized, text: CaseText, rows: Omit<SchoolRows, 'cases'>): RowOf<'cases'> => {
  const report = rows.monthly_reports.at(-1);
  const participants = report?.participants ?? rows.students.length;
  const words: Readonly<Record<string, string>> = {
    校: short,
    乡: school.township,
    人: String(participants),
    师: String(report?.staff_participating ?? rows.staff.length),
    率: ((participants / school.enrolled) * 100).toFixed(1),
    ...Object.fromEntries(Object.entries(text.figures).map(([key, [low, high]]) => [key, String(chance.whole(low, high))])),
  };
  const filled = (template: string): string => template.replace(/\{(.)\}/g, (whole, key: string) => words[key] ?? whole);
  const photos = chance.whole(1, 3);
  return {
    id: chance.rowId(),
    school: school.code,
    title: filled(text.title),
    unit: school.name,
    authors: rows.staff
      .slice(0, 2)
      .map((row) => row.name)
      .join(' '),
    category: text.category,
    summary: filled(text.summary),
    background: filled(text.background),
    practice: filled(text.practice),
    results: filled(text.results),
    lessons: filled(text.lessons),
    photo_names: Array.from({ length: photos }, (_none, index) => `${school.code}-${index + 1}.jpg`),
    photo_consent: chance.happens(0.85),
    name_consent: true,
  };
};

/** Draws the county of a seed; schools are drawn when asked for. */
export const drawCounty = (options: CountyOptions): DrawnCounty => {
  const chance = chanceOf(options.seed);
  const { bureau, sized } = drawBureau(chance.branch('bureau'), options);
  const byCode = new Map(sized.map((entry) => [entry.school.code, entry]));
  const cases = dealCases(chance.branch('cases'), sized);
  const months = endedMonths(termStart, options.today).slice(-3);
  return {
    bureau,
    schoolRows(code) {
      const entry = byCode.get(code);
      if (!entry) throw new Error(`no school ${code} in this county`);
      const own = chance.branch(`school ${code}`);
      const plan = drawPlan(own, entry, bureau.settings);
      const students = drawStudents(own, entry);
      const enrolments = drawEnrolments(own, students, options.today);
      const activities = drawActivities(own, entry, bureau.providers);
      fillCourses(own, students, enrolments, activities);
      const staff = drawStaff(own, entry, activities, options.today);
      const feeMonths = months.slice(months.length - Math.min(months.length, options.feeMonths ?? 1));
      const fees = drawFees(own, entry, { students, enrolments }, plan.fee_rate, feeMonths);
      const late = own.happens(0.06);
      const base = { plans: [plan], activities, staff, students, enrolments, fees };
      const monthly_reports = drawReturns(own, entry, base, bureau, late ? months.slice(0, -1) : months);
      const attendance = drawAttendance(own, entry, base, options.today, options.attendanceDays ?? 10);
      const rows = { ...base, attendance, monthly_reports };
      return { ...rows, cases: (cases.get(code) ?? []).map((text) => caseRow(own, entry, text, rows)) };
    },
  };
};

/** The whole county in memory, rows per table in normal form. For benches and tests; a file-writing run asks school by school. */
export const generateCounty = (options: Omit<CountyOptions, 'today'> & { readonly today?: string }): County => {
  const county = drawCounty({ ...options, today: options.today ?? sampleDay });
  const all: SchoolRows = {
    plans: [],
    activities: [],
    staff: [],
    students: [],
    enrolments: [],
    attendance: [],
    fees: [],
    monthly_reports: [],
    cases: [],
  };
  for (const school of county.bureau.schools) {
    const rows = county.schoolRows(school.code);
    for (const table of Object.keys(all) as (keyof SchoolRows)[]) for (const row of rows[table]) (all[table] as unknown[]).push(row);
  }
  return { ...county.bureau, ...all };
};
