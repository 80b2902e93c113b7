/** The page of one letter after the phone was right: the letter, the 回执, and the address for mail. Every value is escaped. */
import { gradeNames, pickUps, weekdayNames } from '../../../schema/vocabulary.ts';
import { escaped, page, zhDate } from './html.ts';
import type { OpenLetter } from './letter.ts';
import type { Answer, Fault } from './reply.ts';

const choice = (type: 'radio' | 'checkbox', name: string, value: string, label: string, ticked = false): string =>
  `<label><input type="${type}" name="${name}" value="${escaped(value)}"${ticked ? ' checked' : ''}>${escaped(label)}</label>`;

/** What is wrong with a part stands in it too, for whoever has scrolled or is read to. */
const faultAt = (part: string, faults: readonly Fault[]): { readonly words: string; readonly tie: string } => {
  const own = faults.filter((fault) => fault.part === part);
  if (own.length === 0) return { words: '', tie: '' };
  return {
    words: `<p class="fault" id="${part}-fault">${own.map(({ words }) => escaped(words)).join('')}</p>`,
    tie: ` aria-describedby="${part}-fault"`,
  };
};

const group = (part: string, legend: string, choices: readonly string[], faults: readonly Fault[], hint = ''): string => {
  const { words, tie } = faultAt(part, faults);
  return `<fieldset id="${part}"${tie}><legend>${legend}</legend>${words}${hint ? `<p class="small">${hint}</p>` : ''}${choices.join('')}</fieldset>`;
};

const field = (name: string, label: string, value: string, faults: readonly Fault[], mode = 'text'): string => {
  const { words, tie } = faultAt(name, faults);
  return `<label for="${name}">${label}</label>${words}<input id="${name}" name="${name}" maxlength="60" inputmode="${mode}" autocomplete="off"${tie}${tie ? ' aria-invalid="true"' : ''} value="${escaped(value)}">`;
};

const answerText = (answer: Answer): string => {
  if (!answer.takesPart) return '不参加';
  if (!answer.consent) return '参加；个人信息不同意以电子方式处理，请交纸质回执';
  const days = answer.days.map((day) => weekdayNames[day - 1]).join('、');
  return [`自愿参加：${days}`, answer.services.join('、'), answer.pickUp ?? '', answer.waiver ? '申请减免（请把材料交班主任）' : '']
    .filter(Boolean)
    .join('；');
};

/** Comes first to whoever sees or hears the page: what is to be mended, each with the way to its place. */
const faultList = (faults: readonly { readonly part: string; readonly words: string }[]): string =>
  faults.length > 0
    ? `<div class="wrong" role="alert" tabindex="-1" autofocus>${faults.map(({ part, words }) => `<p><a href="#${part}">${escaped(words)}</a></p>`).join('')}</div>`
    : '';

const submit = '<button type="submit">提交回执</button>';

/**
 * Nothing is ticked but what the guardian has ticked in the attempt that is being mended. Whoever takes no part is done after the second
 * question: the button stands there too. It says nothing by itself, as the key Enter presses the first button of a form.
 */
const replyForm = ({ items, closes }: OpenLetter, base: string, form: URLSearchParams, faults: readonly Fault[]): string => {
  const ticked = (name: string, value: string): boolean => form.getAll(name).includes(value);
  const one = (name: string, value: string, label: string): string => choice('radio', name, value, label, ticked(name, value));
  const many = (name: string, value: string, label: string): string => choice('checkbox', name, value, label, ticked(name, value));
  const yesNo = (name: string, yes: string, no: string): string[] => [one(name, 'yes', yes), one(name, 'no', no)];
  return `<h2>课后服务回执</h2>
<p>请在${zhDate(closes ?? '')}（含当日）前填写；在此之前可以随时改。是否参加由您和孩子自愿决定，不参加不影响正常教学安排。</p>
${faultList(faults)}
<form method="post" action="${base}/reply">
${group('read', '阅读', [many('read', 'yes', '已阅读并知悉告家长书全部内容')], faults)}
${group('part', '家长意见', yesNo('part', '自愿参加', '不参加'), faults)}
<p class="small">不参加的，填到这里就可以提交；自愿参加的，请接着往下填。</p>
${submit}
<h3>自愿参加的，请接着填</h3>
${group(
  'day',
  '参加星期',
  weekdayNames.slice(0, 5).map((name, index) => many('day', String(index + 1), name)),
  faults,
)}
${
  items.length > 0
    ? group(
        'item',
        '项目选择',
        items.map((item) => many('item', item, item)),
        faults,
      )
    : ''
}
${group(
  'pick_up',
  '接送方式',
  pickUps.map(({ value }) => one('pick_up', value, value)),
  faults,
)}
${field('entrusted_name', '委托接送人姓名（委托接的填）', form.get('entrusted_name') ?? '', faults)}
${field('entrusted_phone', '委托接送人电话（可不填）', form.get('entrusted_phone') ?? '', faults, 'tel')}
${group('waiver', '申请减免', yesNo('waiver', '是（另交材料）', '否'), faults)}
${group(
  'consent',
  '个人信息（监护人单独选择）',
  yesNo('consent', '同意', '不同意'),
  faults,
  '指按告家长书所说处理孩子的个人信息。不同意的，请交纸质回执，不影响报名，也不影响正常教学安排。',
)}
${submit}
</form>`;
};

const replyPart = (letter: OpenLetter, base: string, today: string, form: URLSearchParams, faults: readonly Fault[]): string => {
  if (!letter.closes) return '';
  const given = letter.answer
    ? `<h2>您的回执</h2><p>${escaped(answerText(letter.answer))}</p>${letter.answeredAt ? `<p class="small">已收到。${zhDate(letter.closes)}（含当日）前可以重新填写，以最后一次为准。</p>` : ''}`
    : '';
  // An answer that has arrived stands alone; the empty form behind it would look as if nothing had.
  const again = (html: string): string => (letter.answeredAt && faults.length === 0 ? `<details><summary>修改回执</summary>${html}</details>` : html);
  return today > letter.closes
    ? `${given}<p>回执已于${zhDate(letter.closes)}截止。要填写或更改的，请找班主任。</p>`
    : given + again(replyForm(letter, base, form, faults));
};

const mailPart = ({ mailTo }: OpenLetter, base: string, fault: string | null): string => `<h2>用邮箱接收学校通知（自愿）</h2>
${fault ? faultList([{ part: 'mail', words: fault }]) : ''}
<p class="small">${mailTo ? '已登记邮箱。要停止接收，请清空后保存。' : '愿意的可留下邮箱，只用于发送学校通知，随时可以删去；不留不影响收到纸质通知。'}</p>
<form method="post" action="${base}/mail">
<label for="mail">邮箱</label>
<input id="mail" name="mail" type="email" maxlength="200" autocomplete="email"${fault ? ' aria-invalid="true"' : ''} value="${escaped(mailTo ?? '')}">
<button type="submit" class="plain">保存</button>
</form>`;

export interface LetterPage {
  readonly letter: OpenLetter;
  /** Address of this letter, without a slash at the end. */
  readonly base: string;
  /** `2026-09-01` */
  readonly today: string;
  /** An attempt that has to be mended. */
  readonly form?: URLSearchParams;
  readonly faults?: readonly Fault[];
  readonly mailFault?: string | null;
}

export const letterPage = ({ letter, base, today, form = new URLSearchParams(), faults = [], mailFault = null }: LetterPage): string => {
  const { school, kind, term, dated, studentName, grade, classNo } = letter;
  const address = escaped(base);
  const rows = [
    ['学校', school],
    ['通知', kind],
    ['学期', term],
    ['学生', `${studentName}（${gradeNames[grade - 1] ?? `${grade}年级`}${classNo.endsWith('班') ? classNo : `${classNo}班`}）`],
    ...(dated ? [['成文日期', zhDate(dated)]] : []),
  ];
  return page(
    faults.length > 0 || mailFault ? `请改正后再提交 - ${kind}` : kind,
    'valid',
    `<h1>${escaped(kind)}</h1>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value ?? '')}</dd>`).join('')}</dl>
<a class="button" href="${address}/letter">打开这封信(PDF)</a>
${replyPart(letter, address, today, form, faults)}
${mailPart(letter, address, mailFault)}`,
  );
};

export const fileGonePage = (): string =>
  page('请看纸质通知', '', '<h1>请看纸质通知</h1>\n<p>这封信的电子文件不在本机，请看学校发的纸质通知，或请班主任再发一份。</p>');
