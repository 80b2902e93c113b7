import { choice, code, date, defineTable, phone, text, whole, yesNo, longText } from '../fields.ts';
import { ownerships, schoolTypes, settlements } from '../vocabulary.ts';

/** Schools and teaching points that report (DOMAIN T1 #1-4). The 标识码 is the key: 10 digits, 21 primary, 31 junior, 51 special (S32). */
export const schools = defineTable({
  name: 'schools',
  label: '学校',
  en: 'Schools',
  note: '每所填报学校(含教学点)一行;开办、停办日期决定哪些月份应报月报。',
  icon: 'school',
  area: '基础信息',
  primary: { field: 'code' },
  display: '{{name}}',
  groups: { place: '类别与位置', people: '负责人与联系', workbook: '填报表' },
  columns: ['code', 'name', 'type', 'township', 'enrolled', 'leader'],
  sort: 'code',
  fields: {
    code: code({ label: '学校标识码', en: 'School code', required: true, owner: 'bureau', half: true, maxLength: 10, pattern: '^\\d{10}$', note: '10 位:类别 2 位 + 省 2 位(河南 41)+ 序号 6 位;普通小学 21、普通初中 31、特教 51。', aliases: ['标识码', '学校代码', '学校编码'] }),
    name: text({ label: '学校全称', en: 'School name', required: true, owner: 'bureau', half: true, maxLength: 100, aliases: ['学校名称', '学校', '校名'] }),
    type: choice({ label: '学校类别', en: 'School type', required: true, owner: 'bureau', group: 'place', half: true, choices: schoolTypes }),
    township: text({ label: '乡镇/学区', en: 'Township', required: true, owner: 'bureau', group: 'place', half: true, maxLength: 50, note: '乡镇中心校或学区,汇总层级。', aliases: ['乡镇', '学区', '中心校', '乡镇/学区(中心校)'] }),
    ownership: choice({ label: '办别', en: 'Ownership', owner: 'bureau', group: 'place', half: true, choices: ownerships, default: '公办' }),
    urban_rural: choice({ label: '城乡', en: 'Settlement', owner: 'bureau', group: 'place', half: true, choices: settlements }),
    boarding: yesNo({ label: '是否寄宿制', en: 'Boarding school', owner: 'bureau', group: 'place', half: true, default: false }),
    enrolled: whole({ label: '在校学生数', en: 'Students enrolled', owner: 'bureau', group: 'place', half: true, min: 0, max: 20000, unit: '人' }),
    opened_on: date({ label: '开办日期', en: 'Opened on', owner: 'bureau', group: 'place', half: true, note: '空着表示早已开办。' }),
    closed_on: date({ label: '停办日期', en: 'Closed on', owner: 'bureau', group: 'place', half: true, note: '停办当月以后不再应报。' }),
    principal: text({ label: '校长', en: 'Principal', owner: 'bureau', group: 'people', half: true, maxLength: 50 }),
    leader: text({ label: '课后服务负责人', en: 'Person in charge', owner: 'bureau', group: 'people', half: true, maxLength: 50 }),
    leader_phone: phone({ label: '负责人电话', en: 'Phone of the person in charge', owner: 'bureau', group: 'people', half: true }),
    hotline: phone({ label: '学校监督电话', en: 'School complaint phone', owner: 'bureau', group: 'people', half: true, note: '印在告家长书上(N18)。' }),
    pay_account: text({ label: '缴费方式', en: 'How fees are paid', owner: 'bureau', group: 'people', maxLength: 200, note: '学校账户或财政票据;不得经家委会、第三方收取(S05)。印在告家长书上(N12)。' }),
    workbook: text({ label: '填报表链接', en: 'Workbook link', owner: 'bureau', group: 'workbook', maxLength: 500 }),
    remark: longText({ label: '备注', en: 'Remark', owner: 'bureau', group: 'workbook' }),
  },
});
