/**
 * What judging the cases needs to read, each in one go. Never reads a table of children or staff.
 */
import { type Conventions, conventionsOf } from '../../schema/cases/conventions.ts';
import type { Return } from '../../schema/cases/figures.ts';
import { type GatedFinding, severeRules } from '../../schema/cases/gate.ts';
import { openFindingStates } from '../../schema/findings.ts';
import type { Row, tables } from '../../schema/index.ts';
import type { Store } from '../directus/store.ts';
import type { Workbook } from './photo-places.ts';

export type CaseRow = Row<typeof tables.cases> & { readonly id: string };
export type SchoolRow = Pick<Row<typeof tables.schools>, 'code' | 'name' | 'township' | 'case_hint'>;
export type ReviewRow = Row<typeof tables.case_reviews> & { readonly id: string };

export interface Material {
  readonly cases: readonly CaseRow[];
  readonly schools: ReadonlyMap<string, SchoolRow>;
  readonly reviews: readonly ReviewRow[];
  /** Open findings by school, of any severity. */
  readonly openFindings: ReadonlyMap<string, number>;
  readonly severe: ReadonlyMap<string, ReadonlySet<string>>;
  readonly reports: ReadonlyMap<string, readonly Return[]>;
  readonly workbooks: ReadonlyMap<string, Workbook>;
  readonly conventions: Conventions;
  /** First month of the current term. */
  readonly since: string;
}

const bySchool = <T extends { readonly school: string }>(rows: readonly T[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.school);
    if (group) group.push(row);
    else groups.set(row.school, [row]);
  }
  return groups;
};

const reportFields = ['id', 'school', 'month', 'rate', 'participants', 'enrolled', 'staff_participating', 'staff_rate', 'courses', 'clubs', 'state'];

/** `today` is `2026-11-24`. */
export const readMaterial = async (store: Store, today: string): Promise<Material> => {
  const [cases, schools, reviews, findings, reports, sources, terms, settings] = await Promise.all([
    store.readRows('cases'),
    store.readRows('schools', { fields: ['code', 'name', 'township', 'case_hint'] }),
    store.readRows('case_reviews'),
    store.readRows('findings', { filter: { state: { _in: [...openFindingStates] } }, fields: ['id', 'school', 'rule', 'severity', 'state'] }),
    store.readRows('monthly_reports', { fields: reportFields }),
    store.readRows('sources', { filter: { school: { _nnull: true } }, fields: ['id', 'school', 'kind', 'place', 'read_at'], sort: ['read_at'] }),
    store.readRows('terms', { fields: ['id', 'starts_on', 'current'] }),
    store.readSettings(),
  ]);
  const term =
    terms.find((one) => one.current) ?? terms.filter((one) => one.starts_on <= today).sort((a, b) => (a.starts_on < b.starts_on ? 1 : -1))[0];
  const seen = bySchool(findings as GatedFinding[]);
  return {
    cases,
    schools: new Map(schools.map((school) => [school.code, school])),
    reviews,
    openFindings: new Map([...seen].map(([school, rows]) => [school, rows.length])),
    severe: severeRules(findings),
    reports: bySchool(reports as Return[]),
    // Of several workbooks of a school the one that was read last.
    workbooks: new Map(sources.map((source) => [String(source.school), { kind: String(source.kind), place: source.place }])),
    conventions: conventionsOf(settings),
    since: (term?.starts_on ?? today).slice(0, 7),
  };
};
