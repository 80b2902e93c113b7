/** What anybody may see of a letter: whether it is valid, and of what school, kind, term and day. Never whose it is. */
import { escaped, page, zhDate } from './html.ts';
import type { PublicNotice } from './lookup.ts';

const verdicts: Readonly<Record<PublicNotice['state'], { tone: string; words: string; what: string }>> = {
  有效: { tone: 'valid', words: '本通知有效', what: '这份通知由下列学校发出，现在有效。请核对纸上的学校、学期和日期是否与此一致。' },
  已替换: { tone: 'replaced', words: '本通知已被新的一份替换', what: '内容有变动，学校已为您重新印发。请以新的一份为准；没有收到的，请问班主任。' },
  已撤回: { tone: 'withdrawn', words: '本通知已撤回', what: '学校已撤回这份通知，请不要按它办理。有疑问请问班主任。' },
};

/** The way to the letter itself: the guardian's phone. */
const phoneForm = (openAddress: string, message: string | null): string => `<h2>查看这封信和填写回执</h2>
${message ? `<div class="wrong" role="alert"><p id="tail-fault">${escaped(message)}</p></div>` : ''}
<form method="post" action="${escaped(openAddress)}">
<label for="tail">请输入在学校登记的家长手机号后四位</label>
<input id="tail" name="tail" required inputmode="numeric" pattern="[0-9]{4}" title="四位数字" maxlength="4" autocomplete="off"${message ? ' aria-invalid="true" aria-describedby="tail-fault" autofocus' : ''}>
<button type="submit">查看</button>
</form>`;

/** `openAddress` null: the letter cannot be opened here. */
export const noticePage = (notice: PublicNotice, openAddress: string | null = null, message: string | null = null): string => {
  const { tone, words, what } = verdicts[notice.state];
  const rows = [['学校', notice.school], ['通知', notice.kind], ['学期', notice.term], ...(notice.dated ? [['成文日期', zhDate(notice.dated)]] : [])];
  return page(
    message ? `请再试一次 - ${words}` : words,
    tone,
    `<h1>${words}</h1>
<p>${what}</p>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value ?? '')}</dd>`).join('')}</dl>
<p class="small">为保护孩子，本页不显示学生信息。</p>
${notice.state === '有效' && openAddress ? phoneForm(openAddress, message) : ''}`,
  );
};

export const formPage = (): string =>
  page(
    '查验通知',
    '',
    `<h1>查验学校通知</h1>
<p>请输入通知二维码旁边的八位查验码。</p>
<form method="get" action="">
<label for="code">查验码</label>
<input id="code" class="code" name="code" required maxlength="12" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="ABCD-EFGH">
<button type="submit">查验</button>
</form>`,
  );

export const unknownPage = (formAddress: string): string =>
  page(
    '没有查到这份通知',
    'withdrawn',
    `<h1>没有查到这份通知</h1>
<p>请核对查验码有没有输错。核对无误仍查不到的，这份通知可能不是学校发出的，请不要按它缴费，先问班主任。</p>
<p><a href="${formAddress}">重新输入</a></p>`,
  );

export const waitPage = (): string => page('请稍后再试', '', '<h1>请稍后再试</h1>\n<p>查验次数太多，请过一分钟再试。</p>');

export const brokenPage = (): string => page('暂时不能查验', '', '<h1>暂时不能查验</h1>\n<p>系统正在维护，请过一会儿再试。</p>');
