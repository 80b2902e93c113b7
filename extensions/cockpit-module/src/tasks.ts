/**
 * The work that the cockpit can ask for, in the order of its buttons. Data; scripts/jobs/handlers.ts says what each kind takes.
 */
import { monthName } from './figures.ts';
import type { Job } from './read-cockpit.ts';

export interface Task {
  readonly kind: Job['kind'];
  readonly label: string;
  readonly icon: string;
  /** Asked before it is queued; `month` is `2026-10`. */
  readonly question: (month: string) => string;
  readonly values: (month: string, school: string | null) => Readonly<Record<string, string>>;
  /** The dialog asks for a school. */
  readonly needsSchool?: true;
}

const noValues: Readonly<Record<string, string>> = {};

export const tasks: readonly Task[] = [
  {
    kind: 'sync',
    label: '立即同步',
    icon: 'sync',
    question: () => '读一遍各校填报表里有变动的部分,收进系统,并把结果写回各校的表里。',
    values: () => noValues,
  },
  {
    kind: 'report',
    label: '生成统计表',
    icon: 'summarize',
    question: (month) => `生成 ${monthName(month)} 的县级统计表(Excel 和 PDF)。已有的同月统计表会被新的替换。`,
    values: (month) => ({ month }),
  },
  {
    kind: 'notices',
    label: '印制告家长书',
    icon: 'print',
    question: () => '给所选学校的每名学生印一份告家长书,并按班合订。内容没有变的沿用旧的,不重印。',
    values: (_month, school) => (school ? { school } : noValues),
    needsSchool: true,
  },
  {
    kind: 'arrange',
    label: '统筹安排名额',
    icon: 'groups',
    question: () => '给所选学校已核准的报名安排课程名额:优先群体在先,其余抽签,排不上的列入候补。已经给出的名额保留。',
    values: (_month, school) => (school ? { school } : noValues),
    needsSchool: true,
  },
  {
    kind: 'inspect',
    label: '建议督导学校',
    icon: 'travel_explore',
    question: () => '按迟报、预警、更正、投诉和多久没有督导排出风险,再随机抽一部分,建议本次督导的学校,并填好核对清单。',
    values: () => noValues,
  },
  {
    kind: 'letters',
    label: '印制督导文书',
    icon: 'history_edu',
    question: () => '给已写明处理、问题和整改要求的督导印制提醒、整改、通报、约谈文书,放进文件库“督导”。内容没有变的不重印。',
    values: () => noValues,
  },
  {
    kind: 'showcase',
    label: '发布案例网站',
    icon: 'public',
    question: () => '用现在“已发布”的案例更新全县案例网站,公众随即可以看到。',
    values: () => noValues,
  },
];
