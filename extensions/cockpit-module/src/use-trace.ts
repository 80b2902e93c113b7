/**
 * Loads a figure of a month or a term for all schools, and the trail of the one that is looked at.
 */
import { computed, ref, shallowRef, watch } from 'vue';
import { isReported } from '../../../schema/monthly-return.ts';
import { monthOf } from '../../../schema/months.ts';
import {
  figureChoices,
  figureWords,
  type ListTrail,
  listTrail,
  partsOf,
  type SchoolFigure,
  schoolFigures,
  type TracedReport,
  type TracedSchool,
  type TrailStep,
  trailSteps,
} from './figure-trail.ts';
import { monthChoices, monthName, monthToShow } from './figures.ts';
import { usePermittedApi } from './read-cockpit.ts';
import { mayTrace, type Period, readChanges, readOrigin, readPlaces, readReports, readSchools, readTerms } from './read-trace.ts';
import { reasonOf } from './use-layouts.ts';

/** One figure of a return; a share has two of them. */
export interface TrailPart {
  readonly field: string;
  readonly label: string;
  readonly shown: string;
  readonly steps: readonly TrailStep[];
  readonly lists: ListTrail | null;
}

/** What one return gives to the figure. */
export interface ReturnTrail {
  readonly month: string;
  /** Null where the school has none. */
  readonly report: TracedReport | null;
  readonly shown: string;
  readonly parts: readonly TrailPart[];
}

export interface Trail {
  readonly line: SchoolFigure;
  /** One for each month of the period. */
  readonly returns: readonly ReturnTrail[];
}

export const labelOf = (field: string): string => figureChoices.find((one) => one.field === field)?.label ?? field;

export const useTrace = () => {
  const api = usePermittedApi();
  const allowed = mayTrace(api);
  const today = new Date().toLocaleDateString('sv-SE');
  const newest = monthToShow(today, null);
  const period = ref(newest);
  const field = ref('participants');
  const township = ref('');
  const loading = ref(false);
  const fault = ref<string | null>(null);
  const terms = shallowRef<readonly Period[]>([]);
  const schools = shallowRef<readonly TracedSchool[]>([]);
  const reports = shallowRef<readonly TracedReport[]>([]);
  const places = shallowRef<ReadonlyMap<string, string>>(new Map());
  const trail = shallowRef<Trail | null>(null);

  const guarded = async (work: () => Promise<void>): Promise<void> => {
    if (!allowed) return;
    loading.value = true;
    try {
      await work();
      fault.value = null;
    } catch (error) {
      fault.value = reasonOf(error);
    } finally {
      loading.value = false;
    }
  };

  const months = monthChoices(today, newest).map((month): Period => ({ key: month, name: monthName(month), months: [month] }));
  const asked = computed(() => [...months, ...terms.value].find((one) => one.key === period.value) ?? (months[0] as Period));

  const load = () =>
    guarded(async () => {
      trail.value = null;
      const { months: wanted } = asked.value;
      const [all, found, files] = await Promise.all([readTerms(api, today), readReports(api, wanted, field.value), readPlaces(api)]);
      // The month that is not over yet is held against nobody.
      const counted = wanted.filter(
        (month) => wanted.length === 1 || month < monthOf(today) || found.some((one) => one.month === month && isReported(one)),
      );
      schools.value = await readSchools(api, counted);
      [terms.value, reports.value, places.value] = [all, found, files];
    });
  watch([period, field], load);

  const partsIn = async (report: TracedReport): Promise<TrailPart[]> => {
    const changes = await readChanges(api, report.id);
    const parts: TrailPart[] = [];
    for (const part of partsOf(field.value))
      parts.push({
        field: part,
        label: labelOf(part),
        shown: figureWords(part, [report]),
        steps: trailSteps(part, report, changes, places.value),
        lists: listTrail(part, report, await readOrigin(api, report.id, part)),
      });
    return parts;
  };

  const follow = (line: SchoolFigure) =>
    guarded(async () => {
      const returns: ReturnTrail[] = [];
      for (const month of line.school.months) {
        const report = line.returns.find((one) => one.month === month) ?? null;
        returns.push({ month, report, shown: report ? figureWords(field.value, [report]) : '未报', parts: report ? await partsIn(report) : [] });
      }
      trail.value = { line, returns };
    });

  const townships = computed(() => [...new Set(schools.value.flatMap((one) => one.township ?? []))]);
  const chosen = computed(() => schools.value.filter((one) => !township.value || one.township === township.value));
  const figures = computed(() => schoolFigures(field.value, chosen.value, reports.value));

  return { allowed, loading, fault, period, asked, months, terms, field, township, townships, figures, trail, load, follow };
};
