/**
 * Loads what the mapping screen shows, and carries out what is decided there: kept, read again, said.
 */
import { computed, ref, shallowRef } from 'vue';
import type { Layout } from '../../../schema/layout.ts';
import type { Tab } from '../../../schema/sheets.ts';
import { type AskedSource, askedGroups, type KeptSchool, keptGroups, type LayoutGroup } from './layout-groups.ts';
import { usePermittedApi } from './read-cockpit.ts';
import { keepLayouts, mayDecide, readAsked, readKept, readTabs } from './read-layouts.ts';
import { useJobs } from './use-jobs.ts';

/** What came of a decision, for eyes and screen readers. */
export interface Said {
  readonly type: 'success' | 'danger';
  readonly text: string;
}

/** Directus says in its answer why it refused; without one, the line was broken. */
export const reasonOf = (error: unknown): string => {
  const answer = error as { response?: { data?: { errors?: readonly { message?: string }[] } }; message?: string };
  return answer.response?.data?.errors?.[0]?.message ?? answer.message ?? '原因不明';
};

export const useLayouts = () => {
  const api = usePermittedApi();
  const allowed = mayDecide(api);
  const mayQueue = api.may('create', 'jobs');
  const loading = ref(allowed);
  const busy = ref(false);
  const fault = ref<string | null>(null);
  const said = ref<Said | null>(null);
  const sources = shallowRef<readonly AskedSource[]>([]);
  const schools = shallowRef<readonly KeptSchool[]>([]);
  const tabs = shallowRef<readonly Tab[]>([]);

  const load = async (): Promise<void> => {
    if (!allowed) return;
    loading.value = true;
    try {
      const [asked, kept, columns] = await Promise.all([readAsked(api), readKept(api), readTabs(api)]);
      [sources.value, schools.value, tabs.value] = [asked ?? [], kept ?? [], columns];
      fault.value = null;
    } catch (error) {
      fault.value = reasonOf(error);
    } finally {
      loading.value = false;
    }
  };
  const work = useJobs(() => void load());

  /** One waiting sync reads everything that has been decided until it begins. */
  const queueSync = async (): Promise<string> => {
    if (!mayQueue) return '下次同步时照此读';
    await work.load();
    if (!work.jobs.value?.some((job) => job.kind === 'sync' && job.state === '排队')) await work.queue('sync', {});
    return '同步已排队,几分钟内照此读';
  };

  const carryOut = async (group: LayoutGroup, parts: readonly Layout[], done: string): Promise<Said> => {
    try {
      await keepLayouts(api, group, parts);
      return { type: 'success', text: `${group.school?.name ?? ''}:${done};${await queueSync()}。` };
    } catch (error) {
      return { type: 'danger', text: `没有做完:${reasonOf(error)}。请再做一次。` };
    }
  };

  /** Said only once the page shows what came of it, so that nothing is decided twice. */
  const decide = async (group: LayoutGroup, parts: readonly Layout[], done: string): Promise<void> => {
    busy.value = true;
    const outcome = await carryOut(group, parts, done);
    await load();
    said.value = outcome;
    busy.value = false;
  };

  const asked = computed(() => askedGroups(sources.value));
  const kept = computed(() => keptGroups(schools.value));

  return { allowed, loading, busy, fault, said, asked, kept, tabs, load, decide };
};
