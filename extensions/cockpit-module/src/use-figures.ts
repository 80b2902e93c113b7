/**
 * Loads what the page shows and keeps the month: one place that reads, so that the page only arranges.
 */
import { computed, ref, shallowRef } from 'vue';
import { type MonthlyReport, monthChoices, monthFigures, monthToShow, type School } from './figures.ts';
import { type AskedSource, askedGroups, type LayoutGroup } from './layout-groups.ts';
import {
  type Case,
  type Finding,
  type ProblemCount,
  readBookmarks,
  readCases,
  readFindings,
  readNewestMonth,
  readProblemCounts,
  readReports,
  readSchools,
  readSettings,
  type Settings,
  type Shown,
  usePermittedApi,
} from './read-cockpit.ts';
import { mayDecide, readAsked } from './read-layouts.ts';

/** Today where the office sits. */
const today = (): string => new Date().toLocaleDateString('sv-SE');

export const useFigures = () => {
  const api = usePermittedApi();
  const loading = ref(true);
  const fault = ref<string | null>(null);
  const month = ref('');
  const settings = shallowRef<Settings | null>(null);
  const schools = shallowRef<School[] | null>(null);
  const reports = shallowRef<MonthlyReport[] | null>(null);
  const problems = shallowRef<ProblemCount[] | null>(null);
  const findings = shallowRef<Shown<Finding> | null>(null);
  const cases = shallowRef<Shown<Case> | null>(null);
  /** Null for who cannot decide layouts. */
  const asked = shallowRef<LayoutGroup[] | null>(null);
  const bookmarks = shallowRef<ReadonlyMap<string, string>>(new Map());

  const guarded = async (work: () => Promise<void>): Promise<void> => {
    loading.value = true;
    try {
      await work();
      fault.value = null;
    } catch (error) {
      fault.value = (error as Error).message;
    } finally {
      loading.value = false;
    }
  };

  const load = (): Promise<void> =>
    guarded(async () => {
      if (!month.value) month.value = monthToShow(today(), await readNewestMonth(api));
      let open: AskedSource[] | null;
      [settings.value, schools.value, reports.value, problems.value, findings.value, cases.value, bookmarks.value, open] = await Promise.all([
        readSettings(api),
        readSchools(api),
        readReports(api, month.value),
        readProblemCounts(api),
        readFindings(api),
        readCases(api),
        readBookmarks(api),
        mayDecide(api) ? readAsked(api) : null,
      ]);
      asked.value = open && askedGroups(open);
    });

  const chooseMonth = (chosen: string): Promise<void> =>
    guarded(async () => {
      month.value = chosen;
      const found = await readReports(api, chosen);
      // Somebody who steps quickly through the months gets the answer for the last one only.
      if (month.value === chosen) reports.value = found;
    });

  const figures = computed(() => (schools.value && reports.value ? monthFigures(month.value, schools.value, reports.value) : null));
  const months = computed(() => (month.value ? monthChoices(today(), month.value) : []));
  const schoolNames = computed(() => new Map(schools.value?.map((one) => [one.code, one.name ?? one.code])));
  const problemTotal = computed(() => problems.value?.reduce((sum, one) => sum + one.count, 0) ?? 0);
  const partly = computed(() => !loading.value && !fault.value && [schools, reports, problems, findings, cases].some((one) => one.value === null));
  const listOf = (collection: string, bookmark: string): string => bookmarks.value.get(`${collection}/${bookmark}`) ?? `/content/${collection}`;

  return {
    loading,
    fault,
    month,
    months,
    settings,
    schools,
    schoolNames,
    figures,
    problems,
    problemTotal,
    findings,
    cases,
    asked,
    partly,
    listOf,
    load,
    chooseMonth,
  };
};
