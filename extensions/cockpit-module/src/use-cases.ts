/**
 * Loads what the judging screen shows, and carries out what is decided there: saved, read again, said.
 */
import { computed, onBeforeUnmount, ref, shallowRef } from 'vue';
import { type CaseHint, caseHint } from '../../../schema/cases/records.ts';
import { scoreCases } from '../../../schema/cases/scoring.ts';
import {
  type Desk,
  type HintedSchool,
  type JudgedCase,
  mayJudge,
  noteAsked,
  openMarks,
  queueCheck,
  type Review,
  readCases,
  readDesk,
  readHints,
  readReviews,
  saveCase,
} from './read-cases.ts';
import { usePermittedApi } from './read-cockpit.ts';
import { reasonOf, type Said } from './use-layouts.ts';

/** How often to look while a check is waiting. Milliseconds. */
const lookAgain = 4000;

export type Verdict = '通过' | '修改' | '不采用';
export type Hinted = HintedSchool & { readonly hint: CaseHint };

export const useCases = () => {
  const api = usePermittedApi();
  const allowed = mayJudge(api);
  const [loading, busy] = [ref(allowed), ref(false)];
  const fault = ref<string | null>(null);
  const said = ref<Said | null>(null);
  const cases = shallowRef<readonly JudgedCase[]>([]);
  const reviews = shallowRef<readonly Review[]>([]);
  const hints = shallowRef<readonly Hinted[]>([]);
  const desk = shallowRef<Desk | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  const load = async (): Promise<void> => {
    if (!allowed) return;
    clearTimeout(timer);
    loading.value = true;
    try {
      // The desk first: asking for it opens what is complete by now.
      desk.value = await readDesk(api);
      const [all, marks, schools] = await Promise.all([readCases(api), readReviews(api), readHints(api)]);
      [cases.value, reviews.value] = [all, marks];
      hints.value = schools.flatMap((school) => {
        const hint = caseHint(school.case_hint);
        return hint ? [{ ...school, hint }] : [];
      });
      fault.value = null;
    } catch (error) {
      fault.value = reasonOf(error);
    } finally {
      loading.value = false;
    }
    if (desk.value?.checking && !gone) timer = setTimeout(load, lookAgain);
  };
  onBeforeUnmount(() => {
    gone = true;
    clearTimeout(timer);
  });

  const carryOut = async (work: () => Promise<void>, done: string): Promise<void> => {
    busy.value = true;
    let outcome: Said = { type: 'success', text: done };
    try {
      await work();
    } catch (error) {
      outcome = { type: 'danger', text: `没有做完:${reasonOf(error)}。请再做一次。` };
    }
    await load();
    said.value = outcome;
    busy.value = false;
  };

  const habits = computed(() => {
    const opened = reviews.value.filter((review) => review.total !== null && (review.state === '已开封' || review.state === null));
    const scores = scoreCases(opened.map((review) => ({ case: review.case, reviewer: review.reviewer, total: Number(review.total) })));
    return new Map(scores.reviewers.map((one) => [one.reviewer, one]));
  });

  return {
    allowed,
    loading,
    busy,
    fault,
    said,
    cases,
    reviews,
    hints,
    desk,
    habits,
    load,
    check: () => carryOut(() => queueCheck(api), '审查和排名已排队,做完这里自动更新。'),
    asked: (school: Hinted) => carryOut(() => noteAsked(api, school.code), `${school.name}:已记为约过稿。`),
    open: (one: JudgedCase) => carryOut(() => openMarks(api, one.id), `《${one.title}》已提前开封。`),
    send: (one: JudgedCase) => carryOut(() => saveCase(api, one.id, { state: '评审中' }), `《${one.title}》已送评,评委打开自己的网址就能看到。`),
    decide: (one: JudgedCase, state: Verdict, advice: string) =>
      carryOut(() => saveCase(api, one.id, { state, advice: advice.trim() || null }), `《${one.title}》:${state}。下次同步写回学校的表。`),
  };
};
