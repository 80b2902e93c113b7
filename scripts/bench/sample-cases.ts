/**
 * Cases to measure with: invented, from a seed, about as long as schools write them, no two alike.
 */

const words =
  '课后服务 社团 作业辅导 接送 交接 考勤 志愿者 剪纸 篮球 合唱 阅读 书法 科学实验 劳动 农时 年级组 班主任 工作小组 制度 意见征求 满意度 参加率 减轻负担 评价 反思 集体备课 课堂 家访 留守儿童 食堂 手机管理 睡眠 体质 心理辅导 非遗 戏曲 足球 乒乓球 编程 航模 图书馆 操场 门卫 巡查 值班轮换 培训 退休教师 社区 共建 展示 数据 改进 推广 因地制宜 循序渐进 分层 弹性离校 路队 签到 公示 监督电话 反馈'.split(
    ' ',
  );

const categories = ['课后服务', '作业减负', '考试管理', '其他管理', '课堂提质', '家校社联动'];

/** A stream of numbers from 0 to 1, the same for the same seed. */
const draw = (seed: number): (() => number) => {
  let state = seed % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
};

const sentence = (next: () => number): string =>
  `${Array.from({ length: 6 + Math.floor(next() * 8) }, () => words[Math.floor(next() * words.length)]).join('、')}${Math.floor(next() * 900)}人次。`;

/** Text of about so many characters, in paragraphs. */
const prose = (next: () => number, length: number): string => {
  let text = '';
  while (text.length < length) text += `${sentence(next)}${sentence(next)}${sentence(next)}\n`;
  return text;
};

/** Published cases over four years, 3,000 characters each. */
export const sampleCases = (count: number, schools: readonly string[]) =>
  Array.from({ length: count }, (_, number) => {
    const next = draw(number + 1);
    return {
      id: `B${String(number).padStart(11, '0')}`,
      school: schools[number % schools.length] as string,
      title: `${words[number % words.length]}这样做:第${number + 1}个案例`,
      category: categories[number % categories.length] as string,
      summary: prose(next, 150),
      background: prose(next, 500),
      practice: prose(next, 1500),
      results: prose(next, 500),
      lessons: prose(next, 350),
      name_consent: true,
      state: '已发布',
      published_on: `${2023 + (number % 4)}-0${1 + (number % 9)}-1${number % 10}`,
    };
  });
