import { choice, code, defineTable, link, longText, text, timestamp, whole } from '../fields.ts';

/** Open and closed problems of sheet cells: the same words as in the school's workbook. */
export const sheetProblems = defineTable({
  name: 'sheet_problems',
  label: '填报问题',
  en: 'Sheet problems',
  note: '学校填报表里有误或冲突的单元格;学校改好并再次同步后自动办结。',
  icon: 'rule',
  area: '填报与系统',
  sensitive: true,
  primary: 'rowId',
  display: '{{tab}} {{cell}} {{message}}',
  columns: ['school', 'tab', 'cell', 'message', 'kind', 'opened_at', 'closed_at'],
  sort: '-opened_at',
  fields: {
    source: link({ label: '填报表', en: 'Workbook', to: 'sources', half: true, indexed: true }),
    school: link({ label: '学校', en: 'School', to: 'schools', half: true, indexed: true }),
    tab: text({ label: '工作表', en: 'Tab', half: true, maxLength: 100 }),
    cell: code({ label: '单元格', en: 'Cell', half: true, maxLength: 20 }),
    sheet_row: whole({ label: '行', en: 'Row', half: true, min: 1 }),
    header: text({ label: '栏目', en: 'Header', half: true, maxLength: 100 }),
    code: code({ label: '问题代码', en: 'Code', half: true, maxLength: 60 }),
    value: text({ label: '所填内容', en: 'Value', half: true, maxLength: 500 }),
    message: longText({ label: '说明与办法', en: 'Message' }),
    kind: choice({
      label: '性质',
      en: 'Kind',
      half: true,
      default: '有误',
      choices: [
        { value: '有误', en: 'Error' },
        { value: '提示', en: 'Hint' },
        { value: '冲突', en: 'Conflict' },
      ],
    }),
    opened_at: timestamp({ label: '发现时间', en: 'Opened at', half: true }),
    closed_at: timestamp({ label: '办结时间', en: 'Closed at', half: true }),
  },
});
