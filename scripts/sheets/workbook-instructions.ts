/**
 * The first tab, 填表说明: what to do, what the colours mean, whom to ask, and the place of the 问题清单.
 * It never holds data of a child; answers fill the list later (workbook-answers.ts).
 */
import type { Row as SheetRow, Workbook, Worksheet } from 'exceljs';
import { tables } from '../../schema/index.ts';
import { filledTabs, tabs as modelTabs, plainTabs, rowStates, systemHeaders, type Tab } from '../../schema/sheets.ts';
import { colours, fontName, headerStyle, solid } from './workbook-styles.ts';
import { withoutSources } from './workbook-validation.ts';

/** What the page says about the county. All of it from 县级参数. */
export interface Office {
  readonly bureau: string;
  readonly office?: string | null;
  readonly phone?: string | null;
  readonly dueDay?: number | null;
}

/** Words by which answers find their places again, wherever rows have moved. */
export const places = { summary: '收取情况', deadline: '期限', list: '问题清单' } as const;

/** Headers of the list of problems, in columns A to F. */
export const listHeaders = ['序号', '工作表', '单元格', '栏目', '所填内容', '哪里不对、怎么改'] as const;

export const nothingYet = '还没有收取过。填好后保存并关闭文件即可。';
export const noProblems = '没有问题。';

const widths = [10, 14, 12, 22, 28, 74];
const last = widths.length;

const named = (tabs: readonly Tab[]): string => tabs.map((tab) => `“${tab.name}”`).join('、');

const steps = (tabs: readonly Tab[]): string[] => [
  `从左到右填这几张表:${named(filledTabs(tabs))}。“考勤”按天、“收费”按月登记,“月报”每月一行,“典型案例”有了再填。`,
  '一行只填一件事:一个学生、一门课、一位人员。表中间不要空行,不要合并单元格,不要另写“合计”行。',
  '橙色表头、浅黄底的栏目必填;蓝色表头的栏目有就填;灰色的由系统或县局填写,学校不用管。鼠标停在表头上有填写说明。',
  '有下拉箭头的从列表里选;可填几项的,用顿号分开,如“周一、周三”。',
  `可以排序、筛选、插入行、删除行、移动行,系统凭“${systemHeaders.id}”认行,不会弄混。复制一行当新行用时,请把新行的“${systemHeaders.id}”清空。`,
  '可以在右边另加栏目,也可以另加工作表,系统不读、不改、不删。',
  '月报里空白、0、不适用三者不同:没有发生就填 0;这一栏不适用就空着,并在“不适用说明”里写明。',
  ...tabs.filter((tab) => tab.bureauRows).map((tab) => `${named([tab])}里的行由县局写,不用填也不要加行;要说明的,在那一行的“学校说明”里写。`),
  '不要填身份证号、学籍号、家庭住址、银行卡号、病史。',
  `填好后保存并关闭文件。系统收取后,在每行末尾写“${systemHeaders.status}”和“${systemHeaders.message}”,有误的单元格变成浅红色,问题列在本页最下面。改好、保存,下次收取时自动消掉。`,
];

const stateWords: readonly (readonly [string, string, string])[] = [
  [rowStates.taken, colours.taken, '这一行已收下。若有“提示”,请核对一下,不改也不影响收取。'],
  [rowStates.refused, colours.fault, '这一行有错,没有收。请按“问题说明”改好。'],
  [rowStates.conflict, colours.conflict, '学校和县局都改了同一格,两边的值都写在“问题说明”里,请电话商定后照定下的值填。'],
  [rowStates.pending, colours.pending, '要等学校确认或县局处理,暂不改动。'],
];

const base = (size = 10) => ({ name: fontName, size, color: { argb: colours.ink } });

/** Text over columns `from` to F of one row, in one merged cell tall enough for it. */
const across = (sheet: Worksheet, number: number, from: number, words: string, size = 10): SheetRow => {
  sheet.mergeCells(number, from, number, last);
  const cell = sheet.getCell(number, from);
  cell.value = words;
  cell.font = base(size);
  cell.alignment = { wrapText: true, vertical: 'middle' };
  const room = widths.slice(from - 1).reduce((sum, width) => sum + width, 0) / 2.1;
  const row = sheet.getRow(number);
  row.height = Math.max(18, Math.ceil([...words].length / room) * 16 + 4);
  return row;
};

const section = (sheet: Worksheet, number: number, words: string): void => {
  across(sheet, number, 1, words, 11);
  const cell = sheet.getCell(number, 1);
  cell.font = { ...base(11), bold: true, color: { argb: colours.header } };
  cell.border = { bottom: { style: 'medium', color: { argb: colours.header } } };
  sheet.getRow(number).height = 24;
};

const labelled = (sheet: Worksheet, number: number, label: string, words: string): void => {
  across(sheet, number, 2, words);
  const cell = sheet.getCell(number, 1);
  cell.value = label;
  cell.font = { ...base(), bold: true };
  cell.alignment = { vertical: 'middle', horizontal: 'center', wrapText: true };
};

const link = (sheet: Worksheet, number: number, column: number, tab: string, words: string): void => {
  const cell = sheet.getCell(number, column);
  cell.value = { text: words, hyperlink: `#'${tab}'!A1` };
  cell.font = { ...base(), underline: true, color: { argb: colours.link } };
  cell.alignment = { vertical: 'middle', horizontal: 'center' };
};

/** What a tab is for and what must be filled in there. */
export const tabWords = (tab: Tab): string => {
  const needed = tab.columns.filter((column) => column.required).map((column) => column.header);
  return `${withoutSources(tables[tab.table].note)}${needed.length ? `必填:${needed.join('、')}。` : ''}`;
};

const swatch = (sheet: Worksheet, number: number, colour: string, sample: string, words: string): void => {
  labelled(sheet, number, sample, words);
  const cell = sheet.getCell(number, 1);
  cell.fill = solid(colour);
  if (colour === colours.requiredHeader || colour === colours.header || colour === colours.systemHeader)
    cell.font = { ...base(), bold: true, color: { argb: colours.white } };
};

const swatches: readonly (readonly [string, string, string])[] = [
  [colours.requiredHeader, '必填', '橙色表头:这一栏每行都要填。'],
  [colours.header, '可填', '蓝色表头:有就填。'],
  [colours.systemHeader, '不用填', '灰色表头:系统或县局填写。'],
  [colours.required, '浅黄', '等着填的必填格。'],
  [colours.readOnly, '浅灰', '系统或县局写的内容。'],
  [colours.fault, '浅红', '这一格有错,看同一行末尾的“问题说明”。'],
  [colours.pending, '黄色', '提示:这一格请核对,已经收下。'],
];

const drawList = (sheet: Worksheet, number: number): void => {
  section(sheet, number, places.list);
  listHeaders.forEach((header, index) => {
    const cell = sheet.getCell(number + 1, index + 1);
    cell.value = header;
    cell.style = headerStyle(colours.systemHeader);
  });
  for (let column = 1; column <= last; column++) {
    const cell = sheet.getCell(number + 2, column);
    cell.font = column === 3 ? { ...base(), underline: true, color: { argb: colours.link } } : base();
    cell.alignment = { vertical: 'top', horizontal: column <= 4 ? 'center' : 'left', wrapText: true };
    cell.border = { bottom: { style: 'thin', color: { argb: colours.line } } };
    cell.numFmt = '@';
  }
  sheet.getCell(number + 2, 2).value = noProblems;
};

/** Draws the first tab. `school` and `term` are their names. */
export const drawInstructions = async (
  workbook: Workbook,
  school: { code: string; name: string },
  term: string,
  office: Office,
  tabs: readonly Tab[] = modelTabs,
): Promise<void> => {
  const sheet = workbook.addWorksheet(plainTabs.instructions, {
    views: [{ showGridLines: false }],
    properties: { tabColor: { argb: colours.requiredHeader } },
  });
  widths.forEach((width, index) => {
    sheet.getColumn(index + 1).width = width;
  });
  let row = 1;
  const next = (): number => row++;
  across(sheet, next(), 1, `${school.name}课后服务填报表`, 16).height = 34;
  sheet.getCell(1, 1).font = { ...base(16), bold: true };
  across(sheet, next(), 1, `学校标识码 ${school.code}    ${term}`).height = 20;
  labelled(sheet, next(), places.summary, nothingYet);
  labelled(sheet, next(), places.deadline, `月报:每月 ${office.dueDay ?? 1} 号前报上个月的。其他各表随时更新。`);
  labelled(sheet, next(), '问谁', [office.bureau, office.office, office.phone].filter(Boolean).join(' '));
  section(sheet, next(), '怎么填');
  for (const [index, words] of steps(tabs).entries()) labelled(sheet, next(), String(index + 1), words);
  section(sheet, next(), '有哪些表(点名称可跳过去)');
  for (const tab of tabs) {
    const number = next();
    labelled(sheet, number, '', tabWords(tab));
    link(sheet, number, 1, tab.name, tab.name);
  }
  section(sheet, next(), '颜色');
  for (const [colour, sample, words] of swatches) swatch(sheet, next(), colour, sample, words);
  section(sheet, next(), systemHeaders.status);
  for (const [state, colour, words] of stateWords) swatch(sheet, next(), colour, state, words);
  drawList(sheet, next());
  sheet.pageSetup = { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 };
  await sheet.protect('', { formatColumns: true, formatRows: true, formatCells: true });
};
