/**
 * The one catalogue of data mistakes: code -> the Chinese sentence that says where, what, and what to do, and how grave it is.
 * It finds no mistake itself: parser, ingest endpoint and form hook do, and all speak with these words.
 */
import type { Problem, Severity } from './parsed.ts';

/** What a sentence may use. */
export interface At {
  readonly tab: string;
  /** Address `D12`; '' where no cell is meant (a form in Directus). */
  readonly cell: string;
  readonly row: number;
  /** Canonical header. */
  readonly header: string;
  /** The cell as displayed; '' if blank. */
  readonly value: string;
  /** The one thing more that this code needs: the allowed words, the limit, the other cell, the sum found. */
  readonly detail?: string;
}

const shown = (value: string): string => {
  const line = value.replace(/\s+/g, ' ').trim();
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
};

/** 「学生报名」第 12 行“监护人电话”(D12) */
const where = (at: At): string => `${at.tab ? `「${at.tab}」` : ''}${at.row ? `第 ${at.row} 行` : ''}“${at.header}”${at.cell ? `(${at.cell})` : ''}`;

/** The usual shape: place, what stands there, what is wrong with it, the remedy. */
const about =
  (what: string | ((at: At) => string), remedy: string | ((at: At) => string)) =>
  (at: At): string =>
    `${where(at)}${at.value.trim() ? `填的是“${shown(at.value)}”,` : ''}${typeof what === 'string' ? what : what(at)}。${typeof remedy === 'string' ? remedy : remedy(at)}。`;

const detail = (at: At, before = '', after = ''): string => (at.detail ? `${before}${at.detail}${after}` : '');

/** Code -> sentence. A code is a kind, or a finer one under it: `phone-invalid/lost-digits`. */
export const wording = {
  'required-missing': about('这一栏必须填写', '请补填后保存'),
  'required-missing/no-application': about(
    '这名学生还没有报名',
    '家长报了名的请填;交来回执、不参加的,请在“状态”写“不参加”;回执还没有交来的,可以先空着',
  ),
  'required-missing/column': (at: At) =>
    `${at.tab ? `「${at.tab}」` : ''}表头(第 ${at.row} 行)里没有找到“${at.header}”这一栏。请加上这一栏,栏名写“${at.header}”;已有这一栏但叫别的名字的,请改成这个名字。`,

  'not-a-number': about('不是数字', '请只填阿拉伯数字,如 30'),
  'not-a-number/whole': about('不是整数', '请填整数,如 30'),
  'not-a-number/range': about('像是一个范围或两个数', '请只填一个数字'),
  'not-a-number/unit': about('单位与本栏不符', (at) => `请换算后只填数字${detail(at, ',单位为')}`),

  'not-a-date': about('不是有效日期', '请按“2026-09-01”的样子填写年、月、日'),
  'not-a-date/month': about('不是有效月份', '请按“2026-09”的样子填写年和月'),
  'not-a-date/range': about('是一段日期,不是一天', '请只填一天,如 2026-09-01;起止各有一栏的,请分开填写'),
  'not-a-time': about('不是有效时刻', '请按 24 小时制填写,如 16:30'),

  'not-in-choices': about('不在可选内容里', (at) => `请从下列内容中选填${detail(at, ':')}`),
  'not-in-choices/weekday': about('看不出是星期几', '请写星期几,如“周一、周三”或“周一至周五”'),
  'not-in-choices/grade': about('不是有效年级', '请填一年级至九年级,或 1 至 9 的数字'),
  'not-in-choices/yes-no': about('看不出是“是”还是“否”', '请填“是”或“否”'),

  duplicate: about((at) => `与${detail(at) || '前面一行'}重复`, '请核对,只保留一行'),
  'duplicate/student': about((at) => `同名学生,监护人电话也相同,与 ${detail(at)} 重复`, '请核对,删去多出的一行;如确是两名学生,请核对监护人电话'),
  'duplicate/fee': about((at) => `同一学生同一月份已登记过,见 ${detail(at)}`, '请核对,删去多出的一行'),
  'duplicate/receipt': about((at) => `票据号已用过,见 ${detail(at)}`, '请核对票据,一张票据只登记一次'),
  'duplicate/title': about((at) => `标题与 ${detail(at)} 相同`, '请删去重复的案例,或把标题改得能区别开'),
  'duplicate/month': about((at) => `这个月份已填过,见 ${detail(at)}`, '每月只填一行,请合并或改正月份'),
  'duplicate/double-booked': about((at) => `同一位教师在同一时间已有安排,见 ${detail(at)}`, '请调整星期、时间或教师'),
  'duplicate/value': about((at) => `这一栏不能重复,${detail(at)}`, '请核对,改成别的内容;那一行已经改掉的,再保存一次即可'),
  'duplicate/row': about((at) => `与 ${detail(at)} 说的是同一件事`, '请核对,删去多出的一行'),

  'out-of-range': about((at) => `超出允许范围${detail(at, '(', ')')}`, '请核对后改正'),
  'out-of-range/fee-cap': about((at) => `收费超过批准标准${detail(at, '(', ')')}`, '请核对收费标准;确已多收的,请退还并改正'),
  'out-of-range/days': about((at) => `每周开展天数应为 ${detail(at)} 天`, '请核对;确未开满的,请在备注里说明原因'),
  'out-of-range/minutes': about((at) => `每天服务时间不足 ${detail(at)} 分钟`, '请按分钟核对;确未达到的,请在备注里说明原因'),
  'out-of-range/weekend': about('课后服务只能安排在上课日,周末和假期不算', '请改到周一至周五'),
  'out-of-range/more-than': about((at) => `比“${detail(at)}”还多`, '请核对这两栏的数字'),
  'out-of-range/before': about((at) => `比“${detail(at)}”还早`, '请核对这两栏'),
  'out-of-range/negative': about('是负数', '请填 0 或大于 0 的数字'),
  'out-of-range/capacity': about((at) => `已报人数超过容量${detail(at, '(', ')')}`, '请核对人数,或调整容量'),
  'out-of-range/too-long': about((at) => `内容太长${detail(at, ',最多 ', ' 个字')}`, '请删减后保存'),
  'out-of-range/check-expired': about('准入查询已超过一年', '请重新查询并填写新的日期'),

  'phone-invalid': about('不是有效电话号码', '请填 11 位手机号,或带区号的座机号'),
  'phone-invalid/lost-digits': about('号码的后几位已经丢失', '请把本列设为“文本”格式,重新填写完整的 11 位号码'),

  'formula-error': about('公式出错了', '请改正公式,或直接填写数值'),
  'formula-error/no-result': about('这里的公式还没有算出结果', '请用表格软件打开、等它算完再保存,或直接填写数值'),

  'inconsistent-sum': about((at) => `与相关数字对不上${detail(at, '(', ')')}`, '请核对后改正'),
  'inconsistent-sum/parts': about((at) => `与各分项之和不等${detail(at, ',分项之和是 ')}`, '请核对总数和各分项'),
  'inconsistent-sum/net': about((at) => `应缴 − 减免额 应等于实缴${detail(at, ',算得 ')}`, '请核对应缴、减免额和实缴'),
  'inconsistent-sum/amount': about((at) => `课时数 × 补助标准 应等于金额${detail(at, ',算得 ')}`, '请核对课时数、标准和金额'),
  'inconsistent-sum/attendance': about((at) => `应到应等于实到 + 请假 + 缺勤${detail(at, ',算得 ')}`, '请核对这几栏的人数'),
  'inconsistent-sum/total-row': about((at) => `合计与上面各行之和不等${detail(at, ',各行之和是 ')}`, '请核对各行和合计'),

  ambiguous: about('有不止一种读法', '请写清楚'),
  'ambiguous/approximate': about((at) => `不是准数,暂按 ${detail(at)} 计`, '请填准确的数字'),
  'ambiguous/shown-otherwise': about('显示的和实际存的数不一样(带“%”或“万”的格式)', '请把单元格设为“常规”格式,按元、人等本来的单位重新填写'),
  'ambiguous/header-unit': about((at) => `自己带着单位,而表头写的单位是“${at.detail}”,分不清是多少`, '请去掉这一格里的单位,按表头的单位只填数字'),
  'ambiguous/two-columns': about((at) => `在表头里有两栏,内容不一样${detail(at, ',另一栏在 ')}`, '请只留一栏;分单双周、分月份的,请分成几行填写'),
  'ambiguous/left': about((at) => `说的是“${at.detail}”,看不出这名学生还参加不参加`, '仍参加的请删去这句话;已经转走、退出的请把这一行删去'),
  'ambiguous/tick': about('看不出是勾选还是没有勾选', '参加请打“√”,不参加请留空'),
  'ambiguous/name': about('不像只是一个人的姓名', '请只填姓名;转走、退出等情况写在别的栏里,几个人请分成几行'),
  'ambiguous/lost-digits': about('数字太长,后几位已被表格软件改掉', '请把本列设为“文本”格式,对照原件重新填写'),
  'ambiguous/lost-character': about('有一个字没有显示出来', '请对照原件把这个字补上'),
  'ambiguous/no-year': about('没有写年份', '请把年份补上,如 2026-09-03'),
  'ambiguous/day-or-month': about('分不清月和日', '请按“年-月-日”填写,如 2026-09-01'),
  'ambiguous/serial': about('是表格软件的日期序号,看不出原来的日期', '请按“2026-09-01”的样子填写'),
  'ambiguous/month-tail': about('分不清是 1 月还是 10 月', '请按“2026-10”的样子填写'),
  'ambiguous/half-range': about('只有一个时刻', '请把开始和结束时刻都写上,如 16:30-18:30'),
  'ambiguous/several-times': about('有不止一段时间', '请只写一段,或分成几行填写'),
  'ambiguous/clock': about('分不清是上午还是下午', '请按 24 小时制填写,如 16:30'),
  'ambiguous/several-phones': about('有不止一个电话号码', '请只留一个号码,另一个写在备注里'),
  'ambiguous/several': about('有不止一个内容', '请只填一个'),
  'ambiguous/nothing-above': about('上面没有可以照抄的内容', '请填写具体内容'),
  'ambiguous/look-alike': about('夹有和数字相像的字母', '请核对,把字母改成数字'),
  'ambiguous/class-grade': about((at) => `与“年级”不一致${detail(at, '(', ')')}`, '请核对年级和班级'),
  'ambiguous/grades': about('没有写明是哪几个年级', '请写明年级,如“一至六年级”'),
  'ambiguous/date-instead': about('被表格软件改成了日期', '请把单元格设为“文本”格式,重新填写'),
  'ambiguous/unit': about('分不清单位', (at) => `请写明单位${detail(at, ',如')}`),
  'ambiguous/days': about('看不出是哪几天', '请写星期几,如“周一、周三”'),
  'ambiguous/alternate-weeks': about('是单双周轮换,看不出每周是哪几天', '请只写星期几,轮换办法写在备注里'),
  'ambiguous/percent': about('分不清是百分之几', '请带上百分号填写,如 98.01%'),
  'ambiguous/which': about((at) => `不够具体${detail(at, ',是')}`, '请写明是哪一种'),
  'ambiguous/width': about('列宽不够,内容没有保存下来', '请把列拉宽,重新填写或重新导出'),
  'ambiguous/header-twice': about((at) => `表头里出现了不止一次${detail(at, ',另一栏在 ')}`, '请只留一栏,另一栏改名或删去'),
  'ambiguous/layout': (at: At) =>
    `「${at.tab}」${at.row ? `第 ${at.row} 行` : ''}${detail(at)}。${at.value ? '请县局核对栏目对照表,确认后按它读取' : '请县局改正栏目对照表'}。`,
  'ambiguous/row-id': about((at) => `行号${detail(at) || '已损坏'}`, '请把这一格清空后保存,系统会重新编号'),
  'ambiguous/link': about((at) => `有不止一条${detail(at) || '记录'}符合`, '请写全,使它只对应一条'),
  'ambiguous/student': about((at) => `有不止一名学生符合${detail(at, '(', ')')}`, '请把姓名、年级、班级写全;仍有重名的,请在报名表里加以区别'),

  'not-found': about((at) => `没有找到对应的${detail(at) || '记录'}`, '请核对写法,或先在相应的工作表里登记'),
  'not-found/student': about((at) => `查无此生${detail(at, '(', ')')}`, '请核对姓名、年级、班级,或先在“学生报名”里登记'),
  'not-found/row-id': about('系统里没有这个行号(可能来自别的学校或上学期的表)', '请把这一格清空后保存,系统会按新的一行处理'),
  'not-found/school': about('没有这个学校', '请核对学校标识码'),

  conflict: (at: At) =>
    `${where(at)}表里是“${shown(at.value)}”,县局系统里同时改成了“${shown(at.detail ?? '')}”。请商定后,在表里改成一致,或请县局在系统里选定。`,
  frozen: (at: At) =>
    `${where(at)}这个月的月报已经冻结${detail(at, ',仍按“', '”计')}。确要改的,请在同一行的“更正理由”里写明为什么改,保存后系统就代为申请更正单,县教育局批准后生效;不改的请恢复原数。`,
  'frozen/waiting': (at: At) =>
    `${where(at)}改为“${shown(at.value) || '空白'}”的更正单已送县教育局,批准前仍按“${at.detail ?? '空白'}”计。请等县教育局批复,不用再填。`,
  'frozen/refused': (at: At) => `${where(at)}的更正没有获准${detail(at, ',')}。请恢复原数;情况有变的,请重写“更正理由”,保存后重新申请。`,
  'to-confirm': (at: At) => `${where(at)}系统已按本校台账填好这一行,还不算上报。请${at.detail ?? '核对'}。`,
  'to-answer': (at: At) =>
    `${where(at)}是县局发现的一条预警,等学校说明。请核对“内容”和“所在行”,${at.detail ?? ''}在这一格写明情况;已经改好数据的,下次核查自动消除。`,
  'bureau-row': about('这一行没有行号,不是县局写的预警', '请把这一行删去;想说明的,写在那条预警的“学校说明”里(原来那一行,系统会在下面重新写上)'),
  'differs/lists': (at: At) => `${where(at)}与本校台账算得的不同:${at.detail ?? ''}。请核对台账或本表;以本表为准的,请在“更正理由”里写明原因。`,
  'differs/blank': (at: At) => `${where(at)}空着几栏,台账里算得出:${at.detail ?? ''}。请核对后填写;不适用的写“不适用”并说明理由。`,
  'not-applicable': about('没有写理由', (at) => `请在“不适用说明”里补一行“${at.header}:理由”`),
  'not-applicable/both': about('在“不适用说明”里又写了不适用', '请只留一样:有数的从“不适用说明”里删去,不适用的把数删去'),
  'not-applicable/unclear': about(
    (at) => `里的“${shown(at.detail ?? '')}”看不出是哪一栏、为什么`,
    '请一栏一行,写成“栏名:理由”,如“退费人数:本月没有退费”',
  ),
  /** `detail` is what is wrong, the remedy behind a bar. */
  'step-refused': about(
    (at) => (at.detail ?? '').split('|')[0] || '办理步骤不对',
    (at) => (at.detail ?? '').split('|')[1] || '请按“家长申请、班级初审、学校核准、统筹安排”的次序办理',
  ),
  invalid: about((at) => at.detail ?? '不符合要求', '请改正后保存'),
  vanished: (at: At) =>
    `「${at.tab}」里一次少了 ${at.value} 行(原有 ${at.detail ?? '若干'} 行),系统没有改动它们。如是误删,请恢复后保存;确实要删,请告知县教育局。`,
  'read-only': about((at) => `这一栏由县局填写${detail(at, ',现为“', '”')}`, '已按县局的内容恢复;有异议请与县局联系'),
  'column-gone': (at: At) =>
    `「${at.tab}」表头(第 ${at.row} 行)里的“${at.header}”一栏${at.cell ? `(${at.cell})` : ''}县局已不再收取,里面的内容没有读。请留着自用,或清空这一栏。`,
  'school-mismatch': about((at) => `与本工作簿所属学校不符${detail(at, '(', ')')}`, '请核对,只填本校的内容'),

  unreadable: (at: At) => `「${at.value}」打不开${detail(at, '(', ')')}。请用表格软件打开、另存为 .xlsx 后重新提交。`,
  'unreadable/missing': (at: At) => `没有找到文件「${at.value}」。请核对文件名和所在文件夹。`,
  'unreadable/encrypted': (at: At) => `「${at.value}」设有打开密码,读不出来。请取消密码后重新保存。`,
  'unreadable/not-a-workbook': (at: At) => `「${at.value}」不是电子表格${detail(at, '(', ')')}。请提交 .xlsx、.xls、.ods 或 .csv 文件。`,
  'unreadable/damaged': (at: At) => `「${at.value}」已损坏,读不完整。请用表格软件打开、另存后重新提交;打不开的请找出备份。`,
  'unreadable/empty': (at: At) => `「${at.value}」是空文件。请核对是否保存成功。`,
  'unreadable/too-large': (at: At) => `「${at.value}」太大${detail(at, ',超过 ')},没有读取。请删去多余的行、图片和空白区域后重新提交。`,
  'unreadable/unsafe': (at: At) =>
    `「${at.value}」里有正常表格不会有的内容${detail(at, '(', ')')},没有读取。请用表格软件新建一个空白工作簿,把内容复制过去,另存为 .xlsx 后重新提交。`,
  'unreadable/stopped': (at: At) =>
    `「${at.value}」读不完${detail(at, '(', ')')},已停止读取,其他文件不受影响。请用表格软件打开,把有内容的区域复制到新工作簿,另存为 .xlsx 后重新提交。`,
} satisfies Record<string, (at: At) => string>;

export type ProblemCode = keyof typeof wording;
export const problemCodes = Object.keys(wording) as ProblemCode[];

/** The kind of a code: `phone-invalid/lost-digits` -> `phone-invalid`. */
export const kindOf = (code: string): string => code.split('/')[0] as string;

/**
 * What does not stop a row: breaches of rules that the bureau must see, not lose (DOMAIN section 5: R-T1, R-T2, R-T5, R-F1, R-H1, R-H2),
 * and readings that are certain enough. Everything else refuses the row until it is mended.
 */
const warnings: ReadonlySet<string> = new Set<ProblemCode>([
  'out-of-range/fee-cap',
  'out-of-range/days',
  'out-of-range/minutes',
  'out-of-range/weekend',
  'out-of-range/capacity',
  'out-of-range/check-expired',
  'duplicate/double-booked',
  'inconsistent-sum/total-row',
  'ambiguous/approximate',
  'ambiguous/grades',
  'ambiguous/header-twice',
  'ambiguous/layout',
  'required-missing/column',
  'required-missing/no-application',
  'read-only',
  'column-gone',
  'frozen/waiting',
  'to-confirm',
  'to-answer',
  'differs/lists',
  'differs/blank',
  'not-applicable/unclear',
]);

/** How grave a code is; a breach of a rule (`R-H1`) never refuses a row. */
export const severityOf = (code: ProblemCode, rule?: string): Severity => (warnings.has(code) || rule?.startsWith('R-') ? 'warning' : 'error');

/** Makes a problem with its sentence. */
export const problem = (code: ProblemCode, at: At, rule?: string): Problem => ({
  cell: at.cell,
  row: at.row,
  header: at.header,
  code,
  value: at.value,
  message: wording[code](at),
  severity: severityOf(code, rule),
  ...(rule ? { rule } : {}),
});
