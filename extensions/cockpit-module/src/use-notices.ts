/**
 * Loads what the screen 「印发通知」 shows, queues what is asked for there, and says what came of it.
 */
import { computed, ref, shallowRef, watch } from 'vue';
import type { School } from './figures.ts';
import { argumentsFor, emptyForm, type NoticeForm, type NoticeTaskButton } from './notice-request.ts';
import {
  type ClassStatus,
  classStatus,
  countsByNotice,
  inOrder,
  type MailTrouble,
  mailTroubles,
  type NoticeCounts,
  type NoticeRow,
  type Pupil,
} from './notice-status.ts';
import { readSchools, usePermittedApi } from './read-cockpit.ts';
import {
  mayNotify,
  type NoticeJob,
  queueAgain,
  readCopies,
  readCounts,
  readEnrolments,
  readNotice,
  readNoticeJobs,
  readNotices,
  readPupils,
  readTerm,
} from './read-notices.ts';
import { useJobs } from './use-jobs.ts';

export const useNotices = () => {
  const api = usePermittedApi();
  const allowed = mayNotify(api);
  const form = ref<NoticeForm>({ ...emptyForm });
  const fault = ref<string | null>(null);
  const said = ref<{ type: 'success' | 'danger'; text: string } | null>(null);
  const busy = ref(false);
  const term = shallowRef<{ id: string; name: string } | null>(null);
  const schools = shallowRef<readonly School[]>([]);
  const pupils = shallowRef<readonly Pupil[]>([]);
  const notices = shallowRef<readonly NoticeRow[]>([]);
  const counts = shallowRef<ReadonlyMap<string, NoticeCounts>>(new Map());
  const classes = shallowRef<readonly ClassStatus[]>([]);
  const troubles = shallowRef<readonly MailTrouble[]>([]);

  /** The answer to what was asked last counts, whatever comes in later. */
  let asked = 0;
  const guarded = async (work: (current: () => boolean) => Promise<void>): Promise<void> => {
    asked += 1;
    const mine = asked;
    try {
      await work(() => mine === asked);
      fault.value = null;
    } catch (error) {
      fault.value = (error as Error).message;
    }
  };

  const chosenNotice = computed(
    () => notices.value.find((one) => one.id === form.value.notice) ?? notices.value.find(({ school }) => school.code === form.value.school) ?? null,
  );
  const schoolOf = (): string => (form.value.scope === '学校' ? form.value.school : '');

  const loadStatus = (): Promise<void> =>
    guarded(async (current) => {
      if (!term.value) return;
      const [{ kind }, school, { id }] = [form.value, schoolOf(), term.value];
      const [found, counted, members] = await Promise.all([
        readNotices(api, kind, id),
        readCounts(api, kind, id),
        school ? readPupils(api, school) : Promise.resolve([]),
      ]);
      if (!current()) return;
      [notices.value, counts.value, pupils.value] = [found, countsByNotice(counted), inOrder(members)];
      const notice = school ? chosenNotice.value : null;
      const [copies, enrolments] = notice ? await Promise.all([readCopies(api, notice.id), readEnrolments(api, school, id)]) : [[], []];
      if (!current()) return;
      classes.value = notice ? classStatus(members, copies, enrolments) : [];
      troubles.value = mailTroubles(members, copies);
    });

  const work = useJobs<NoticeJob>(() => void loadStatus(), readNoticeJobs);

  /** Whoever comes from the screen of a notice finds it chosen here. */
  const choose = async (id: string): Promise<void> => {
    const notice = await readNotice(api, id);
    if (!notice || notice.state === '已撤回') {
      said.value = { type: 'danger', text: notice ? '这份通知已撤回,不能再印发。' : '没有找到这份通知:新建的请先保存,再从它的页面打开。' };
      return;
    }
    const elsewhen = notice.term.id === term.value?.id ? '' : notice.term.id;
    term.value = notice.term;
    form.value = { ...emptyForm, kind: notice.kind, school: notice.school.code, notice: notice.id, term: elsewhen };
  };

  const load = async (): Promise<void> => {
    if (!allowed) return;
    await guarded(async () => {
      [term.value, schools.value] = [await readTerm(api), (await readSchools(api)) ?? []];
      const from = new URLSearchParams(window.location.search).get('notice');
      if (from !== null) await choose(from);
    });
    await Promise.all([loadStatus(), work.load()]);
  };

  watch(() => [form.value.kind, form.value.scope, form.value.school, form.value.notice], loadStatus);

  const start = async ({ task, label }: NoticeTaskButton): Promise<void> => {
    busy.value = true;
    try {
      await work.queue('notices', argumentsFor(form.value, task));
      said.value = { type: 'success', text: `“${label}”已排队,进度和结果见下面“最近的任务”。` };
    } catch (error) {
      said.value = { type: 'danger', text: `“${label}”没有排上:${(error as Error).message}` };
    } finally {
      busy.value = false;
    }
  };

  const sendAgain = async ({ copy, pupil }: MailTrouble): Promise<void> => {
    busy.value = true;
    try {
      await queueAgain(api, copy);
      await loadStatus();
      said.value = { type: 'success', text: `${pupil}的信已改为“排队”,下次按“发送”时再发。` };
    } catch (error) {
      said.value = { type: 'danger', text: `没有改成:${(error as Error).message}` };
    } finally {
      busy.value = false;
    }
  };

  return { allowed, form, fault, said, busy, term, schools, pupils, notices, counts, classes, troubles, chosenNotice, work, load, start, sendAgain };
};
