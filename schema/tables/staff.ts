import { choice, code, date, defineTable, link, money, text, time, weekdays, whole } from '../fields.ts';
import { staffIdentities, staffRoles } from '../vocabulary.ts';

/** Everybody who serves (DOMAIN T4): teachers, retired teachers, professionals, volunteers, provider staff. Of the admission check only day and result (P8). */
export const staff = defineTable({
  name: 'staff',
  label: '服务人员',
  en: 'Staff',
  note: '含退休教师、社会专业人员、志愿者、机构派员。准入查询只存日期和结论(P8)。',
  icon: 'badge',
  area: '师生与服务',
  sensitive: true,
  primary: 'rowId',
  key: ['name', 'identity', 'days', 'start', 'serves'],
  scope: 'school-term',
  tab: { name: '服务人员', order: 3, aliases: ['人员', '教师安排', '服务教师', '人员安排', '教师'] },
  display: '{{name}}({{identity}})',
  groups: { when: '服务安排', pay: '课时与补助', admission: '准入与资格' },
  columns: ['name', 'school', 'identity', 'role', 'checked_on', 'check_result'],
  archive: { field: 'active', archived: '已停用', active: '在用' },
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, owner: 'system', indexed: true }),
    term: link({ label: '学年学期', en: 'Term', to: 'terms', required: true, half: true, owner: 'system', indexed: true }),
    name: text({ label: '姓名', en: 'Name', required: true, half: true, maxLength: 60, aliases: ['教师姓名', '人员姓名', '服务人员', '服务人员姓名', '老师姓名', '教师', '志愿者姓名', '值班教师', '值班人员'] }),
    identity: choice({ label: '身份', en: 'Identity', required: true, half: true, choices: staffIdentities, aliases: ['人员类别', '人员身份', '人员性质', '类别', '身份类别', '人员类型', '教师身份', '人员来源', '身份性质', '人员身份类别'] }),
    subject: text({ label: '学科', en: 'Subject', half: true, maxLength: 50, aliases: ['任教学科', '专业', '任教科目', '所教学科', '科目', '任课学科', '任课科目', '专业(学科)', '专长'] }),
    role: choice({ label: '角色', en: 'Role', half: true, choices: staffRoles, aliases: ['承担角色', '承担任务', '分工', '职责', '岗位', '工作任务', '任务', '工作分工', '承担工作', '岗位职责', '担任角色'] }),
    days: weekdays({ label: '星期', en: 'Weekdays', group: 'when', half: true, aliases: ['服务星期', '服务安排/星期', '值班星期', '服务日', '值班日', '值日星期', '上岗星期', '周几'] }),
    start: time({ label: '开始时刻', en: 'Start', group: 'when', half: true, aliases: ['开始时间', '开始', '起始时间', '服务开始时间', '上岗时间'] }),
    end: time({ label: '结束时刻', en: 'End', group: 'when', half: true, aliases: ['结束时间', '结束', '终止时间', '服务结束时间', '下岗时间'] }),
    serves: text({ label: '班或社团', en: 'Class or club', group: 'when', half: true, maxLength: 100, aliases: ['班级或社团', '社团', '服务班级', '服务安排/班级或社团', '社团(班级)', '课程(社团)', '负责班级', '服务对象', '课程', '班级', '班级(社团)', '服务班级(社团)', '班级/社团', '所带班级', '所带社团', '课程或社团'] }),
    place: text({ label: '地点', en: 'Place', group: 'when', half: true, maxLength: 100, aliases: ['服务地点', '服务安排/地点', '值班地点', '活动地点', '上课地点', '教室', '场所'] }),
    duty: choice({ label: '状态', en: 'Duty', group: 'when', half: true, choices: [
      { value: '在岗', en: 'On duty', aliases: ['正常', '到岗'] }, { value: '请假', en: 'On leave' }, { value: '出差', en: 'Away' }, { value: '调课', en: 'Moved' }, { value: '代课', en: 'Replaced' } ], aliases: ['在岗状态', '出勤', '出勤状态', '到岗情况', '出勤情况', '到岗状态'] }),
    signed_in: time({ label: '签到', en: 'Signed in', group: 'when', half: true, aliases: ['签到时间', '签到时刻', '到岗时间', '上班签到'] }),
    signed_out: time({ label: '签退', en: 'Signed out', group: 'when', half: true, aliases: ['签退时间', '签退时刻', '离岗时间', '下班签退'] }),
    lessons: whole({ label: '课时数', en: 'Lessons', group: 'pay', half: true, min: 0, max: 2000, unit: '节', aliases: ['课时', '节数', '总课时', '课时(节)', '服务课时', '课时总数', '节次'] }),
    rate: money({ label: '补助标准', en: 'Rate', group: 'pay', half: true, min: 0, max: 10000, unit: '元/课时', aliases: ['课时费标准', '补助标准(元/课时)', '课时费', '课时补助', '补贴标准', '补助标准(元/节)', '课时补助标准', '课时标准'] }),
    amount: money({ label: '金额', en: 'Amount', group: 'pay', half: true, min: 0, max: 1000000, unit: '元', aliases: ['补助金额', '金额(元)', '应发金额', '补贴金额', '合计金额', '应发', '实发金额', '补助', '补助费', '应发补助', '补助额', '发放金额'] }),
    checked_on: date({ label: '准入查询日', en: 'Admission check on', group: 'admission', half: true, aliases: ['准入查询/查询日期', '查询日期', '准入查询日期', '查询日', '准入查询时间', '查询时间', '入职查询日期', '准入日期', '准入查询/日期', '最近查询日期', '准入核查日期'] }),
    check_result: choice({ label: '准入查询结果', en: 'Admission check result', group: 'admission', half: true, choices: [
      { value: '无记录', en: 'No record', aliases: ['无', '无违法犯罪记录', '合格', '正常', '无异常', '通过', '无犯罪记录', '无违法记录', '未见异常', '未发现异常', '无不良记录', '未发现违法犯罪记录', '无违法犯罪'] },
      { value: '有记录', en: 'Record', aliases: ['有', '不合格'] }, { value: '待查', en: 'Pending', aliases: ['未查', '查询中', '待查询', '未查询'] } ], aliases: ['准入查询/查询结果', '查询结果', '结果', '准入结果', '查询结论', '结论', '准入情况', '准入查询/结果', '准入查询结论', '准入核查结果'] }),
    certificate: text({ label: '证书名称', en: 'Certificate', group: 'admission', half: true, maxLength: 100, aliases: ['资格证书/名称', '资格证', '资格证书', '资格证书名称', '证书', '教师资格证', '资格证名称', '证书类型', '资质', '资格证书/证书名称', '证书种类', '证件名称'] }),
    certificate_no: code({ label: '证书编号', en: 'Certificate no.', group: 'admission', half: true, maxLength: 60, aliases: ['资格证书/编号', '资格证编号', '证书号', '资格证书编号', '证书号码', '资格证号', '教师资格证号', '资格证书号', '资格证号码', '资格证书/号码', '资格证书/证书编号', '教师资格证编号', '教师资格证号码'] }),
    active: choice({ label: '人员状态', en: 'Status', owner: 'system', half: true, default: '在用', choices: [
      { value: '在用', en: 'Active' }, { value: '已停用', en: 'Inactive' } ] }),
  },
});
