/**
 * The words of the letters of supervision: 提醒, 整改, 通报, 约谈 (R-D1, R-D2; layout of DOMAIN section 3). Every fact comes from the
 * inspection; nothing is made up, and what is missing is named. Pure.
 */
import { typeset } from '../text/typeset.ts';

export const letterKinds = ['提醒', '整改', '通报', '约谈'] as const;
export type LetterKind = (typeof letterKinds)[number];
export const isLetterKind = (word: unknown): word is LetterKind => letterKinds.includes(word as LetterKind);

/** What a letter says; days are `2026-11-24`. */
export interface LetterFacts {
  readonly kind: LetterKind;
  readonly school: string;
  readonly bureau: string;
  readonly office: string;
  readonly inspectedOn: string | null;
  readonly methods: readonly string[];
  readonly accuracy: number | null;
  readonly strengths: string | null;
  readonly faults: string | null;
  readonly demand: string | null;
  readonly deadline: string;
  /** `2026年12月3日15:00`, as it is read. */
  readonly talkAt: string | null;
  readonly talkPlace: string | null;
  readonly copyTo: string | null;
  /** The day of the letter. */
  readonly day: string;
  /** Complaints that the inspection followed. */
  readonly complaints: number;
}

/** A letter in its parts, punctuation as it is printed. */
export interface LetterText {
  readonly title: readonly string[];
  readonly to: string;
  /** Headings of the first level begin with 一、; the others are paragraphs. */
  readonly body: readonly { readonly heading: boolean; readonly text: string }[];
  readonly signer: string;
  readonly date: string;
  readonly copyTo: string | null;
  readonly printed: { readonly by: string; readonly on: string };
}

/** `2026年11月4日`: Arabic figures, no leading zeros (GB/T 9704). */
export const longDay = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
};

/** What has to be written before a letter of this kind can go out, by the labels of the form. */
export const missingFor = (facts: Omit<LetterFacts, 'deadline'>): string[] => [
  ...(facts.inspectedOn ? [] : ['日期']),
  ...(facts.faults?.trim() ? [] : ['问题']),
  ...(facts.demand?.trim() ? [] : ['整改要求']),
  ...(facts.kind === '约谈' && !facts.talkAt ? ['约谈时间'] : []),
  ...(facts.kind === '约谈' && !facts.talkPlace?.trim() ? ['约谈地点'] : []),
];

const titles: Readonly<Record<LetterKind, (school: string) => readonly string[]>> = {
  提醒: (school) => [`关于${school}`, '课后服务工作的提醒函'],
  整改: (school) => [`关于责成${school}`, '限期整改课后服务问题的通知'],
  通报: (school) => [`关于${school}`, '课后服务督导情况的通报'],
  约谈: (school) => [`关于约谈${school}`, '课后服务负责人的通知'],
};

const lines = (text: string | null): string[] =>
  (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);

const ended = (text: string): string => (/[。!?！？]$/.test(text) ? text : `${text.replace(/[;；,，、]$/, '')}。`);

const plan = '《县中小学课后服务工作实施方案》';

const opening = (facts: LetterFacts): string => {
  const day = longDay(facts.inspectedOn ?? facts.day);
  const ways = facts.methods.length ? `,采用${facts.methods.join('、')}的方式` : '';
  const cause = facts.complaints ? `,结合收到的 ${facts.complaints} 件投诉举报` : '';
  const checked = facts.accuracy === null ? '' : `核实数与上报数相比,准确率为 ${facts.accuracy}%。`;
  return `根据${plan}关于定期与不定期检查的要求,我局于${day}对${facts.school}课后服务工作进行了督导${ways}${cause}。${checked}现将有关情况和要求${facts.kind === '通报' ? '通报' : facts.kind === '提醒' ? '函告' : '通知'}如下。`;
};

const ending: Readonly<Record<LetterKind, (facts: LetterFacts) => string>> = {
  提醒: ({ deadline, school }) => `请${school}对照上述问题自查,于${longDay(deadline)}前将改进情况书面报我局。`,
  整改: ({ deadline, school }) => `请${school}于${longDay(deadline)}前完成整改,并把整改报告报我局。我局将按期复查;逾期未改的,按规定处理。`,
  通报: ({ deadline, school }) => `请${school}于${longDay(deadline)}前完成整改并书面报告。各学校要引以为戒,对照检查,切实做好课后服务工作。`,
  约谈: ({ deadline, school, talkAt, talkPlace }) =>
    `请${school}校长和课后服务负责人于${talkAt}到${talkPlace}参加约谈,并带整改方案;整改于${longDay(deadline)}前完成。因故不能参加的,请事先向我局说明。`,
};

const duty: Readonly<Record<LetterKind, string | null>> = {
  提醒: null,
  整改: null,
  通报: '落实不力的,依照上述方案和《教育督导问责办法》予以通报、约谈。',
  约谈: '落实不力的,依照上述方案和《教育督导问责办法》予以通报、约谈。',
};

const section = (number: string, heading: string, texts: readonly string[]) =>
  texts.length
    ? [
        { heading: true, text: `${number}、${heading}` },
        ...texts.map((text, index) => ({ heading: false, text: texts.length > 1 ? `${index + 1}.${ended(text)}` : ended(text) })),
      ]
    : [];

const numbers = ['一', '二', '三', '四'];

/** The letter of an inspection whose facts are complete. */
export const letterText = (facts: LetterFacts): LetterText => {
  const parts: [string, readonly string[]][] = [
    ...(lines(facts.strengths).length ? [['做得好的方面', lines(facts.strengths)] as [string, string[]]] : []),
    ['存在的问题', lines(facts.faults)],
    ['整改要求', [...lines(facts.demand), ...(duty[facts.kind] ? [duty[facts.kind] as string] : [])]],
    [facts.kind === '约谈' ? '约谈安排' : '时限和报告', [ending[facts.kind](facts)]],
  ];
  const body = [
    { heading: false, text: opening(facts) },
    ...parts.flatMap(([heading, texts], index) => section(numbers[index] as string, heading, texts)),
  ];
  const office = `${facts.bureau}${facts.office}`;
  return {
    title: titles[facts.kind](facts.school).map(typeset),
    to: typeset(`${facts.kind === '通报' ? '各乡镇中心学校,县直各学校' : facts.school}:`),
    body: body.map(({ heading, text }) => ({ heading, text: typeset(text) })),
    signer: typeset(facts.bureau),
    date: longDay(facts.day),
    copyTo: facts.copyTo?.trim() ? typeset(ended(`抄送:${facts.copyTo.trim()}`)) : null,
    printed: { by: typeset(office), on: `${longDay(facts.day)}印发` },
  };
};
