/**
 * Writes a sample county: the bureau's rows as JSON, one workbook per school as its clerk would have filled it, and the
 * list of planted mistakes. One school at a time, so that a large county needs no large memory.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createWorkbook, type WorkbookRows } from '../sheets/workbook-create.ts';
import { workbookName } from '../sheets/workbook-place.ts';
import { type DrawnCounty, drawCounty, termId } from './county.ts';
import { dealSlips, type PlantedMistake, plantMistakes } from './mistakes.ts';
import { chanceOf } from './random.ts';
import type { CountyOptions, School } from './types.ts';

export interface CountyFiles {
  /** `county.json`: the bureau's rows by table. */
  readonly county: string;
  readonly workbooks: string;
  readonly mistakes: readonly PlantedMistake[];
  readonly counts: { readonly schools: number; readonly students: number; readonly rows: number };
}

export interface WriteOptions extends CountyOptions {
  readonly out: string;
  /** Where the workbooks go; `out`/workbooks unless said. */
  readonly workbooks?: string;
  readonly mistakes?: number;
  /** Called after each workbook. */
  readonly step?: () => void;
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

const workbookOf = (county: DrawnCounty, school: School, rows: WorkbookRows, raw: ReturnType<typeof plantMistakes>['raw']): Promise<Buffer> => {
  const { settings, terms, providers } = county.bureau;
  const term = terms.find((other) => other.id === termId) as (typeof terms)[number];
  return createWorkbook({
    school,
    term,
    office: { bureau: settings.bureau_name ?? '', office: settings.office_name, phone: settings.bureau_phone, dueDay: settings.due_day },
    rows: { ...rows, providers },
    rowIds: false,
    raw,
  });
};

/** Draws the county and writes its files; the same options give the same bytes. */
export const writeCounty = async (options: WriteOptions): Promise<CountyFiles> => {
  const county = drawCounty(options);
  const folder = options.workbooks ?? join(options.out, 'workbooks');
  await mkdir(options.out, { recursive: true });
  await mkdir(folder, { recursive: true });
  const file = join(options.out, 'county.json');
  await writeFile(file, pretty({ seed: options.seed, today: options.today, term: termId, ...county.bureau }));
  const slips = dealSlips(
    chanceOf(options.seed).branch('slips'),
    county.bureau.schools.map((school) => school.code),
    options.mistakes ?? 0,
  );
  const mistakes: PlantedMistake[] = [];
  let students = 0;
  let count = 0;
  for (const school of county.bureau.schools) {
    const name = workbookName(school);
    const drawn = county.schoolRows(school.code);
    const { rows, raw, planted } = plantMistakes(
      chanceOf(options.seed).branch(`slips ${school.code}`),
      school.code,
      name,
      drawn,
      slips.get(school.code) ?? [],
    );
    await writeFile(join(folder, name), await workbookOf(county, school, rows as WorkbookRows, raw));
    mistakes.push(...planted);
    students += drawn.students.length;
    count += Object.values(rows).reduce((sum, all) => sum + all.length, 0);
    options.step?.();
  }
  if (options.mistakes) await writeFile(join(options.out, 'mistakes.json'), pretty(mistakes));
  return { county: file, workbooks: folder, mistakes, counts: { schools: county.bureau.schools.length, students, rows: count } };
};
