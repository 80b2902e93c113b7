/** The pages a parent sees: large type, no scripts, one file. Every value is escaped. */
import type { PublicNotice } from './lookup.ts';

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);

const zhDate = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
};

const style = `
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;font:20px/1.7 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#1c1c1c;background:#f4f4f1}
main{max-width:34em;margin:0 auto;padding:24px 18px 48px}
.card{background:#fff;border-radius:10px;padding:24px 22px;border-top:10px solid #5b6470}
.valid{border-color:#1b7a43}.replaced{border-color:#a85b00}.withdrawn{border-color:#b3261e}
h1{font-size:30px;line-height:1.4;margin:0 0 8px}
dl{margin:18px 0 0}dt{color:#5d5d5d;font-size:17px}dd{margin:0 0 10px;font-size:22px}
form{margin:16px 0 0}label{display:block;margin-bottom:8px}
input,button{font:inherit;font-size:24px;width:100%;padding:12px;border-radius:8px}
input{border:2px solid #5d5d5d;letter-spacing:.1em;text-transform:uppercase;background:#fff;color:#1c1c1c}
button{margin-top:12px;border:0;background:#174ea6;color:#fff}
a{color:#174ea6}.small{font-size:17px;color:#5d5d5d}
@media (prefers-color-scheme:dark){body{background:#161616;color:#eee}.card{background:#242424}dt,.small{color:#bbb}a{color:#9cc0ff}}
`;

const page = (title: string, tone: string, body: string): string => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex,nofollow">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<div class="card ${tone}">
${body}
</div>
</main>
</body>
</html>
`;

const verdicts: Readonly<Record<PublicNotice['state'], { tone: string; words: string; what: string }>> = {
  有效: { tone: 'valid', words: '本通知有效', what: '这份通知由下列学校发出，现在有效。请核对纸上的学校、学期和日期是否与此一致。' },
  已替换: { tone: 'replaced', words: '本通知已被新的一份替换', what: '内容有变动，学校已为您重新印发。请以新的一份为准；没有收到的，请问班主任。' },
  已撤回: { tone: 'withdrawn', words: '本通知已撤回', what: '学校已撤回这份通知，请不要按它办理。有疑问请问班主任。' },
};

export const noticePage = (notice: PublicNotice): string => {
  const { tone, words, what } = verdicts[notice.state];
  const rows = [['学校', notice.school], ['通知', notice.kind], ['学期', notice.term], ...(notice.dated ? [['成文日期', zhDate(notice.dated)]] : [])];
  return page(
    words,
    tone,
    `<h1>${words}</h1>
<p>${what}</p>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value ?? '')}</dd>`).join('')}</dl>
<p class="small">为保护孩子，本页不显示学生信息。</p>`,
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
<input id="code" name="code" required maxlength="12" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="ABCD-EFGH">
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
