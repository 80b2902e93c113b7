/** The pages of a reviewer: which cases wait, one case with its marking sheet. No scripts; every value is escaped. */
import { type Conventions, fullMarks } from '../../../schema/cases/conventions.ts';
import { parts } from '../../../schema/cases/parts.ts';
import { caseFigures, formalCheck, shownPhotos } from '../../../schema/cases/records.ts';
import { markCommon } from '../../../schema/cases/similar.ts';
import type { CaseRow, ReviewRow, Sealed } from './round.ts';

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);

const style = `
:root{color-scheme:light dark;--ink:#1d2129;--soft:#565d68;--line:#c9cdd4;--card:#fff;--back:#f3f4f6;--blue:#174ea6;--mark:#fff0b8}
@media (prefers-color-scheme:dark){:root{--ink:#e8e8e8;--soft:#b4b9c2;--line:#4a4f57;--card:#24272c;--back:#17191c;--blue:#9cc0ff;--mark:#5a4a12}}
*{box-sizing:border-box}body{margin:0;font:17px/1.8 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:var(--ink);background:var(--back)}
main{max-width:60em;margin:0 auto;padding:20px 16px 60px}.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:18px 20px;margin:0 0 16px}
h1{font-size:25px;line-height:1.4;margin:0 0 6px}h2{font-size:19px;margin:22px 0 6px}.card>h2:first-child{margin-top:0}p{margin:0 0 10px}.text{white-space:pre-line}
a{color:var(--blue)}.soft{color:var(--soft);font-size:15px}ul.list{list-style:none;padding:0;margin:0}ul.list li{border-top:1px solid var(--line);padding:10px 0}
.state{font-weight:700}.photos{display:flex;flex-wrap:wrap;gap:10px}.photos img{max-width:100%;width:220px;height:auto;border-radius:6px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:12px;border-top:1px solid var(--line);padding:10px 0}@media (max-width:640px){.pair{grid-template-columns:1fr}}
mark{background:var(--mark);color:inherit}table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:8px;border-top:1px solid var(--line)}
input,textarea,button,select{font:inherit;padding:8px 10px;border:1px solid var(--soft);border-radius:6px;background:var(--card);color:var(--ink)}input[type=number]{width:6em}textarea{width:100%;min-height:7em}
button{background:#174ea6;color:#fff;border:0;padding:10px 26px;font-weight:700}button.plain{background:var(--card);color:var(--blue);border:1px solid var(--blue);font-weight:400}
fieldset{border:1px solid var(--line);border-radius:6px;margin:16px 0;padding:6px 14px 10px}fieldset label{margin-inline-end:22px;display:inline-flex;gap:8px;align-items:center;min-height:44px}
.wrong{border:2px solid #b3261e}.done{border:2px solid #1b7a43}:focus-visible{outline:3px solid var(--blue);outline-offset:2px}`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex,nofollow">
<title>${escaped(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>
`;

export interface Waiting {
  readonly row: CaseRow;
  readonly school: string;
  readonly review: ReviewRow | undefined;
}

const stateWords = (review: ReviewRow | undefined): string =>
  review?.state === '已交' ? '已交,开封前可以改' : review?.state === '已开封' ? '已开封' : review?.state === '回避' ? '已回避' : '待评';

export const listPage = (reviewer: string, base: string, waiting: readonly Waiting[]): string => {
  const left = waiting.filter(({ review }) => !review?.state || review.state === '待评').length;
  const item = ({ row, school, review }: Waiting): string =>
    `<li><a href="${base}/${escaped(row.id)}">${escaped(row.title)}</a><br><span class="soft">${escaped([school, row.category].filter(Boolean).join(' · '))}</span> · <span class="state">${stateWords(review)}</span></li>`;
  return page(
    '案例评审',
    `<div class="card"><h1>案例评审</h1><p>${escaped(reviewer)}老师:共 ${waiting.length} 篇,还有 ${left} 篇待评。</p>
<p class="soft">各位评委互不相见:全部交齐以前,谁也看不到别人的分数。这个网址只供您本人使用,请不要转发。</p></div>
<div class="card"><ul class="list">${waiting.map(item).join('') || '<li>现在没有要评的案例。</li>'}</ul></div>`,
  );
};

const photoPart = (row: CaseRow, base: string): string => {
  const photos = shownPhotos(row.photos);
  return photos.length
    ? `<h2>照片</h2><div class="photos">${photos.map((photo, index) => `<img src="${base}/photo/${escaped(photo.file)}" alt="${escaped(photo.caption || `照片 ${index + 1}`)}" loading="lazy">`).join('')}</div>`
    : '';
};

const figurePart = (row: CaseRow): string => {
  const figures = caseFigures(row.figures);
  return figures.length
    ? `<h2>数据出处</h2><ul>${figures.map((one) => `<li>${escaped(`${one.label} ${one.value}${one.unit}:${one.month} 月报${one.quote ? `,文中“${one.quote}”` : ''}`)}</li>`).join('')}</ul>`
    : '';
};

const marked = (text: string, other: string): string =>
  markCommon(text, other)
    .map((piece) => (piece.same ? `<mark>${escaped(piece.text)}</mark>` : escaped(piece.text)))
    .join('');

const similarPart = (row: CaseRow): string =>
  (formalCheck(row.formal)?.similar ?? [])
    .map(
      (one) =>
        `<h2>与《${escaped(one.title)}》${one.year ? `(${escaped(one.year)})` : ''}相同 ${one.share}%</h2>${one.passages
          .map(
            ({ mine, theirs }) =>
              `<div class="pair"><p class="text"><b>本篇</b> ${marked(mine, theirs)}</p><p class="text"><b>那篇</b> ${marked(theirs, mine)}</p></div>`,
          )
          .join('')}`,
    )
    .join('');

export interface Filled {
  value(name: string): string;
}

export const filledFrom = (sealed: Sealed | null, { rubric }: Conventions): Filled => ({
  value: (name) => {
    if (!sealed) return '';
    if (name === 'verdict') return sealed.verdict;
    if (name === 'advice') return sealed.advice;
    const criterion = rubric[Number(name.slice('mark'.length))];
    return criterion ? String(sealed.marks[criterion.name] ?? '') : '';
  },
});

const sheet = (address: string, conventions: Conventions, filled: Filled): string => {
  const { rubric, bands } = conventions;
  const rows = rubric
    .map(
      ({ name, weight, about }, index) =>
        `<tr><th scope="row"><label for="mark${index}">${escaped(name)}</label><br><span class="soft">${escaped(about)}</span></th><td><input type="number" id="mark${index}" name="mark${index}" min="0" max="${weight}" step="0.5" required inputmode="decimal" value="${escaped(filled.value(`mark${index}`))}"> / ${weight}</td></tr>`,
    )
    .join('');
  const scale = bands.map((band) => `${band.name}:满分的 ${band.from}% 以上${band.about ? `(${band.about})` : ''}`).join(';');
  const choice = (word: string): string =>
    `<label><input type="radio" name="verdict" value="${word}" required${filled.value('verdict') === word ? ' checked' : ''}>${word}</label>`;
  return `<form method="post" action="${address}"><table><caption class="soft">满分合计 ${fullMarks(rubric)}。${escaped(scale)}。</caption><tbody>${rows}</tbody></table>
<fieldset><legend>结论</legend>${['通过', '修改', '不采用'].map(choice).join('')}</fieldset>
<p><label for="advice">意见(“修改”“不采用”必须写,写回学校的表)</label><textarea id="advice" name="advice" maxlength="2000">${escaped(filled.value('advice'))}</textarea></p>
<p><button type="submit" name="act" value="hand-in">交卷</button> <button class="plain" type="submit" name="act" value="decline" formnovalidate>与学校或作者有关系,回避</button></p></form>`;
};

export interface CasePageInput {
  readonly row: CaseRow;
  readonly school: string;
  readonly base: string;
  readonly conventions: Conventions;
  readonly filled: Filled;
  readonly faults?: readonly string[];
  readonly review: ReviewRow | undefined;
}

/** Authors are left out: marks go to the work. */
export const casePage = ({ row, school, base, conventions, filled, faults = [], review }: CasePageInput): string => {
  const body = parts.map(({ field, title }) => (row[field] ? `<h2>${title}</h2><p class="text">${escaped(row[field] ?? '')}</p>` : '')).join('');
  const open = review?.state === '已开封';
  const said = review?.state === '已交' ? '<div class="card done" role="status"><p>已经交卷。全部评委交齐以前可以改,改后再交一次。</p></div>' : '';
  const declined = review?.state === '回避' ? '<div class="card done" role="status"><p>您已回避这一篇。要改主意,打分后交卷即可。</p></div>' : '';
  const wrong = faults.length ? `<div class="card wrong" role="alert">${faults.map((fault) => `<p>${escaped(fault)}</p>`).join('')}</div>` : '';
  const similar = similarPart(row);
  return page(
    row.title,
    `<p><a href="${base}">← 全部案例</a></p>${said}${declined}${wrong}<article class="card"><h1>${escaped(row.title)}</h1><p class="soft">${escaped([school, row.category].filter(Boolean).join(' · '))}</p>${body}${photoPart(row, base)}${figurePart(row)}</article>
${similar ? `<section class="card"><p><b>系统发现的相似段落</b>,相同的字有底色。是不是抄袭、旧稿重报,请您判断。</p>${similar}</section>` : ''}
<section class="card"><h2>评分</h2>${open ? '<p>这一篇已经开封,不能再改。</p>' : sheet(`${base}/${escaped(row.id)}`, conventions, filled)}</section>`,
  );
};

export const unknownPage = (): string => page('网址不对', '<div class="card"><h1>网址不对或已经停用</h1><p>请向县教育局要新的评审网址。</p></div>');
export const brokenPage = (): string =>
  page('暂时打不开', '<div class="card"><h1>暂时打不开</h1><p>系统正忙,请过一会儿再试;已经交的不会丢。</p></div>');
