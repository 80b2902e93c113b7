import { expect, test } from 'vitest';
import { type LetterFacts, letterKinds, letterText, missingFor } from '../../scripts/supervision/letter-words.ts';

const facts: LetterFacts = {
  kind: '整改',
  school: '柳林镇中心小学(示例)',
  bureau: '汝南县教育局(示例)',
  office: '基础教育股',
  inspectedOn: '2026-11-04',
  methods: ['走访课堂', '查阅资料'],
  accuracy: 92.5,
  strengths: null,
  faults: '考勤表缺 3 天\n收费公示没有文号;',
  demand: '补齐考勤记录\n重新公示收费依据',
  deadline: '2026-11-20',
  talkAt: null,
  talkPlace: null,
  copyTo: null,
  day: '2026-11-05',
  complaints: 0,
};
const wholeText = (more: Partial<LetterFacts>): string => {
  const text = letterText({ ...facts, ...more });
  return [
    text.title.join(''),
    text.to,
    ...text.body.map((one) => one.text),
    text.signer,
    text.date,
    text.copyTo,
    text.printed.by,
    text.printed.on,
  ].join('\n');
};

test('a letter has title, addressee, body, signature and imprint, with the marks of print', () => {
  expect(wholeText({ copyTo: '县政府教育督导办公室' })).toBe(`关于责成柳林镇中心小学（示例）限期整改课后服务问题的通知
柳林镇中心小学（示例）：
根据《县中小学课后服务工作实施方案》关于定期与不定期检查的要求，我局于2026年11月4日对柳林镇中心小学（示例）课后服务工作进行了督导，采用走访课堂、查阅资料的方式。核实数与上报数相比，准确率为 92.5%。现将有关情况和要求通知如下。
一、存在的问题
1.考勤表缺 3 天。
2.收费公示没有文号。
二、整改要求
1.补齐考勤记录。
2.重新公示收费依据。
三、时限和报告
请柳林镇中心小学（示例）于2026年11月20日前完成整改，并把整改报告报我局。我局将按期复查；逾期未改的，按规定处理。
汝南县教育局（示例）
2026年11月5日
抄送：县政府教育督导办公室。
汝南县教育局（示例）基础教育股
2026年11月5日印发`);
});

test('a circular goes to all schools and cites what it rests on; a talk names its time and place', () => {
  expect(letterText({ ...facts, kind: '通报' }).to).toBe('各乡镇中心学校，县直各学校：');
  expect(wholeText({ kind: '通报' })).toContain('《教育督导问责办法》');
  expect(wholeText({ kind: '约谈', talkAt: '2026年11月9日15:00', talkPlace: '局三楼会议室' })).toContain(
    '于2026年11月9日15:00到局三楼会议室参加约谈',
  );
  expect(wholeText({ kind: '提醒', complaints: 2 })).toContain('结合收到的 2 件投诉举报');
});

test('what is missing is named, nothing is made up', () => {
  expect(missingFor({ ...facts, inspectedOn: null, faults: ' ', demand: null })).toEqual(['日期', '问题', '整改要求']);
  expect(missingFor({ ...facts, kind: '约谈' })).toEqual(['约谈时间', '约谈地点']);
  for (const kind of letterKinds) expect(missingFor({ ...facts, kind, talkAt: '…', talkPlace: '…' })).toEqual([]);
});
