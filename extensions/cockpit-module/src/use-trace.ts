/**
 * Loads a figure of a month for all schools, and the trail of the one that is looked at.
 */
import { computed, ref, shallowRef, watch } from 'vue';
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
import { monthChoices, monthToShow } from './figures.ts';
import { usePermittedApi } from './read-cockpit.ts';
import { mayTrace, readChanges, readOrigin, readPlaces, readReports, readSchools } from './read-trace.ts';
import { reasonOf } from './use-layouts.ts';

/** One figure of a return; a share has two of them. */
export interface TrailPart {
  readonly field: string;
  readonly label: string;
  readonly shown: string;
  readonly steps: readonly TrailStep[];
  readonly lists: ListTrail | null;
}

export interface Trail {
  readonly line: SchoolFigure;
  readonly parts: readonly TrailPart[];
}

export const labelOf = (field: string): string => figureChoices.find((one) => one.field === field)?.label ?? field;

export const useTrace = () => {
  const api = usePermittedApi();
  const allowed = mayTrace(api);
  const today = new Date().toLocaleDateString('sv-SE');
  const month = ref(monthToShow(today, null));
  const field = ref('participants');
  const township = ref('');
  const loading = ref(false);
  const fault = ref<string | null>(null);
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

  const load = () =>
    guarded(async () => {
      trail.value = null;
      [schools.value, reports.value, places.value] = await Promise.all([
        readSchools(api, month.value),
        readReports(api, month.value, field.value),
        readPlaces(api),
      ]);
    });
  watch([month, field], load);

  const follow = (line: SchoolFigure) =>
    guarded(async () => {
      const { report } = line;
      const parts: TrailPart[] = [];
      const changes = report ? await readChanges(api, report.id) : [];
      for (const part of report ? partsOf(field.value) : [])
        parts.push({
          field: part,
          label: labelOf(part),
          shown: figureWords(part, report as TracedReport),
          steps: trailSteps(part, report as TracedReport, changes, places.value),
          lists: listTrail(part, report as TracedReport, await readOrigin(api, (report as TracedReport).id, part)),
        });
      trail.value = { line, parts };
    });

  const townships = computed(() => [...new Set(schools.value.flatMap((one) => one.township ?? []))]);
  const chosen = computed(() => schools.value.filter((one) => !township.value || one.township === township.value));
  const figures = computed(() => schoolFigures(field.value, chosen.value, reports.value));
  const months = computed(() => monthChoices(today, month.value));

  return { allowed, loading, fault, month, months, field, township, townships, figures, trail, load, follow };
};
