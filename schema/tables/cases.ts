import { choice, date, defineTable, json, link, list, longText, money, photos, text, whole, yesNo } from '../fields.ts';
import { caseCategories } from '../vocabulary.ts';

/** Showcase cases (DOMAIN section 4, S01, S27). */
export const cases = defineTable({
  name: 'cases',
  label: '典型案例',
  en: 'Cases',
  note: '学校把“双减”重要动态或典型案例报基础教育股,优秀的全县推广(S01)。照片须有监护人同意。',
  icon: 'auto_awesome',
  area: '案例与通知',
  primary: 'rowId',
  key: ['title'],
  scope: 'school',
  tab: { name: '典型案例', order: 8, aliases: ['案例', '案例申报', '案例报送'] },
  display: '{{title}}',
  groups: { body: '正文', photos: '照片与同意', review: '评审与发布' },
  columns: ['title', 'school', 'category', 'state', 'published_on'],
  archive: { field: 'state', archived: '已撤回', active: '已提交' },
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, owner: 'system', indexed: true }),
    title: text({ label: '标题', en: 'Title', required: true, half: true, maxLength: 200, aliases: ['案例标题', '案例名称', '题目', '案例题目', '名称', '案例', '案例主题'] }),
    unit: text({ label: '单位', en: 'Unit', half: true, maxLength: 100, aliases: ['报送单位', '学校', '申报单位', '学校名称', '单位名称', '报送学校', '学校全称', '申报学校', '报送单位(学校)'] }),
    authors: text({ label: '作者', en: 'Authors', half: true, maxLength: 100, aliases: ['撰稿人', '撰写人', '执笔人', '作者姓名', '主要作者', '报送人', '作者(执笔人)', '撰写者'] }),
    category: choice({ label: '类别', en: 'Category', half: true, choices: caseCategories, aliases: ['案例类别', '案例类型', '类型', '分类', '所属类别', '案例分类', '申报类别'] }),
    summary: longText({ label: '摘要', en: 'Summary', group: 'body', aliases: ['内容摘要', '案例摘要', '简介', '内容简介', '案例简介', '概要', '案例概要'] }),
    background: longText({ label: '背景与问题', en: 'Background', group: 'body', aliases: ['背景', '案例背景', '问题与背景', '背景和问题', '实施背景', '背景及问题', '问题背景'] }),
    practice: longText({ label: '主要做法', en: 'What was done', group: 'body', aliases: ['做法', '具体做法', '正文', '案例正文', '做法与措施', '主要措施', '实践做法', '主要做法与措施', '举措', '主要举措', '做法措施', '案例内容'] }),
    results: longText({ label: '成效', en: 'Results', group: 'body', aliases: ['工作成效', '主要成效', '取得成效', '成效与影响', '实施成效', '取得的成效', '实施效果', '效果', '工作成果', '成果'] }),
    lessons: longText({ label: '经验与启示', en: 'Lessons', group: 'body', aliases: ['经验启示', '启示', '经验', '体会', '反思与启示', '经验和启示', '经验与反思', '经验体会', '启示与反思'] }),
    photo_names: list({ label: '照片文件名', en: 'Photo files', group: 'photos', aliases: ['照片', '图片', '佐证图片'] }),
    photo_consent: yesNo({ label: '照片监护人同意', en: 'Guardians agreed to the photos', group: 'photos', half: true }),
    name_consent: yesNo({ label: '署名同意', en: 'Agreed to be named', group: 'photos', half: true }),
    photos: photos({ label: '照片', en: 'Photos', group: 'photos', owner: 'bureau' }),
    state: choice({ label: '案例状态', en: 'State', group: 'review', half: true, owner: 'bureau', default: '已提交', choices: [
      { value: '已提交', en: 'Submitted' }, { value: '评审中', en: 'Under review' }, { value: '修改', en: 'Returned' }, { value: '通过', en: 'Passed' },
      { value: '不采用', en: 'Not adopted' }, { value: '已发布', en: 'Published' }, { value: '已撤回', en: 'Withdrawn' } ] }),
    award: choice({ label: '等次', en: 'Award', group: 'review', half: true, owner: 'bureau', choices: [
      { value: '一等奖', en: 'First' }, { value: '二等奖', en: 'Second' }, { value: '三等奖', en: 'Third' } ] }),
    score: money({ label: '评分', en: 'Score', group: 'review', half: true, owner: 'bureau', min: 0, max: 100 }),
    advice: longText({ label: '评审意见', en: 'Advice', group: 'review', owner: 'bureau' }),
    published_on: date({ label: '发布日期', en: 'Published on', group: 'review', half: true, owner: 'bureau' }),
    slug: text({ label: '网址名', en: 'Slug', group: 'review', half: true, owner: 'system', maxLength: 80 }),
    figures: json({ label: '数据支撑', en: 'Figures', group: 'review', owner: 'system', hidden: true }),
    views: whole({ label: '浏览次数', en: 'Views', group: 'review', half: true, owner: 'system', min: 0 }),
    adoptions: json({ label: '被采用', en: 'Adopted by', group: 'review', owner: 'system', hidden: true }),
  },
});
