import { choice, choices, classNo, defineTable, grade, link, phone, text } from '../fields.ts';
import { studentGroups, waiverKinds } from '../vocabulary.ts';

/** Students who use the service (DOMAIN T2). No id numbers, no addresses, no 学籍号 (P8). */
export const students = defineTable({
  name: 'students',
  label: '学生',
  en: 'Students',
  note: '只收办理课后服务所需的最少信息;不收身份证号、学籍号、住址、银行卡(P8)。',
  icon: 'face',
  area: '师生与服务',
  sensitive: true,
  primary: 'rowId',
  key: ['grade', 'class_no', 'name', 'guardian_phone'],
  scope: 'school',
  tab: { name: '学生报名', order: 4, aliases: ['学生花名册', '花名册', '报名表', '学生花名册(报名)', '学生名单'] },
  display: '{{name}}({{grade}}年级{{class_no}}班)',
  groups: { guardian: '监护人', waiver: '减免' },
  columns: ['name', 'school', 'grade', 'class_no', 'waiver_kind', 'status'],
  archive: { field: 'status', archived: '已离校', active: '在册' },
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, owner: 'system', indexed: true }),
    name: text({ label: '姓名', en: 'Name', required: true, half: true, maxLength: 60, aliases: ['学生姓名', '学生', '学生名', '名字'] }),
    gender: choice({ label: '性别', en: 'Sex', half: true, choices: [
      { value: '男', en: 'Male', aliases: ['男生', '男孩', '男性', 'M'] }, { value: '女', en: 'Female', aliases: ['女生', '女孩', '女性', 'F'] } ] }),
    grade: grade({ label: '年级', en: 'Grade', required: true, half: true, aliases: ['所在年级', '就读年级', '年段'] }),
    class_no: classNo({ label: '班级', en: 'Class', required: true, half: true, aliases: ['班', '班级代码', '所在班级', '班号', '班别', '班次', '班级名称', '年级班级', '年级/班级', '年班', '所在年级班级', '年级及班级', '年级、班级', '班级(年级)', '所在班'] }),
    groups: choices({ label: '学生类别', en: 'Groups', choices: studentGroups, aliases: ['类别', '学生类型', '优先群体', '学生身份', '特殊群体', '学生群体', '群体类别', '家庭情况', '优先类别'] }),
    guardian_name: text({ label: '监护人姓名', en: 'Guardian', group: 'guardian', half: true, maxLength: 60, aliases: ['家长', '家长姓名', '监护人', '家长信息/姓名', '父母姓名', '家长(监护人)姓名', '监护人(家长)姓名', '家长名', '第一监护人', '家长/监护人'] }),
    guardian_relation: text({ label: '监护人关系', en: 'Relation', group: 'guardian', half: true, maxLength: 30, aliases: ['与学生关系', '关系', '称谓', '与孩子关系', '与学生的关系', '亲属关系', '家长与学生关系', '监护关系', '与监护人关系'] }),
    guardian_phone: phone({ label: '监护人电话', en: 'Guardian phone', group: 'guardian', half: true, aliases: ['家长电话', '联系电话', '电话', '手机', '手机号', '手机号码', '监护人手机号', '家长手机', '家长信息/电话', '联系方式', '家长联系电话', '家长手机号', '家长手机号码', '家长联系方式', '监护人联系电话', '监护人手机', '监护人手机号码', '监护人联系方式', '联系号码', '电话号码', '联系手机', '家庭电话', '父母电话', '家长号码'] }),
    waiver_kind: choice({ label: '减免类别', en: 'Waiver', group: 'waiver', half: true, choices: waiverKinds, aliases: ['减免类型', '减免情况', '困难类型', '困难类别'] }),
    waiver_state: choice({ label: '减免审核', en: 'Waiver decision', group: 'waiver', half: true, owner: 'bureau', choices: [
      { value: '待审核', en: 'Waiting' }, { value: '已认定', en: 'Recognised' }, { value: '不予认定', en: 'Not recognised' } ] }),
    status: choice({ label: '学生状态', en: 'Status', owner: 'system', half: true, default: '在册', choices: [
      { value: '在册', en: 'Enrolled' }, { value: '已离校', en: 'Left' } ] }),
  },
});
