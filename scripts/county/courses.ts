/** The courses that schools of the sample county offer. `grades` says for whom; 1 to 6 primary, 7 to 9 junior. */
export interface Course {
  readonly name: string;
  readonly category: string;
  readonly grades: readonly number[];
  readonly place: string;
  /** Can be bought in from a provider of this category. */
  readonly provider?: '科技' | '文化艺术' | '体育';
}

const lower = [1, 2];
const middle = [3, 4];
const upper = [5, 6];
const primary = [3, 4, 5, 6];
const all = [1, 2, 3, 4, 5, 6];
const junior = [7, 8];
const every = [7, 8, 9];

export const courses: readonly Course[] = [
  { name: '跳绳', category: '体育', grades: all, place: '操场东侧' },
  { name: '少儿篮球', category: '体育', grades: primary, place: '篮球场', provider: '体育' },
  { name: '校园足球', category: '体育', grades: primary, place: '操场', provider: '体育' },
  { name: '武术基本功', category: '体育', grades: primary, place: '操场西侧', provider: '体育' },
  { name: '绘本阅读', category: '阅读', grades: lower, place: '图书室' },
  { name: '整本书共读', category: '阅读', grades: upper, place: '图书室' },
  { name: '软笔书法', category: '文艺', grades: primary, place: '书法教室', provider: '文化艺术' },
  { name: '儿童画', category: '文艺', grades: lower, place: '美术教室' },
  { name: '合唱', category: '文艺', grades: middle, place: '音乐教室', provider: '文化艺术' },
  { name: '豫剧入门', category: '文艺', grades: upper, place: '音乐教室' },
  { name: '剪纸', category: '兴趣小组', grades: middle, place: '劳动教室' },
  { name: '围棋', category: '兴趣小组', grades: all, place: '棋类教室' },
  { name: '小小种植园', category: '劳动', grades: middle, place: '校园种植角' },
  { name: '面点制作', category: '劳动', grades: upper, place: '劳动教室' },
  { name: '趣味科学实验', category: '科普', grades: primary, place: '科学教室' },
  { name: '编程启蒙', category: '科普', grades: upper, place: '微机室', provider: '科技' },
  { name: '气象观测', category: '科普', grades: upper, place: '校园气象角' },
  { name: '校园广播站', category: '社团', grades: upper, place: '广播室' },
  { name: '经典影视欣赏', category: '影视欣赏', grades: all, place: '多媒体教室' },
  { name: '男子篮球社', category: '体育', grades: every, place: '篮球场' },
  { name: '田径队', category: '体育', grades: every, place: '田径场' },
  { name: '乒乓球社', category: '体育', grades: every, place: '乒乓球室' },
  { name: '文学社', category: '社团', grades: every, place: '阅览室' },
  { name: '辩论社', category: '社团', grades: junior, place: '录播教室' },
  { name: '合唱团', category: '文艺', grades: junior, place: '音乐教室', provider: '文化艺术' },
  { name: '素描', category: '文艺', grades: every, place: '美术教室', provider: '文化艺术' },
  { name: '机器人社', category: '科普', grades: junior, place: '通用技术室', provider: '科技' },
  { name: '科技创新小组', category: '科普', grades: every, place: '物理实验室' },
  { name: '校园修理铺', category: '劳动', grades: every, place: '劳动工坊' },
  { name: '数学拓展', category: '学有余力拓展', grades: junior, place: '教学楼三楼' },
];
