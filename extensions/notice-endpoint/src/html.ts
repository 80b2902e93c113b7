/** The frame of every page a parent sees: large type, no scripts, one file. Every value is escaped. */

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);

/** `2026-09-01` → `2026年9月1日` */
export const zhDate = (day: string): string => {
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
input,button,.button{font:inherit;font-size:24px;width:100%;padding:12px;border-radius:8px}
input{border:2px solid #5d5d5d;background:#fff;color:#1c1c1c}
.code{letter-spacing:.1em;text-transform:uppercase}
button,.button{display:block;margin-top:12px;border:0;background:#174ea6;color:#fff;text-align:center;text-decoration:none}
button.plain{background:#fff;color:#174ea6;border:2px solid #174ea6}
fieldset{border:2px solid #8a8a8a;border-radius:8px;margin:18px 0 0;padding:8px 14px 12px}legend{padding:0 6px;font-weight:bold}
fieldset label{display:flex;gap:12px;align-items:center;margin:0;padding:9px 0;min-height:48px}
input[type=radio],input[type=checkbox]{width:26px;height:26px;flex:none;margin:0}
.fault{color:#b3261e;font-weight:bold;margin:0}.wrong a{color:inherit}
.wrong{border:3px solid #b3261e;border-radius:8px;padding:10px 14px}.wrong p{margin:0}
fieldset+label,input+label{margin-top:16px}
h2{font-size:24px;margin:28px 0 0}summary{color:#174ea6;padding:10px 0;min-height:48px;cursor:pointer}
h3{font-size:21px;margin:32px 0 0}
:focus-visible{outline:4px solid #f0a500;outline-offset:2px}
a{color:#174ea6}.small{font-size:17px;color:#5d5d5d}
@media (prefers-color-scheme:dark){body{background:#161616;color:#eee}.card{background:#242424}dt,.small{color:#bbb}a,summary{color:#9cc0ff}a.button{color:#fff}.fault{color:#ffb4ab}}
`;

/** `more` is the style of what this page alone has. */
export const page = (title: string, tone: string, body: string, more = ''): string => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex,nofollow">
<title>${escaped(title)}</title>
<style>${style}${more}</style>
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
