/**
 * The latest jobs, read again every three seconds while one of them waits or runs, and never while nobody looks at the page.
 */
import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue';
import { type Api, type Job, queueJob, readJobs, usePermittedApi } from './read-cockpit.ts';

const often = 3000;
const seldom = 30_000;

const isActive = (job: Job): boolean => job.state === '排队' || job.state === '进行中';

/** `read` gives the jobs of a page that shows only some. `onFinished` is called when the last active job has ended: then the figures may be different. */
export const useJobs = <J extends Job = Job>(onFinished: () => void, read: (api: Api) => Promise<J[] | null> = readJobs as never) => {
  const api = usePermittedApi();
  const jobs = shallowRef<J[] | null>(null);
  const fault = ref<string | null>(null);
  const now = ref(new Date());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  const activeKinds = computed(() => new Set(jobs.value?.filter(isActive).map((job) => job.kind)));

  const load = async (): Promise<void> => {
    clearTimeout(timer);
    const busy = activeKinds.value.size > 0;
    try {
      jobs.value = await read(api);
      now.value = new Date();
      fault.value = null;
      if (busy && !activeKinds.value.size) onFinished();
    } catch (error) {
      fault.value = `任务情况没有读到:${(error as Error).message}`;
    }
    if (!gone && !document.hidden && (jobs.value || fault.value)) timer = setTimeout(load, activeKinds.value.size ? often : seldom);
  };

  const queue = async (kind: Job['kind'], values: Readonly<Record<string, unknown>>): Promise<void> => {
    await queueJob(api, kind, values);
    await load();
  };

  const look = () => void (document.hidden ? clearTimeout(timer) : load());
  onMounted(() => document.addEventListener('visibilitychange', look));
  onBeforeUnmount(() => {
    gone = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  });

  return { jobs, fault, now, activeKinds, load, queue };
};
