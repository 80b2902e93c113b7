/** Invented cases of an invented county, for the tests of the showcase. */
import type { Row, tables } from '../../schema/index.ts';
import type { FakeRows } from '../helpers/fake-store.ts';

export type SampleCase = Partial<Row<typeof tables.cases>> & { id: string };

export const settings = { county_name: '汝南县(示例)', bureau_name: '汝南县教育局(示例)', office_name: '基础教育股', bureau_phone: '0396-0000000' };

const townships = ['汝宁街道', '古塔街道', '三里店镇', '梁祝镇', '和孝镇', '老君庙镇'];

export const schools = townships.map((township, index) => ({
  code: `21410000${String(index + 1).padStart(2, '0')}`,
  name: `${township}第${index % 2 === 0 ? '一' : '二'}小学(示例)`,
  type: '小学',
  township,
}));

const categories = ['课后服务', '作业减负', '考试管理', '其他管理', '课堂提质', '家校社联动'];
const titles = [
  '一把剪刀剪出的课后时光:剪纸社团怎样从十人到三百人',
  '作业公示墙让书面作业减下来',
  '把考试还给学习:等级评价与个性评语的三年实践',
  '手机进箱、书本出箱:住宿生晚间管理的小办法',
  '四十分钟的减法:集体备课如何换来课堂提质',
  '麦田边的课堂:请爷爷奶奶进校园讲农时',
];

const practice = `一、健全机制,分清责任
学校成立课后服务工作小组,由校长任组长,年级主任、班主任各负其责,每周五碰头一次,把当周的出勤、交接和家长意见逐条过一遍。
(一)先问家长,再排课表
开学前发放意见征求表1,286份,收回1,251份,按意愿排出作业辅导和社团两段时间。
(二)老师怎样排班。采用“固定+流动”的办法,本校教师负责作业辅导,退休教师和志愿者参与社团,门卫、巡查单独排班。
二、课程分层,各有去处
第一段16:30至17:20辅导作业,要求在校内基本完成书面作业;第二段17:20至18:30开展阅读、剪纸、篮球、合唱等活动,学生按周选报。
学困生由任课教师分组答疑,学有余力的学生参加拓展小组,不讲新课,不集体补课。`;

const background =
  '学校地处城乡结合部,留守儿童占三成以上,放学后“没人管、没处去”是家长最挂心的事。2025年秋季调查显示,参加课后服务的学生只有六成,社团单一、接送拥挤、老师负担重,三件事缠在一起。';

export const sampleCase = (number: number, change: Partial<SampleCase> = {}): SampleCase => ({
  id: `CASE${String(number).padStart(8, '0')}`,
  school: (schools[(number * 5 + Math.floor(number / 6)) % schools.length] as { code: string }).code,
  title: number < titles.length ? (titles[number] as string) : `${titles[number % titles.length]}(之${number})`,
  unit: null,
  authors: '张老师 李老师',
  category: categories[number % categories.length] as string,
  summary:
    '学校从一个社团做起,用“征求意见、分段排课、三段交接”的办法,把课后两小时办成孩子愿意来、家长放心送的时段。一年来参加率由62%升到96%,家长投诉归零。',
  background,
  practice,
  results: '参加学生由780人增至1,204人,参加率96.3%;书面作业在校完成率由54%升到91%。家长满意度问卷得分98分,全年没有安全责任事故。',
  lessons: '一是先把时间排顺,再谈课程丰富;二是把交接签字做实,安全才有底;三是让退休教师和家长都成为办学的人。',
  photo_names: [],
  photos: [],
  photo_consent: null,
  name_consent: number % 2 === 0,
  state: '已发布',
  award: number === 2 ? '一等奖' : number === 4 ? '二等奖' : null,
  published_on: number % 7 === 6 ? '2025-06-18' : `2026-${String(10 - (number % 3)).padStart(2, '0')}-${String(28 - (number % 20)).padStart(2, '0')}`,
  ...change,
});

export const sampleRows = (count: number, change: Partial<FakeRows> = {}): FakeRows => ({
  schools,
  cases: Array.from({ length: count }, (_, index) => sampleCase(index)),
  findings: [],
  ...change,
});
