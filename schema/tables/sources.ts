import { choice, code, defineTable, json, link, text, timestamp, whole, yesNo } from '../fields.ts';

/** Where a school's figures come from: one workbook. */
export const sources = defineTable({
  name: 'sources',
  label: '填报表',
  en: 'Workbooks',
  note: '每校一个工作簿:在哪里、上次什么时候读、结果怎样。',
  icon: 'table_view',
  area: '填报与系统',
  primary: 'rowId',
  key: ['place'],
  display: '{{place}}',
  columns: ['school', 'kind', 'place', 'state', 'taken', 'refused', 'read_at'],
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', half: true, indexed: true }),
    term: link({ label: '学年学期', en: 'Term', to: 'terms', half: true }),
    kind: choice({
      label: '种类',
      en: 'Kind',
      required: true,
      half: true,
      choices: [
        { value: '工作簿', en: 'Workbook in the folder' },
        { value: '谷歌表格', en: 'Google Sheets' },
        { value: '网盘', en: 'Workbook on WebDAV' },
      ],
    }),
    place: text({ label: '位置', en: 'Place', required: true, maxLength: 500, note: '文件名(相对填报表文件夹)或表格编号。', indexed: true }),
    own: choice({
      label: '来历',
      en: 'Origin',
      half: true,
      choices: [
        { value: '系统模板', en: 'Made from the model' },
        { value: '学校自有', en: "School's own layout" },
      ],
    }),
    file_hash: code({ label: '文件校验', en: 'File hash', half: true, maxLength: 64, hidden: true }),
    cursor: json({ label: '进度标记', en: 'Cursor', hidden: true }),
    outdated: yesNo({
      label: '待写回',
      en: 'Outdated',
      half: true,
      owner: 'system',
      default: false,
      note: '系统里有这份表还没有的改动,下次同步时写回。',
    }),
    proposals: json({ label: '待确认的栏目对照', en: 'Proposed layouts', owner: 'system', hidden: true }),
    state: choice({
      label: '状态',
      en: 'State',
      half: true,
      choices: [
        { value: '正常', en: 'In order' },
        { value: '有误', en: 'With problems' },
        { value: '读不了', en: 'Unreadable' },
        { value: '未收', en: 'Left alone' },
      ],
    }),
    rows_read: whole({ label: '读到行数', en: 'Rows read', half: true, min: 0 }),
    taken: whole({ label: '已收', en: 'Taken', half: true, min: 0 }),
    unchanged: whole({ label: '未变', en: 'Unchanged', half: true, min: 0 }),
    refused: whole({ label: '有误行数', en: 'Refused', half: true, min: 0 }),
    ignored: whole({ label: '略过', en: 'Ignored', half: true, min: 0 }),
    read_at: timestamp({ label: '上次读取', en: 'Last read', half: true }),
    message: text({ label: '说明', en: 'Message', maxLength: 500 }),
  },
});
