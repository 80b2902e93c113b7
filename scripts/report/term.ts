/**
 * The figures of a term out of those of its months: what flows (money, checks, complaints) is added up, what stands (students, staff, hours) is
 * what the last return says. Pure.
 */
import { addUp, columns, overMonths, type Values, withShares } from '../../schema/county-table.ts';
import { type MonthFigures, type SchoolLine, type Standing, standingOf } from './figures.ts';

const valuesOf = (lines: readonly SchoolLine[]): Values =>
  withShares(
    Object.fromEntries(
      columns.flatMap((column) =>
        column.kind === 'share'
          ? []
          : [
              [
                column.key,
                overMonths(
                  column.key,
                  lines.map((line) => line.values[column.key] ?? null),
                ),
              ],
            ],
      ),
    ),
  );

/** One line of a school for the term: its months in order. */
const termLine = (lines: readonly SchoolLine[]): SchoolLine => {
  const came = lines.filter((line) => line.status !== '未报');
  const onTime = lines.filter((line) => line.status === '按时').length;
  const last = lines.at(-1) as SchoolLine;
  return {
    ...last,
    status: came.length === 0 ? '未报' : onTime === lines.length ? '按时' : came.length === lines.length ? '逾期' : '缺报',
    months: { expected: lines.length, reported: came.length, onTime },
    values: valuesOf(came),
    report: null,
    answered: came.reduce((sum, line) => sum + line.answered, 0),
    asked: came.reduce((sum, line) => sum + line.asked, 0),
    extension: null,
  };
};

/** Shares over all school-months, so that a school with many months weighs as much as its returns. */
const pooled = (name: string, standings: readonly Standing[], lines: readonly SchoolLine[]): Standing => ({
  ...standingOf(name, lines),
  name,
  ...sums(standings),
});

const percent = (part: number, whole: number): number | null => (whole === 0 ? null : Math.round((part / whole) * 10_000) / 100);

const sums = (standings: readonly Standing[]) => {
  const sum = (of: (one: Standing) => number): number => standings.reduce((all, one) => all + of(one), 0);
  const [expected, reported, onTime] = [sum((one) => one.expected), sum((one) => one.reported), sum((one) => one.onTime)];
  return { expected, reported, onTime, rate: percent(onTime, expected), timeliness: percent(onTime, reported) };
};

/** `months` in order, each with its figures; `name` is the term's. Schools stand in the townships of the latest month. */
export const termFigures = (name: string, months: readonly MonthFigures[]): MonthFigures & { readonly byMonth: readonly Standing[] } => {
  const linesOf = new Map<string, SchoolLine[]>();
  for (const month of months)
    for (const line of month.townships.flatMap((group) => group.lines))
      linesOf.set(line.school.code, [...(linesOf.get(line.school.code) ?? []), line]);
  const townshipOf = new Map(
    months.flatMap((month) => month.townships.flatMap((group) => group.lines.map((line) => [line.school.code, group.township]))),
  );
  const groups = new Map<string, SchoolLine[]>();
  for (const code of [...linesOf.keys()].sort()) {
    const township = townshipOf.get(code) as string;
    groups.set(township, [...(groups.get(township) ?? []), termLine(linesOf.get(code) as SchoolLine[])]);
  }
  const townships = [...groups].map(([township, lines]) => ({
    township,
    lines,
    totals: addUp(lines.map((line) => line.values)),
    reported: lines.filter((line) => line.status !== '未报').length,
  }));
  const lines = townships.flatMap((group) => group.lines);
  const named = (pick: (month: MonthFigures) => readonly Standing[], wanted: string) =>
    months.flatMap((month) => pick(month).filter((one) => one.name === wanted));
  const types = [...new Set(months.flatMap((month) => month.byType.map((one) => one.name)))];
  const county = pooled(
    '全县',
    months.map((month) => month.county),
    lines,
  );
  return {
    month: name,
    dueOn: months.at(-1)?.dueOn ?? '',
    townships,
    totals: addUp(lines.map((line) => line.values)),
    county,
    byTownship: townships.map((group) =>
      pooled(
        group.township,
        named((month) => month.byTownship, group.township),
        group.lines,
      ),
    ),
    byType: types.map((type) =>
      pooled(
        type,
        named((month) => month.byType, type),
        lines.filter((line) => line.school.type === type),
      ),
    ),
    byMonth: months.map((month) => ({ ...month.county, name: month.month })),
    expected: lines.length,
    reported: lines.filter((line) => line.status !== '未报').length,
    onTime: lines.filter((line) => line.status === '按时').length,
    rate: county.rate,
    missing: lines.filter((line) => line.status === '未报').map((line) => line.school),
  };
};
