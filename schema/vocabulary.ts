/**
 * The choice lists that several tables share, word for word from DOMAIN.md.
 * Each comment names the source ids of DOMAIN section 8.
 */
import { words } from './fields.ts';

/** S23 and the usual school statistics (T1 #3). */
export const schoolTypes = words({
  小学: { en: 'Primary school', aliases: ['完全小学', '普通小学'] },
  教学点: { en: 'Teaching point', aliases: ['小学教学点'] },
  初中: { en: 'Junior middle school', aliases: ['初级中学', '普通初中'] },
  九年一贯制: { en: 'Nine-year school', aliases: ['九年一贯制学校'] },
  完全中学初中部: { en: 'Junior section of a complete middle school', aliases: ['完全中学'] },
  十二年一贯制: { en: 'Twelve-year school', aliases: ['十二年一贯制学校'] },
  特殊教育: { en: 'Special education', aliases: ['特殊教育学校', '特教'] },
});

export const ownerships = words({ 公办: 'Public', 民办: 'Private' });
export const settlements = words({
  县城: { en: 'County town', aliases: ['城区', '主城区', '城市'] },
  镇区: { en: 'Township centre', aliases: ['镇'] },
  乡村: { en: 'Village', aliases: ['农村', '村'] },
});

/** What the service offers (T1 #19, S01). */
export const serviceContents = words({
  作业辅导: { en: 'Homework help', aliases: ['作业', '作业指导', '课业辅导'] },
  学困生辅导答疑: { en: 'Help for those behind', aliases: ['学困生辅导', '辅导答疑', '答疑', '学困辅导'] },
  学有余力拓展: { en: 'Extension', aliases: ['拓展', '拓展学习', '学有余力'] },
  文艺: { en: 'Arts', aliases: ['艺术', '文化艺术', '文艺类', '艺术类', '美术', '音乐'] },
  体育: { en: 'Sports', aliases: ['体育类', '运动', '体育锻炼'] },
  劳动: { en: 'Labour', aliases: ['劳动教育', '劳动实践', '劳动类'] },
  阅读: { en: 'Reading', aliases: ['阅读类', '课外阅读', '读书'] },
  科普: { en: 'Popular science', aliases: ['科技', '科技类', '科普类', '科学'] },
  兴趣小组: { en: 'Interest group', aliases: ['兴趣活动', '兴趣班', '兴趣'] },
  社团: { en: 'Club', aliases: ['社团活动', '社团类'] },
  影视欣赏: { en: 'Film', aliases: ['影视', '观影', '影视观赏'] },
});

/** Groups that come first (T1 #11, T2, S01). */
export const studentGroups = words({
  随迁: {
    en: 'Child of migrant workers',
    aliases: ['随迁子女', '进城务工人员随迁子女', '务工随迁', '务工随迁子女', '农民工随迁子女', '进城务工人员子女', '随迁儿童'],
  },
  单亲: { en: 'One parent', aliases: ['单亲家庭', '单亲家庭子女', '单亲子女', '单亲学生'] },
  残疾: { en: 'Disabled', aliases: ['残疾儿童', '残疾学生', '残障', '残障儿童'] },
  留守: { en: 'Left behind', aliases: ['留守儿童', '留守学生', '留守子女'] },
  困难: {
    en: 'Poor family',
    aliases: ['家庭经济困难', '贫困', '经济困难', '困难家庭', '家庭困难', '困难学生', '贫困生', '困难家庭子女', '家庭经济困难学生'],
  },
  一般: { en: 'None of these', aliases: ['无', '普通', '一般学生', '正常', '普通学生'] },
});

/** DOMAIN 1.7 (S10, S20, S30, S36). 低保 alone is not here: town or village must be said. */
export const waiverKinds = words({
  脱贫户: {
    en: 'Lifted out of poverty',
    aliases: ['建档立卡', '原建档立卡', '建档立卡户', '建档立卡贫困户', '脱贫户(原建档立卡)', '脱贫家庭', '脱贫户子女'],
  },
  脱贫不稳定: { en: 'Unstable (monitored)', aliases: ['脱贫不稳定(监测户)', '脱贫不稳定户', '脱贫不稳定监测户'] },
  边缘易致贫: { en: 'At the edge (monitored)', aliases: ['边缘易致贫(监测户)', '边缘易致贫户', '边缘户'] },
  突发严重困难户: { en: 'Sudden hardship (monitored)', aliases: ['突发严重困难户(监测户)', '突发严重困难'] },
  城市低保: { en: 'Urban minimum living allowance', aliases: ['城镇低保', '城低保'] },
  农村低保: { en: 'Rural minimum living allowance', aliases: ['农低保', '农村低保户'] },
  特困救助供养: { en: 'Support for the destitute', aliases: ['特困', '特困供养', '特困人员'] },
  孤儿: 'Orphan',
  事实无人抚养儿童: { en: 'De facto unattended child', aliases: ['事实无人抚养', '事实孤儿'] },
  残疾学生: { en: 'Disabled student', aliases: ['残疾', '残疾儿童'] },
  残疾人子女: { en: 'Child of a disabled person', aliases: ['残疾人家庭子女'] },
  '烈士/优抚子女': { en: 'Child of a martyr or of entitled persons', aliases: ['烈士子女', '优抚子女', '烈士优抚子女'] },
  其他经学校认定: { en: 'Other, recognised by the school', aliases: ['其他', '学校认定', '其它'] },
});

/** T1 #22. */
export const feeUnits = words({
  '元/生·月': { en: 'yuan per student and month', aliases: ['元/月', '元/生/月', '元/人·月', '元/人/月', '月'] },
  '元/生·课时': { en: 'yuan per student and lesson', aliases: ['元/课时', '元/生/课时', '课时'] },
  '元/生·小时': { en: 'yuan per student and hour', aliases: ['元/小时', '元/生/小时', '小时'] },
  '元/生·学期': { en: 'yuan per student and term', aliases: ['元/学期', '元/生/学期', '学期'] },
});

/** T4. */
export const staffIdentities = words({
  本校教师: {
    en: 'Teacher of the school',
    aliases: ['教师', '在职教师', '本校', '校内教师', '本校在职教师', '专任教师', '本校老师', '在校教师', '在编教师', '本校在编教师'],
  },
  退休教师: { en: 'Retired teacher', aliases: ['退休', '返聘教师', '退休返聘'] },
  社会专业人员: { en: 'Professional from outside', aliases: ['社会人员', '专业人员', '社会专业人士'] },
  志愿者: { en: 'Volunteer', aliases: ['志愿人员', '义工', '家长志愿者', '大学生志愿者'] },
  机构派员: { en: 'Sent by a provider', aliases: ['机构人员', '机构教师', '第三方机构', '第三方', '第三方机构人员', '机构派遣', '机构派遣人员'] },
  管理人员: { en: 'Administrator', aliases: ['管理', '行政人员', '行政', '行政管理人员', '学校管理人员'] },
});

/** T4. */
export const staffRoles = words({
  主讲: { en: 'Lead', aliases: ['主教', '主讲教师', '授课', '任课'] },
  辅助: { en: 'Assistant', aliases: ['助教', '协助', '辅教', '辅导'] },
  值班: { en: 'On duty', aliases: ['值守', '值日', '看护'] },
  巡查: { en: 'Patrol', aliases: ['巡视', '巡课'] },
  门卫: { en: 'Gate', aliases: ['保安'] },
  校医: { en: 'School doctor', aliases: ['医务', '保健医'] },
});

/** How a child goes home (T2). */
export const pickUps = words({
  家长接: { en: 'Fetched by a guardian', aliases: ['家长接送', '家长', '家长来接', '父母接送', '父母接', '监护人接送', '监护人接'] },
  委托接: {
    en: 'Fetched by someone entrusted',
    aliases: ['委托接送', '委托他人', '委托', '托管接', '他人代接', '委托他人接送', '委托他人接', '委托人接', '代接'],
  },
  校车: { en: 'School bus', aliases: ['坐校车', '乘校车', '校车接送', '乘坐校车'] },
  自行离校: { en: 'Goes alone', aliases: ['自己回家', '自己走', '自行回家', '自行', '独自回家', '自己', '独自离校', '自主离校', '自己离校'] },
});

/** The six classes of the call of S27. */
export const caseCategories = words({
  课后服务: { en: 'After-school service', aliases: ['课后延时服务', '课后'] },
  作业减负: { en: 'Less homework', aliases: ['减负', '作业管理', '作业设计'] },
  考试管理: { en: 'Examinations', aliases: ['考试', '考试评价'] },
  其他管理: { en: 'Other management', aliases: ['其他', '其它管理', '其它'] },
  课堂提质: { en: 'Better lessons', aliases: ['课堂教学', '提质', '课堂'] },
  家校社联动: { en: 'Home, school and community', aliases: ['家校社', '家校共育', '家校联动', '家校社协同'] },
});

/** T7. */
export const providerCategories = words({ 科技: 'Science and technology', 文化艺术: 'Culture and art', 体育: 'Sports' });

/** DOMAIN 1.6 (S01, S03, S35). */
export const safetyItems = words({
  活动场所安全: 'Premises',
  '消防器材有效、疏散通道与标志畅通': 'Fire equipment and escape routes',
  用电线路与离场断电关窗: 'Wiring, power off and windows shut',
  应急救护物品与联系人: 'First aid and contacts',
  门卫值守与来访登记: 'Gate and visitors',
  学生考勤与交接班记录: 'Attendance and hand-over records',
  '班主任→服务教师→家长三段交接签字': 'Three signed hand-overs',
  巡查记录: 'Patrol records',
  一键报警与视频监控可用: 'Alarm and cameras',
  体育器材: 'Sports equipment',
  饮水和疾病报告: 'Drinking water and illness',
  校门口交通疏导与家长等候区: 'Traffic and waiting area at the gate',
  外聘人员证件核验: 'Papers of outside staff',
  应急预案与演练日期: 'Emergency plan and drill',
  事故报告记录: 'Accident records',
});

/** The Chinese words for grades 1 to 9, as they stand in headers and on screens. */
export const gradeNames = ['一年级', '二年级', '三年级', '四年级', '五年级', '六年级', '七年级', '八年级', '九年级'] as const;
/** The Chinese words for days 1 (Monday) to 7 (Sunday). */
export const weekdayNames = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const;
/** The priority groups of T1 #11, in the form's words; DOMAIN's term for each group of a student is beside it. */
export const priorityGroups = [
  { field: 'migrant', label: '随迁子女', group: '随迁', en: 'children of migrant workers' },
  { field: 'single_parent', label: '单亲家庭', group: '单亲', en: 'one-parent families' },
  { field: 'disabled', label: '残疾儿童', group: '残疾', en: 'disabled children' },
  { field: 'left_behind', label: '留守儿童', group: '留守', en: 'left-behind children' },
  { field: 'poor', label: '家庭经济困难', group: '困难', en: 'poor families' },
  { field: 'lower_grades', label: '低年级', group: null, en: 'lower grades' },
] as const;
/** The kinds of outside staff of T1 #14. */
export const externalKinds = [
  { field: 'retired', label: '退休教师', en: 'retired teachers' },
  { field: 'professional', label: '社会专业人员', en: 'professionals' },
  { field: 'volunteer', label: '志愿者', en: 'volunteers' },
  { field: 'provider', label: '机构派员', en: 'provider staff' },
] as const;
/** How grave a rule of DOMAIN section 5 is. */
export const severities = words({ 禁: 'Forbidden', 须: 'Required', 参: 'For reference' });
/** What becomes of a finding; which step may follow which, schema/findings.ts says. */
export const findingStates = words({ 未办: 'Open', 学校已说明: 'Answered', 已消除: 'Gone', 已办结: 'Closed', 误报: 'False alarm' });
/** The refund formulas of DOMAIN 1.8 (S20, S26); the county's own is not known, so none is in use until it chooses. */
export const refundMethods = words({
  按天: 'By day',
  按课时: 'By lesson',
  半月: 'By half month',
  学期比例: 'Share of the term',
});
/** Tables that a rule of the county's own may look at; each row of them belongs to one school. */
export const ruleTables = words({
  students: { label: '学生', en: 'Students' },
  enrolments: { label: '报名', en: 'Enrolments' },
  activities: { label: '课程活动', en: 'Activities' },
  staff: { label: '服务人员', en: 'Staff' },
  fees: { label: '收费退费', en: 'Fees' },
  attendance: { label: '考勤', en: 'Attendance' },
  monthly_reports: { label: '月报', en: 'Monthly returns' },
  plans: { label: '一校一案', en: 'Plans' },
  safety_checks: { label: '安全检查', en: 'Safety checks' },
});

/**
 * DOMAIN 1.8: how counties work out a refund. Ours has not been seen (DOMAIN section 8), so each is a setting and none is the default:
 * what is not set is not worked out, and the letter shows only what the school has entered.
 */
export const refundWays = [
  { value: '按天', en: 'By day', label: '按天:缺席天数 × 每天退费' },
  { value: '按课时', en: 'By lesson', label: '按课时:缺席课时 × 每课时退费' },
  { value: '不足半月收半', en: 'Half month, half price', label: '不足半月收半:服务不到当月一半上课日的,只收一半' },
  {
    value: '满半月退半',
    en: 'Half back for half a month',
    label: '满半月退半:满月缺席退全月,自动算;连续缺席满半月退半月,是否连续由学校核定并登记退费额',
  },
  { value: '学期比例', en: 'Share of the term', label: '学期比例:开课后几个月内退出的,退已缴的百分之几' },
] as const;
export type RefundWay = (typeof refundWays)[number]['value'];

/** Kinds of notice that ask the family for an answer (DOMAIN 2.2). */
export const replyKinds: readonly string[] = ['告家长书', '自愿申请表'];

/** `2`, `2班` → `2班`; a class with a name keeps it. */
export const className = (classNo: string): string => (classNo.endsWith('班') ? classNo : `${classNo}班`);

/** 3 → `三年级` */
export const gradeWord = (grade: number): string => gradeNames[grade - 1] ?? `${grade}年级`;

/** `三年级2班` */
export const placeOf = ({ grade, class_no }: { readonly grade: number; readonly class_no: string }): string =>
  `${gradeWord(grade)}${className(class_no)}`;
