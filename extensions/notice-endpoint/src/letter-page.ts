/** The page of one letter after the phone was right: the letter, the 回执, and the address for mail. Every value is escaped. */
import { pickUps, placeOf, weekdayNames } from '../../../schema/vocabulary.ts';
import { escaped, page, zhDate } from './html.ts';
import type { OpenLetter } from './letter.ts';
import { textParts } from './letter-text.ts';
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
const replyForm = (letter: OpenLetter, base: string, form: URLSearchParams, faults: readonly Fault[]): string => {
  const { items, closes } = letter;
  const ticked = (name: string, value: string): boolean => form.getAll(name).includes(value);
  const one = (name: string, value: string, label: string): string => choice('radio', name, value, label, ticked(name, value));
  const many = (name: string, value: string, label: string): string => choice('checkbox', name, value, label, ticked(name, value));
  const yesNo = (name: string, yes: string, no: string): string[] => [one(name, 'yes', yes), one(name, 'no', no)];
  return `<h2${letter.answer ? '' : ' id="reply"'}>课后服务回执</h2>
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
    ? `<h2 id="reply">您的回执</h2><p>${escaped(answerText(letter.answer))}</p>${letter.answeredAt ? `<p class="small">已收到。${zhDate(letter.closes)}（含当日）前可以重新填写，以最后一次为准。</p>` : ''}`
    : '';
  // An answer that has arrived stands alone; the empty form behind it would look as if nothing had.
  const again = (html: string): string => (letter.answeredAt && faults.length === 0 ? `<details><summary>修改回执</summary>${html}</details>` : html);
  return today > letter.closes
    ? `${given}<p${letter.answer ? '' : ' id="reply"'}>回执已于${zhDate(letter.closes)}截止。要填写或更改的，请找班主任。</p>`
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
  /** The letter's words as HTML, where they are kept. */
  readonly text: string | null;
  /** Address of this letter, without a slash at the end. */
  readonly base: string;
  /** `2026-09-01` */
  readonly today: string;
  /** An attempt that has to be mended. */
  readonly form?: URLSearchParams;
  readonly faults?: readonly Fault[];
  readonly mailFault?: string | null;
}

/** What a page may weigh, so that it comes over a slow line. */
const heaviest = 29_500;
/** Bytes of a letter's words on a page of their own. */
const mostWords = 24_000;

/** A letter for a narrow page: lines of its tables stand below each other; tables that staff wrote share the width. */
const letterStyle = `
.letter{margin:20px 0;padding:18px 0 6px;border:solid #8a8a8a;border-width:2px 0;line-height:1.8;overflow-wrap:anywhere}
.letter h2{text-align:center;margin:0;line-height:1.4}.letter h2 span{display:inline-block}.letter h3{margin:22px 0 0}
.letter p{margin:0 0 10px}.letter .of-term,.signature{text-align:center}.signature{margin-top:20px}
.letter table{width:100%;table-layout:fixed;border-collapse:collapse;font-size:18px;margin:8px 0 16px}
.letter th,.letter td{border:1px solid #8a8a8a;padding:6px 8px;text-align:left;vertical-align:top}.phone{white-space:nowrap}
.fees,.fees tbody,.fees tr,.fees th,.fees td,.sums,.sums tbody,.sums tr,.sums td{display:block}
.letter .fees th,.letter .fees td,.letter .sums td{border:0;padding:2px 8px}
.fees tr,.sums tr{border:1px solid #8a8a8a;padding:6px 0;margin-top:-1px}
.sums thead,.sums td:empty{display:none}.sums td:first-child,.sum{font-weight:bold}
.sums td[data-label]::before{content:attr(data-label)"："}
`;

const studentOf = ({ studentName, grade, classNo }: OpenLetter): string => `${studentName}（${placeOf({ grade, class_no: classNo })}）`;

const summary = (letter: OpenLetter): string => {
  const { school, kind, term, dated } = letter;
  const rows = [['学校', school], ['通知', kind], ['学期', term], ['学生', studentOf(letter)], ...(dated ? [['成文日期', zhDate(dated)]] : [])];
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value ?? '')}</dd>`).join('')}</dl>`;
};

/** Above the letter's words: the way past them, for those who have read them on paper. */
const wordsPart = (letter: OpenLetter, text: string): string =>
  `<p>学生：${escaped(studentOf(letter))}</p>
${letter.closes ? '<p><a href="#reply">跳到回执</a></p>\n' : ''}<article class="letter">${text}</article>`;

/**
 * The letter, its PDF and its 回执 on one page; a letter that would make it too heavy for a slow line gets pages of its own. An attempt that
 * has to be mended stands alone.
 */
export const letterPage = ({ letter, text, base, today, form = new URLSearchParams(), faults = [], mailFault = null }: LetterPage): string => {
  const { kind } = letter;
  const address = escaped(base);
  const mending = faults.length > 0 || mailFault !== null;
  const render = (words: string): string =>
    page(
      mending ? `请改正后再提交 - ${kind}` : kind,
      'valid',
      `<h1>${escaped(kind)}</h1>
${words}
<a class="button" href="${address}/letter">打开这封信(PDF)</a>
${replyPart(letter, address, today, form, faults)}
${mailPart(letter, address, mailFault)}`,
      letterStyle,
    );
  const whole = text && !mending ? render(wordsPart(letter, text)) : null;
  if (whole && Buffer.byteLength(whole) <= heaviest) return whole;
  return render(`${summary(letter)}${text ? `<a class="button" href="${address}/text">阅读这封信</a>` : ''}`);
};

/** The words of a long letter, part by part; `part` counts from 1. */
export const textPage = (letter: OpenLetter, text: string, base: string, part: number): string => {
  const parts = textParts(text, mostWords);
  const at = Math.min(Math.max(1, Math.trunc(part) || 1), parts.length);
  const address = escaped(base);
  const of = parts.length > 1 ? `（第${at}页，共${parts.length}页）` : '';
  const next = at < parts.length ? `<a class="button" href="${address}/text?part=${at + 1}">下一页</a>\n` : '';
  return page(
    `${letter.kind}${of}`,
    'valid',
    `<h1>${escaped(letter.kind)}${of}</h1>
<article class="letter">${parts[at - 1] ?? ''}</article>
${next}<a class="button" href="${address}">${letter.closes ? '去看回执' : '返回'}</a>`,
    letterStyle,
  );
};

export const fileGonePage = (): string =>
  page('请看纸质通知', '', '<h1>请看纸质通知</h1>\n<p>这封信的电子文件不在本机，请看学校发的纸质通知，或请班主任再发一份。</p>');
