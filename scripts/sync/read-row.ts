/**
 * Reads the cells of one data row by the meaning of their columns: single fields, ticks, spans of time, class with its grade.
 * Merged cells speak for all their rows, 同上 and 〃 for the cell above.
 */
import { notApplicableWord } from '../../schema/not-applicable.ts';
import type { NormalValue, RawCell, RawTab } from '../../schema/parsed.ts';
import { addressOf, type DraftRow, type Findings, newDraft, place, report } from './draft-row.ts';
import type { Heading } from './find-table.ts';
import { type HeaderUnits, inHeaderUnit } from './header-unit.ts';
import { type KnownColumn, withoutBrackets } from './known-columns.ts';
import type { Slot, TickRole } from './match-headers.ts';
import { fold, tidy } from './plain-text.ts';
import { beforeReading, readCell } from './read-cell.ts';
import { readTick } from './read-choice.ts';
import { readClass } from './read-grade.ts';
import { readPhone } from './read-phone.ts';
import { readSpan } from './read-time.ts';
import { weekdaysIn } from './read-weekdays.ts';
import type { Reading, Surroundings } from './reading.ts';

/** What a heading between the rows, or the tab's title, says about the class. */
export interface Section {
  readonly grade: number | null;
  readonly klass: number | null;
}

export interface RowReader {
  /** Reads the row at this index of `rows`. */
  read(index: number, section: Section): DraftRow;
  /** Canonical headers that the sheet's columns can give. */
  readonly provides: ReadonlySet<string>;
}

/** As folded text: ″ has become two primes by then. */
const ditto = /^(同上行?|上同|同前|[〃〞"”“々]|′′|''|´´|’’|、、|[↑⬆]|··|\.\.)$/;

interface Plan {
  readonly fields: readonly { readonly at: number; readonly column: KnownColumn }[];
  readonly ticks: ReadonlyMap<
    string,
    { readonly column: KnownColumn; readonly parts: readonly { readonly at: number; readonly part: string | number }[] }
  >;
  readonly klass: { readonly at: number; readonly column: KnownColumn } | null;
  readonly grade: { readonly at: number; readonly column: KnownColumn } | null;
  readonly spans: readonly number[];
  readonly contact: number | null;
  readonly id: number | null;
  readonly known: ReadonlyMap<string, KnownColumn>;
}

const planOf = ({ match, tab }: Heading): Plan => {
  const fields: { at: number; column: KnownColumn }[] = [];
  const ticks = new Map<string, { column: KnownColumn; parts: { at: number; part: string | number }[] }>();
  let [klass, grade]: [Plan['klass'], Plan['grade']] = [null, null];
  const addTick = (slot: Slot, role: TickRole): void => {
    const group = ticks.get(role.column.header) ?? { column: role.column, parts: [] };
    group.parts.push({ at: slot.at, part: role.part });
    ticks.set(role.column.header, group);
  };
  const at = (kind: 'span' | 'contact'): number[] => match.slots.filter((slot) => slot.role.kind === kind).map((slot) => slot.at);
  for (const slot of match.slots) {
    const { role } = slot;
    if (role.kind === 'tick') addTick(slot, role);
    if (role.kind !== 'field') continue;
    if (role.column.field.kind === 'classNo') klass = { at: slot.at, column: role.column };
    else if (role.column.field.kind === 'grade') grade = { at: slot.at, column: role.column };
    else fields.push({ at: slot.at, column: role.column });
  }
  const id = match.slots.find((slot) => slot.role.kind === 'system' && slot.role.of === 'id')?.at ?? null;
  return {
    fields,
    ticks,
    klass,
    grade,
    spans: at('span'),
    contact: at('contact')[0] ?? null,
    id,
    known: new Map(tab.columns.map((column) => [column.header, column])),
  };
};

/** For each cell below the top of a merged area, the row of the top: `row * width + column`. */
const inheritance = (raw: RawTab, width: number): ReadonlyMap<number, number> => {
  const from = new Map<number, number>();
  for (const { top, bottom, left } of raw.merges)
    for (let row = top + 1; row <= bottom && row < raw.rows.length; row += 1) from.set(row * width + left, top);
  return from;
};

/** The same words come again and again in a column: each is read once. */
const memo = (read: (cell: RawCell) => Reading): ((cell: RawCell | null) => Reading) => {
  const known = new Map<string, Reading>();
  return (cell) => {
    const early = beforeReading(cell);
    if (early || !cell) return early ?? {};
    if (typeof cell.value !== 'string' || cell.text.length > 40) return read(cell);
    const found = known.get(cell.text);
    if (found) return found;
    const reading = read(cell);
    known.set(cell.text, reading);
    return reading;
  };
};

/** Reads plain numbers in the unit of their header. */
const inUnit = (read: (cell: RawCell | null) => Reading, unit: { factor: number; unit: string } | undefined): ((cell: RawCell | null) => Reading) =>
  !unit
    ? read
    : (cell) => {
        const meant = cell && !beforeReading(cell) ? inHeaderUnit(cell, unit) : null;
        if (meant === null) return read(cell);
        return 'text' in meant ? read(meant) : meant;
      };

/** A pupil of whom the remark says so may not take part any more. */
const left = /已?(转走|转学|转出|调走|退出|退学|退课|退费|休学|离校|辍学|毕业)|不再?参加|取消报名/;
const remarkHeader = /^(备注|说明|情况|状态|情况说明|备注说明|学生状态)$/;

/** 是否参加, and the no that is said there. */
const joinHeader = /^(是否)?(自愿)?(参加|参与|报名)(课后服务|课后延时服务|与否|否)?$/;
const joinsNot = /^(否|不|未|无|×|x|✗|✘|n|no|(不|未)(参加|参与|报名|同意))$/i;

/** Columns without a field in which schools note that somebody has left, or does not take part, and what says so. */
const remarkColumns = ({ tab, match, headers }: Heading): { readonly at: number; readonly says: RegExp }[] => {
  if (tab.table !== 'students') return [];
  const read = new Set(match.slots.map((slot) => slot.at));
  return headers.flatMap((parts, at) => {
    const header = withoutBrackets(parts[parts.length - 1] ?? '');
    const says = remarkHeader.test(header) ? left : joinHeader.test(header) ? joinsNot : null;
    return says && !read.has(at) ? [{ at, says }] : [];
  });
};

const isBlank = (reading: Reading): boolean => reading.value === undefined && reading.code === undefined;

/** Grades of which the column names a ninth class by a number such as 6.9: there 6.1 may be the tenth, whose nought is gone. */
const gradesWithTen = (raw: RawTab, at: number | undefined): ReadonlySet<number> => {
  const grades = new Set<number>();
  if (at === undefined) return grades;
  for (const row of raw.rows) {
    const value = row[at]?.value;
    if (typeof value === 'number' && /^[1-9]\.9$/.test(String(value))) grades.add(Math.floor(value));
  }
  return grades;
};

const lostNought = (cell: RawCell, grades: ReadonlySet<number>): boolean =>
  typeof cell.value === 'number' && /^[1-9]\.1$/.test(cell.text) && grades.has(Math.floor(cell.value));

/** A reader for the rows of one tab. */
export const rowReader = (raw: RawTab, heading: Heading, findings: Findings, units: HeaderUnits = new Map()): RowReader => {
  const plan = planOf(heading);
  const width = heading.headers.length + 1;
  const inherited = inheritance(raw, width);
  const surroundings: Surroundings = { date1904: raw.date1904 };
  const readers = new Map(
    plan.fields.map(({ at, column }) => [
      at,
      inUnit(
        memo((cell) => readCell(cell, column.field, surroundings)),
        units.get(at),
      ),
    ]),
  );
  const remarks = remarkColumns(heading);
  /** Columns that say the same as one that is read, by that one. */
  const rivals = new Map<number, number[]>();
  for (const { at, of } of [...heading.match.repeated, ...heading.match.rivals]) rivals.set(of, [...(rivals.get(of) ?? []), at]);
  const above: (RawCell | null)[] = [];
  const tenClasses = gradesWithTen(raw, plan.klass?.at);

  /** The cell that counts at this place: its own, the merged one, or the one above for 同上. */
  const cellAt = (index: number, at: number): RawCell | null | 'nothing above' => {
    const top = inherited.get(index * width + at);
    const own = raw.rows[top ?? index]?.[at] ?? null;
    const repeats = own && typeof own.value === 'string' && own.text.length < 5 && ditto.test(fold(own.text));
    const cell = repeats ? (above[at] ?? null) : own;
    above[at] = cell;
    return repeats && !cell ? 'nothing above' : cell;
  };

  const store = (draft: DraftRow, header: string, reading: Reading): void => {
    if (reading.value !== undefined) draft.values[header] = reading.value;
    if (reading.feeUnit) draft.feeUnits[header] = reading.feeUnit;
    if (reading.code === undefined) return;
    if (reading.value === undefined) draft.unread.add(header);
    report(findings, draft, header, reading.code, reading.detail);
  };

  /** Only a return has figures that may not apply to a school; elsewhere the words are a value like any other, or a mistake. */
  const saysNotApplicable = (cell: RawCell | null): boolean =>
    heading.tab.table === 'monthly_reports' && typeof cell?.value === 'string' && fold(cell.text) === notApplicableWord;

  const required = (header: string): boolean => plan.known.get(header)?.required === true;

  /** Puts the cell in its place and says whether it can be read. */
  const open = (draft: DraftRow, index: number, at: number, header: string): RawCell | null | undefined => {
    const cell = cellAt(index, at);
    place(draft, header, at, cell === 'nothing above' ? (raw.rows[index]?.[at] ?? null) : cell);
    if (cell !== 'nothing above') return cell;
    draft.unread.add(header);
    report(findings, draft, header, 'ambiguous/nothing-above');
    return undefined;
  };

  const wordsOf = (cell: RawCell | null | 'nothing above'): string => (cell && cell !== 'nothing above' ? fold(cell.text) : '');

  /** Whether another column that says the same says something else in this row. */
  const isContradicted = (draft: DraftRow, index: number, at: number, header: string, cell: RawCell | null): boolean => {
    const other = (rivals.get(at) ?? []).find((one) => {
      const said = wordsOf(cellAt(index, one));
      return said !== '' && said !== wordsOf(cell);
    });
    if (other === undefined) return false;
    draft.unread.add(header);
    report(findings, draft, header, 'ambiguous/two-columns', addressOf(findings, draft.row, other));
    return true;
  };

  const readField = (draft: DraftRow, index: number, at: number, column: KnownColumn): void => {
    const cell = open(draft, index, at, column.header);
    if (cell === undefined || isContradicted(draft, index, at, column.header, cell)) return;
    if (saysNotApplicable(cell) && !column.required) {
      draft.notApplicable.add(column.header);
      return;
    }
    const reading = (readers.get(at) as (cell: RawCell | null) => Reading)(cell);
    store(draft, column.header, reading);
    if (isBlank(reading) && column.required) report(findings, draft, column.header, 'required-missing');
  };

  const gather = (kind: string, parts: readonly (string | number)[]): NormalValue => {
    if (kind === 'choice') return parts[0] as string;
    return (kind === 'weekdays' || kind === 'grades' ? [...parts].sort() : parts) as string[] | number[];
  };

  const readTicks = (draft: DraftRow, index: number, header: string): void => {
    const { column, parts } = plan.ticks.get(header) as { column: KnownColumn; parts: readonly { at: number; part: string | number }[] };
    const ticked: (string | number)[] = [];
    const before = findings.problems.length;
    for (const { at, part } of parts) {
      const cell = open(draft, index, at, header);
      if (cell === undefined || isContradicted(draft, index, at, header, cell)) continue;
      const early = beforeReading(cell);
      const reading = early ?? readTick(cell as RawCell, String(part));
      if (reading.code) report(findings, draft, header, reading.code);
      else if (reading.value === true) ticked.push(part);
    }
    place(draft, header, (parts[0] as { at: number }).at, null);
    if (findings.problems.length > before) draft.unread.add(header);
    else if (column.field.kind === 'choice' && ticked.length > 1) store(draft, header, { code: 'ambiguous/several' });
    else if (ticked.length > 0) draft.values[header] = gather(column.field.kind, ticked);
    else if (column.required) report(findings, draft, header, 'required-missing');
  };

  /** Start, end and perhaps days out of the columns that may hold them; days alone are days. */
  const readSpans = (draft: DraftRow, index: number): void => {
    const first = plan.spans[0];
    if (first === undefined) return;
    const wanted = ['开始时刻', '结束时刻'].filter((header) => !readsAlone(header));
    const before = findings.problems.length;
    for (const at of plan.spans) readSpanAt(draft, index, at, wanted);
    if (findings.problems.length > before) return;
    const missing = (header: string): boolean => required(header) && draft.values[header] === undefined && !draft.unread.has(header);
    const lack = (header: string): void => {
      place(draft, header, draft.places[header] ?? first, raw.rows[index]?.[first] ?? null);
      report(findings, draft, header, 'required-missing');
    };
    if (wanted[0] && missing(wanted[0])) lack(wanted[0]);
    else if (!providesDays() && missing('星期')) lack('星期');
  };

  const readSpanAt = (draft: DraftRow, index: number, at: number, wanted: readonly string[]): void => {
    const header = wanted[0] ?? '星期';
    const cell = open(draft, index, at, header);
    if (cell === undefined) return;
    const early = beforeReading(cell);
    if (early?.code) store(draft, header, early);
    if (early || !cell) return;
    const days = providesDays() || typeof cell.value !== 'string' ? null : weekdaysIn(fold(cell.text));
    if (days) storeDays(draft, at, cell, days);
    // 第一段 is the name of a session, not a time.
    if (days || wanted.length === 0 || /^第?[一二12]段$/.test(fold(cell.text))) return;
    const span = readSpan(cell);
    for (const [one, reading] of [
      ['开始时刻', span.start],
      ['结束时刻', span.end],
    ] as const) {
      if (!wanted.includes(one)) continue;
      place(draft, one, at, cell);
      store(draft, one, reading);
    }
    if (span.days) takeDays(draft, at, cell, span.days);
  };

  /** The days of 周二16:30-17:30: those of the row, unless its 星期 says others. */
  const takeDays = (draft: DraftRow, at: number, cell: RawCell, days: readonly number[]): void => {
    const stated = draft.values.星期;
    if (!providesDays()) storeDays(draft, at, cell, days);
    else if (stated !== undefined && String(stated) !== String(days)) {
      delete draft.values.星期;
      store(draft, '星期', { code: 'ambiguous/two-columns', detail: addressOf(findings, draft.row, at) });
    }
  };

  const storeDays = (draft: DraftRow, at: number, cell: RawCell, days: readonly number[]): void => {
    place(draft, '星期', at, cell);
    draft.values.星期 = days;
  };

  const readsAlone = (header: string): boolean => plan.fields.some(({ column }) => column.header === header);
  const providesDays = (): boolean => readsAlone('星期') || plan.ticks.has('星期');

  /** 张三 13800001234 */
  const readContact = (draft: DraftRow, index: number, at: number): void => {
    const cell = open(draft, index, at, '监护人电话');
    if (!cell) return;
    place(draft, '监护人姓名', at, cell);
    const early = beforeReading(cell);
    if (early) store(draft, '监护人电话', early);
    if (early) return;
    const digits = /[+\d][\d\s-]{5,}\d/.exec(cell.text.normalize('NFKC'))?.[0] ?? '';
    const name = tidy(
      cell.text
        .normalize('NFKC')
        .replace(digits, '')
        .replace(/[()::,、;/\s]+/g, ' '),
    );
    if (name !== '' && !/\d/.test(name)) draft.values.监护人姓名 = name;
    store(draft, '监护人电话', readPhone({ text: digits || cell.text, value: digits || cell.text }));
  };

  const readGradeAt = (draft: DraftRow, index: number): void => {
    if (!plan.grade) return;
    const cell = open(draft, index, plan.grade.at, '年级');
    if (cell !== undefined) store(draft, '年级', readCell(cell, plan.grade.column.field, surroundings));
  };

  /** Class and grade: from the class cell, which may say both, from the grade column, or from the heading above the rows. */
  const readClassAt = (draft: DraftRow, index: number, section: Section): void => {
    readGradeAt(draft, index);
    // 三年级 above a list whose classes are numbers only.
    if (plan.klass && !plan.grade && section.grade !== null && section.klass === null) draft.values.年级 = section.grade;
    if (plan.klass) readClassCell(draft, index, plan.klass.at, plan.klass.column.required);
    else takeSection(draft, section);
  };

  const takeSection = (draft: DraftRow, section: Section): void => {
    if (section.klass !== null) draft.values.班级 = section.klass;
    if (draft.values.年级 === undefined && section.grade !== null) draft.values.年级 = section.grade;
    missingGrade(draft);
  };

  const readClassCell = (draft: DraftRow, index: number, at: number, needed: boolean): void => {
    const cell = open(draft, index, at, '班级');
    if (cell === undefined) return;
    const early = beforeReading(cell) ?? (cell && lostNought(cell, tenClasses) ? { code: 'ambiguous' as const } : null);
    const { grade, klass } = early || !cell ? { grade: null, klass: early ?? {} } : readClass(cell);
    const stated = draft.values.年级;
    const differs = grade !== null && typeof stated === 'number' && stated !== grade;
    store(draft, '班级', differs ? { code: 'ambiguous/class-grade', detail: `年级是 ${stated},班级是 ${grade} 年级` } : klass);
    if (grade !== null && stated === undefined && !draft.unread.has('年级')) draft.values.年级 = grade;
    if (needed && isBlank(klass)) report(findings, draft, '班级', 'required-missing');
    // Where one cell holds both, a class that is not there or not readable is one problem, not two.
    if (plan.grade || klass.value !== undefined) missingGrade(draft);
  };

  const missingGrade = (draft: DraftRow): void => {
    if (draft.values.年级 !== undefined || draft.unread.has('年级') || !required('年级')) return;
    const at = plan.grade?.at ?? plan.klass?.at;
    if (at === undefined) return;
    if (!plan.grade) place(draft, '年级', at, raw.rows[draft.row - 1]?.[at] ?? null);
    report(findings, draft, '年级', 'required-missing');
  };

  const readRemarks = (draft: DraftRow, index: number): void => {
    for (const { at, says } of remarks) {
      const cell = cellAt(index, at);
      const said = says.exec(wordsOf(cell))?.[0];
      if (said === undefined || !cell || cell === 'nothing above') continue;
      const header = heading.headers[at]?.at(-1) ?? '备注';
      place(draft, header, at, cell);
      report(findings, draft, header, 'ambiguous/left', said);
    }
  };

  const besides = heading.tab.columns.filter(({ table }) => table !== heading.tab.table);
  const needless = besides.filter(({ field }) => field.unless);

  /** What is required of an application: nothing where the family takes no part, and no more than a word where there is none yet. `from` is the row's first problem. */
  const forgive = (draft: DraftRow, from: number): void => {
    for (const { header, table, field } of needless) {
      const at = findings.problems.findIndex((one, index) => index >= from && one.header === header && one.code === 'required-missing');
      if (at < 0) continue;
      const said = besides.find((column) => column.table === table && column.name === field.unless?.field)?.header ?? '';
      const declined = draft.values[said] === field.unless?.is;
      if (!declined && besides.some((column) => draft.values[column.header] !== undefined || draft.unread.has(column.header))) continue;
      findings.problems.splice(at, 1);
      if (!declined) report(findings, draft, header, 'required-missing/no-application');
    }
  };

  const readId = (draft: DraftRow, index: number): void => {
    if (plan.id === null) return;
    const cell = raw.rows[index]?.[plan.id] ?? null;
    place(draft, '行号', plan.id, cell);
    draft.id = tidy(cell?.text ?? '') || null;
  };

  const provides = new Set([...plan.fields.map(({ column }) => column.header), ...plan.ticks.keys()]);
  if (plan.spans.length > 0) for (const header of ['开始时刻', '结束时刻', '星期']) provides.add(header);
  if (plan.contact !== null) for (const header of ['监护人姓名', '监护人电话']) provides.add(header);
  if (plan.grade) provides.add('年级');
  if (plan.klass) for (const header of ['年级', '班级']) provides.add(header);
  for (const header of Object.keys(heading.constants ?? {})) provides.add(header);

  return {
    provides,
    read(index, section) {
      const draft = newDraft(index + 1);
      const from = findings.problems.length;
      Object.assign(draft.values, heading.constants);
      readId(draft, index);
      if (plan.klass || plan.grade || section.grade !== null) readClassAt(draft, index, section);
      for (const { at, column } of plan.fields) readField(draft, index, at, column);
      for (const header of plan.ticks.keys()) readTicks(draft, index, header);
      readSpans(draft, index);
      if (plan.contact !== null) readContact(draft, index, plan.contact);
      readRemarks(draft, index);
      forgive(draft, from);
      const unit = draft.feeUnits.收费标准;
      if (unit && draft.values.收费单位 === undefined && plan.known.has('收费单位') && !readsAlone('收费单位')) draft.values.收费单位 = unit;
      return draft;
    },
  };
};
