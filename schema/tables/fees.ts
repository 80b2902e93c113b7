import { choice, code, date, defineTable, link, money, month, text, whole } from '../fields.ts';
import { waiverKinds } from '../vocabulary.ts';

/** What each student pays for a month (DOMAIN T6). */
export const fees = defineTable({
  name: 'fees',
  label: '收费退费',
  en: 'Fees',
  note: '每生每月一行:应缴 − 减免额 = 实缴。不得经家委会、第三方收取(S05)。',
  icon: 'payments',
  area: '师生与服务',
  sensitive: true,
  primary: 'rowId',
  key: ['month', 'student'],
  scope: 'school-term',
  tab: { name: '收费', order: 6, aliases: ['收费登记', '缴费', '收费台账', '缴费登记', '收费退费'] },
  display: '{{month}} {{student.name}}',
  groups: { waiver: '减免', paid: '缴费', refund: '退费' },
  columns: ['month', 'school', 'student', 'due', 'waived', 'paid', 'state'],
  sort: '-month',
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, owner: 'system', indexed: true }),
    term: link({ label: '学年学期', en: 'Term', to: 'terms', required: true, half: true, owner: 'system', indexed: true }),
    student: link({ label: '学生', en: 'Student', to: 'students', required: true, half: true, by: ['name', 'grade', 'class_no'], indexed: true }),
    month: month({ label: '统计期', en: 'Month', half: true, indexed: true, required: true, aliases: ['收费月份', '月份', '缴费月份', '统计月', '月份(统计期)', '所属月份', '收费期', '缴费月', '收费月', '缴费期', '统计月份', '年月', '期间', '所属期'] }),
    rate: money({ label: '标准', en: 'Rate', half: true, min: 0, max: 10000, unit: '元', aliases: ['收费标准', '收费标准(元/月)', '缴费标准', '收费标准(元)', '收费标准(元/生·月)', '标准(元)', '标准(元/月)'] }),
    due: money({ label: '应缴', en: 'Due', half: true, min: 0, max: 100000, unit: '元', aliases: ['应缴金额', '应收', '应交', '应缴费用', '应缴额', '应收金额', '应交金额', '应缴(元)', '应缴费', '应收费', '应收额'] }),
    waiver_kind: choice({ label: '减免类别', en: 'Waiver', group: 'waiver', half: true, choices: waiverKinds, aliases: ['减免类型', '减免原因', '减免依据', '减免项目'] }),
    waived: money({ label: '减免额', en: 'Waived', group: 'waiver', half: true, min: 0, max: 100000, unit: '元', aliases: ['减免金额', '减免', '减免费用', '免缴金额', '减免(元)'] }),
    proof_no: code({ label: '证明材料编号', en: 'Proof no.', group: 'waiver', half: true, maxLength: 60, aliases: ['材料编号', '证明编号', '证明材料', '材料号'] }),
    approved_by: text({ label: '审核人', en: 'Approved by', group: 'waiver', half: true, maxLength: 60, aliases: ['审批人', '复核人', '审核'] }),
    paid: money({ label: '实缴', en: 'Paid', group: 'paid', half: true, min: 0, max: 100000, unit: '元', aliases: ['实缴金额', '实收', '实交', '实缴额', '实收金额', '实交金额', '已缴金额', '缴费金额', '实缴费用', '实缴(元)', '已交金额', '实收额'] }),
    method: choice({ label: '方式', en: 'Method', group: 'paid', half: true, choices: [
      { value: '线上', en: 'Online' }, { value: '线下', en: 'Offline', aliases: ['现金', '线下缴费'] } ], aliases: ['缴费方式', '支付方式', '交费方式', '收费方式', '付款方式'] }),
    receipt_no: code({ label: '票据号', en: 'Receipt no.', group: 'paid', half: true, maxLength: 60, aliases: ['票据号码', '票据编号', '发票号', '收据号', '收据编号', '收据号码', '发票号码', '票号', '票据', '财政票据号'] }),
    state: choice({ label: '状态', en: 'State', group: 'paid', half: true, choices: [
      { value: '待付款', en: 'To pay', aliases: ['未缴', '未付款', '待缴', '未交', '未缴费', '待缴费', '欠费', '未付'] }, { value: '已付款', en: 'Paid', aliases: ['已缴', '已缴费', '已交', '已付', '已交费', '已收'] },
      { value: '已取消', en: 'Cancelled', aliases: ['取消'] }, { value: '待退款', en: 'To refund', aliases: ['待退费', '退款中'] }, { value: '已退款', en: 'Refunded', aliases: ['已退费', '已退'] } ], aliases: ['缴费状态', '收费状态', '交费状态', '付款状态', '缴费情况'] }),
    days_absent: whole({ label: '缺席天', en: 'Days absent', group: 'refund', half: true, min: 0, max: 31, unit: '天', aliases: ['缺席天数', '缺席课时', '缺席天或课时', '缺勤天数', '缺课天数', '请假天数'] }),
    refund_reason: choice({ label: '退费原因', en: 'Refund reason', group: 'refund', half: true, choices: [
      { value: '停课', en: 'Closed' }, { value: '请假', en: 'Leave', aliases: ['病假', '事假'] }, { value: '转学', en: 'Moved school' }, { value: '退出', en: 'Withdrew', aliases: ['中途退出'] }, { value: '多收', en: 'Overcharged' } ], aliases: ['退费/原因', '原因', '退款原因'] }),
    refund_method: choice({ label: '退费方式', en: 'Refund method', group: 'refund', half: true, choices: [
      { value: '原路退回', en: 'Same way', aliases: ['原路返回', '原路'] }, { value: '抵扣下期', en: 'Set off', aliases: ['抵扣', '抵下期', '抵扣下月'] }, { value: '现金签领', en: 'Cash', aliases: ['现金'] } ], aliases: ['退费/方式', '退款方式'] }),
    refund: money({ label: '退费额', en: 'Refund', group: 'refund', half: true, min: 0, max: 100000, unit: '元', aliases: ['退费金额', '退费/金额', '退费', '退款金额', '应退金额', '退费(元)', '退款'] }),
    refunded_on: date({ label: '退费日期', en: 'Refunded on', group: 'refund', half: true, aliases: ['退费/日期', '退费日', '退费时间', '退款日期', '退款时间'] }),
  },
});
