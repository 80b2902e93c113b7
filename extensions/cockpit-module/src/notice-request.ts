/**
 * What the screen 「印发通知」 asks for: the form, what is still missing in it, and the arguments of the job (scripts/notices/job-arguments.ts).
 * Pure.
 */
import { type Layout, layouts, type NoticeTask, type OnlyFilter } from '../../../schema/letters.ts';
import { notices } from '../../../schema/tables/notices.ts';
import { gradeNames, replyKinds } from '../../../schema/vocabulary.ts';

export const kinds: readonly string[] = notices.fields.kind.choices.map(({ value }) => value);

export interface NoticeForm {
  readonly kind: string;
  readonly scope: '全县' | '乡镇' | '学校';
  readonly township: string;
  readonly school: string;
  /** '' for all. */
  readonly grade: string;
  readonly classNo: string;
  /** 行号 of single students; empty for all. */
  readonly students: readonly string[];
  readonly only: OnlyFilter | '';
  readonly layout: Layout | '';
  readonly duplex: boolean;
  readonly zip: boolean;
  readonly upload: 'sets' | 'all' | '';
  /** 成文日期; '' for today, or the date of the first print. */
  readonly date: string;
  /** 行号 of the notice whose words and matter count; '' for the only one of its kind. */
  readonly notice: string;
  /** '' for the current term. */
  readonly term: string;
}

export const emptyForm: NoticeForm = {
  kind: kinds[0] ?? '',
  scope: '学校',
  township: '',
  school: '',
  grade: '',
  classNo: '',
  students: [],
  only: '',
  layout: '',
  duplex: false,
  zip: false,
  upload: 'sets',
  date: '',
  notice: '',
  term: '',
};

export const layoutChoices: readonly { readonly value: Layout | ''; readonly label: string }[] = [
  { value: '', label: '照上次(首次为紧凑)' },
  { value: layouts[0], label: '紧凑:小四号字,一般两页' },
  { value: layouts[1], label: '标准:3 号字,每面 22 行、每行 28 字' },
];

export const asksReply = (kind: string): boolean => replyKinds.includes(kind);

/** 变更停课通知 says what a row of 通知 says: which one must be known. */
export const needsMatter = (kind: string): boolean => kind === '变更停课通知';

/** What has to be chosen first; Chinese, empty where nothing is missing. */
export const faultsOf = (form: NoticeForm, task: NoticeTask): string[] => [
  ...(form.scope === '学校' && !form.school ? ['请选择学校'] : []),
  ...(form.scope === '乡镇' && !form.township ? ['请选择乡镇/学区'] : []),
  ...(task === 'preview' && form.scope !== '学校' ? ['样张看一名学生的信:范围请选“一所学校”'] : []),
  ...(needsMatter(form.kind) && !form.notice && form.scope !== '学校' ? ['请选择是哪一份变更停课通知'] : []),
  ...(task === 'replies' && !asksReply(form.kind) ? [`${form.kind}不收回执,没有名册`] : []),
];

const areaOf = (form: NoticeForm): Readonly<Record<string, unknown>> => {
  if (form.scope === '全县') return { county: true };
  return form.scope === '乡镇' ? { township: form.township } : { school: form.school };
};

const placeOf = (form: NoticeForm): Readonly<Record<string, unknown>> => ({
  ...(form.grade ? { grade: Number(form.grade) } : {}),
  ...(form.grade && form.classNo ? { class: form.classNo } : {}),
  ...(form.scope === '学校' && form.students.length ? { student: form.students } : {}),
  ...(form.only ? { only: form.only } : {}),
});

/** Sending out and collecting go by whole schools: what was printed before. */
const wholeSchools = (task: NoticeTask): boolean => task === 'deliver' || task === 'replies';

export const argumentsFor = (form: NoticeForm, task: NoticeTask): Readonly<Record<string, unknown>> => ({
  do: task,
  kind: form.kind,
  ...areaOf(form),
  ...(form.notice ? { notice: form.notice } : {}),
  ...(form.term ? { term: form.term } : {}),
  ...(wholeSchools(task)
    ? { upload: true }
    : {
        ...placeOf(form),
        ...(form.layout ? { layout: form.layout } : {}),
        ...(form.date ? { date: form.date } : {}),
        ...(task === 'print'
          ? {
              ...(form.duplex ? { duplex: true } : {}),
              ...(form.zip ? { zip: true } : {}),
              ...(form.upload ? { upload: form.upload === 'all' ? true : 'sets' } : {}),
            }
          : {}),
      }),
});

/** `东关小学 三年级2班 应缴未缴` */
export const scopeWords = (form: NoticeForm, schoolName: string, task: NoticeTask): string => {
  const area = form.scope === '全县' ? '全县' : form.scope === '乡镇' ? form.township : schoolName;
  if (wholeSchools(task)) return area;
  const place = form.grade ? `${gradeNames[Number(form.grade) - 1] ?? ''}${form.classNo ? `${form.classNo}班` : ''}` : '';
  return [area, place, form.students.length && form.scope === '学校' ? `${form.students.length}名学生` : '', form.only].filter(Boolean).join(' ');
};

export interface NoticeTaskButton {
  readonly task: NoticeTask;
  readonly label: string;
  readonly icon: string;
  /** Asked before it is queued; null: it changes nothing and goes at once. */
  readonly question: string | null;
}

export const buttons: readonly NoticeTaskButton[] = [
  { task: 'preview', label: '看样张', icon: 'preview', question: null },
  { task: 'plan', label: '先算一算', icon: 'calculate', question: null },
  {
    task: 'print',
    label: '印制',
    icon: 'print',
    question: '每生一份 PDF,每班一册合订件。内容没有变的沿用旧的;变了的印新的,旧的随即失效;离校学生的撤回。',
  },
  { task: 'deliver', label: '发送', icon: 'send', question: '给留了邮箱的家长发信(发过的不再发),并写出各班的链接表,供班主任发给家长。' },
  { task: 'replies', label: '回执名册', icon: 'checklist', question: null },
];
