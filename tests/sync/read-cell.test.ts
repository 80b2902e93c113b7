import { describe, expect, test } from 'vitest';
import {
  choice,
  choices,
  classNo,
  code,
  date,
  type Field,
  grade,
  grades,
  list,
  minutes,
  money,
  month,
  percent,
  phone,
  text,
  time,
  weekdays,
  whole,
  yesNo,
} from '../../schema/fields.ts';
import type { RawCell } from '../../schema/parsed.ts';
import { pickUps, serviceContents, studentGroups, waiverKinds } from '../../schema/vocabulary.ts';
import { readCell } from '../../scripts/sync/read-cell.ts';
import { readClass } from '../../scripts/sync/read-grade.ts';
import { readSpan } from '../../scripts/sync/read-time.ts';

const label = { label: '栏', en: 'column' };
const typed = (written: string): RawCell => ({ text: written, value: written });
const stored = (number: number, format?: string, shown = String(number)): RawCell => ({ text: shown, value: number, ...(format ? { format } : {}) });

/** What a cell reads as: its value, else its code, else `blank`; both where there are both. */
const read = (cell: RawCell, field: Field, date1904 = false): unknown => {
  const reading = readCell(cell, field, { date1904 });
  if (reading.value === undefined) return reading.code ?? 'blank';
  return reading.code ? [reading.value, reading.code] : reading.value;
};

const reads = (field: Field, cases: readonly (readonly [string | RawCell, unknown])[]): void => {
  for (const [cell, expected] of cases) {
    const raw = typeof cell === 'string' ? typed(cell) : cell;
    test(`“${raw.text}” reads as ${JSON.stringify(expected)}`, () => {
      expect(read(raw, field)).toEqual(expected);
    });
  }
};

describe('every kind of cell', () => {
  reads(whole(label), [
    ['—', 'blank'],
    ['-', 'blank'],
    ['/', 'blank'],
    ['／', 'blank'],
    ['　', 'blank'],
    [{ text: '#N/A', value: null, error: true }, 'formula-error'],
    ['#REF!', 'formula-error'],
    ['#DIV/0!', 'formula-error'],
    [{ text: '', value: null, formula: true, error: true }, 'formula-error/no-result'],
    ['####', 'ambiguous/width'],
  ]);
});

describe('a count', () => {
  reads(whole({ ...label, min: 0, unit: '人' }), [
    ['30', 30],
    ['３０', 30],
    ['30人', 30],
    ['1,234', 1234],
    ['五', 5],
    ['二十五人', 25],
    // Two classes are no two pupils.
    ['两个班', 'not-a-number/unit'],
    ['10节', 'not-a-number/unit'],
    ['共36人', 36],
    [stored(28), 28],
    ['约30人', [30, 'ambiguous/approximate']],
    ['30余人', [30, 'ambiguous/approximate']],
    ['100人左右', [100, 'ambiguous/approximate']],
    ['近50人', [50, 'ambiguous/approximate']],
    ['-3', [-3, 'out-of-range/negative']],
    ['30-40', 'not-a-number/range'],
    ['30/35', 'not-a-number/range'],
    ['3o', 'not-a-number'],
    ['不限', 'not-a-number'],
    ['若干', 'not-a-number'],
    ['12.5', 'not-a-number/whole'],
    ['60元', 'not-a-number/unit'],
    [stored(45_962, 'm"月"d"日"', '11月1日'), 'ambiguous/date-instead'],
    ['3万', 30_000],
    ['1.2千人', 1200],
    ['1 234', 1234],
    ['30。', 30],
    ['共计30人', 30],
    ['0.5', 'not-a-number/whole'],
    [stored(0.5), 'not-a-number/whole'],
    ['30 35', 'not-a-number/range'],
    ['30\n35', 'not-a-number/range'],
    ['30(其中女15)', 'not-a-number'],
    ['30+5', 'not-a-number'],
    ['无', 'not-a-number'],
  ]);
});

describe('a count in another unit', () => {
  reads(whole({ ...label, unit: '课时' }), [
    ['10节', 10],
    ['160课时', 160],
    ['10人', 'not-a-number/unit'],
  ]);
});

describe('money', () => {
  reads(money({ ...label, min: 0 }), [
    ['60', 60],
    ['60元', 60],
    ['￥60.00', 60],
    ['¥60', 60],
    ['60.00元', 60],
    ['60元整', 60],
    ['60元/生·月', 60],
    ['60元/月', 60],
    ['60元每月', 60],
    ['每生每月60元', 60],
    ['人民币60元', 60],
    ['６０', 60],
    ['1,200.5', 1200.5],
    ['六十元', 60],
    ['陆拾元整', 60],
    ['1.2万元', 12_000],
    ['60块', 60],
    ['免费', 0],
    ['0元', 0],
    [stored(59.99999999), 60],
    ['-60', [-60, 'out-of-range/negative']],
    ['X', 'not-a-number'],
    ['o60', 'not-a-number'],
    ['60-80元', 'not-a-number/range'],
    ['60 80', 'not-a-number/range'],
    ['1 200.50元', 1200.5],
    ['3万', 30_000],
    ['贰佰柒拾元整', 270],
    ['￥60/生/月', 60],
    ['60元×4.5月', 'not-a-number'],
    ['待定', 'not-a-number'],
    [stored(-60, '#,##0;(#,##0)', '(60)'), [-60, 'out-of-range/negative']],
    ['30人', 'not-a-number/unit'],
  ]);
});

describe('a duration', () => {
  reads(minutes({ ...label, min: 0, max: 600 }), [
    ['120', 120],
    [stored(120), 120],
    ['120分钟', 120],
    ['2小时', 120],
    ['2.5小时', 150],
    ['两小时', 120],
    ['2个小时', 120],
    ['一个半小时', 90],
    ['2小时30分', 150],
    ['半小时', 30],
    ['2h', 120],
    ['2:00', 120],
    ['120分', 120],
    ['1小时半', 90],
    ['90-120', 'not-a-number/range'],
    [stored(1 / 12, 'h:mm', '2:00'), 120],
    [stored(2), 'ambiguous/unit'],
    ['2课时', 'ambiguous/unit'],
    ['两节课', 'ambiguous/unit'],
    ['较长', 'not-a-number'],
  ]);
});

describe('a per cent', () => {
  reads(percent(label), [
    ['98.01%', 98.01],
    [stored(0.9801, '0.00%', '98.01%'), 98.01],
    [stored(98.01), 98.01],
    ['９８％', 98],
    ['98.01 %', 98.01],
    ['百分之九十八', 98],
    ['0', 0],
    ['0.5%', 0.5],
    // Nobody can tell whether it is 98 in a hundred or not even one.
    ['0.98', 'ambiguous/percent'],
    [stored(0.98), 'ambiguous/percent'],
    [stored(1), 'ambiguous/percent'],
    [stored(0.5, '0.00', '0.50'), 0.5],
    ['很高', 'not-a-number'],
  ]);
});

describe('a day', () => {
  reads(date(label), [
    ['2026-09-01', '2026-09-01'],
    ['2026/9/1', '2026-09-01'],
    ['2026.9.1', '2026-09-01'],
    ['20260901', '2026-09-01'],
    [stored(20_260_901), '2026-09-01'],
    ['2026年9月1日', '2026-09-01'],
    ['2026年9月1号', '2026-09-01'],
    ['2026 年 9 月 1 日', '2026-09-01'],
    ['２０２６年９月１日', '2026-09-01'],
    ['二〇二六年九月一日', '2026-09-01'],
    ['二○二六年九月一日', '2026-09-01'],
    ['26年9月1日', '2026-09-01'],
    ['2026、9、1', '2026-09-01'],
    ['2026/9/1 0:00', '2026-09-01'],
    ['2026-09-01T08:30:00', '2026-09-01'],
    ['2026年9月1日(周二)', '2026-09-01'],
    ['2026-9-1 星期二', '2026-09-01'],
    ['9/15/2026', '2026-09-15'],
    [stored(46_266, 'yyyy/m/d', '2026/9/1'), '2026-09-01'],
    [stored(46_266.5, 'yyyy/m/d h:mm', '2026/9/1 12:00'), '2026-09-01'],
    [stored(46_266), '2026-09-01'],
    [stored(46_266, '[$-804]yyyy"年"m"月"d"日"', '2026年9月1日'), '2026-09-01'],
    ['2026.2.30', 'not-a-date'],
    ['2026-13-05', 'not-a-date'],
    ['11月31日', 'not-a-date'],
    ['开学时', 'not-a-date'],
    ['已查', 'not-a-date'],
    ['2026年9月', 'not-a-date'],
    ['0206-09-01', 'not-a-date'],
    ['9月3日', 'ambiguous/no-year'],
    ['9/1/2026', 'ambiguous/day-or-month'],
    ['26.9.1', 'ambiguous/day-or-month'],
    ['46266', 'ambiguous/serial'],
    ['九月一日', 'ambiguous/no-year'],
    ['9.1', 'ambiguous/no-year'],
    [stored(9.1), 'ambiguous/no-year'],
    ['2026年九月一日', '2026-09-01'],
    ['2026 9 1', '2026-09-01'],
    ['2026。9。1', '2026-09-01'],
    ['2026．9．1', '2026-09-01'],
    ['2026年9月1日上午', '2026-09-01'],
    ['2026.9.1-9.5', 'not-a-date/range'],
    ['2026年9月1日至5日', 'not-a-date/range'],
    ['2026-09-01—2026-09-05', 'not-a-date/range'],
    ['9月1日-9月5日', 'not-a-date/range'],
    ['二〇二六年九月', 'not-a-date'],
    ['2026年2月29日', 'not-a-date'],
  ]);
  test('a serial date counts from 1904 where the workbook says so', () => {
    expect(read(stored(44_804, 'yyyy/m/d', '2026/9/1'), date(label), true)).toBe('2026-09-01');
  });
});

describe('a month', () => {
  reads(month(label), [
    ['2025年9月', '2025-09'],
    ['2025-10', '2025-10'],
    ['2025.12', '2025-12'],
    ['202601', '2026-01'],
    [stored(202_601), '2026-01'],
    ['2026/3', '2026-03'],
    ['2026年9月份', '2026-09'],
    ['2026-09-01', '2026-09'],
    ['二〇二六年十一月', '2026-11'],
    [stored(45_962, 'yyyy"年"m"月"', '2025年11月'), '2025-11'],
    [stored(2025.12), '2025-12'],
    [stored(2025.9), '2025-09'],
    [stored(2025.1), 'ambiguous/month-tail'],
    [stored(2025.1, '0.00', '2025.10'), '2025-10'],
    ['9月', 'ambiguous/no-year'],
    ['2026年13月', 'not-a-date/month'],
    ['上月', 'not-a-date/month'],
    ['二〇二六年九月', '2026-09'],
    ['九月', 'ambiguous/no-year'],
    ['2026年9月-10月', 'not-a-date/month'],
    ['2026年9月1日-30日', 'not-a-date/month'],
  ]);
});

describe('a time of day', () => {
  reads(time(label), [
    ['16:30', '16:30'],
    ['16：30', '16:30'],
    ['16.30', '16:30'],
    ['16:30:00', '16:30'],
    ['16点30分', '16:30'],
    ['16点20分', '16:20'],
    ['18点半', '18:30'],
    ['16时30分', '16:30'],
    ['16点', '16:00'],
    ['1630', '16:30'],
    ['下午4点半', '16:30'],
    ['下午4:30', '16:30'],
    ['4:30PM', '16:30'],
    ['PM 4:30', '16:30'],
    ['四点半', '16:30'],
    ['下午四点三十分', '16:30'],
    ['十六点半', '16:30'],
    ['上午8:10', '08:10'],
    ['4点一刻', '16:15'],
    [stored(0.6875), '16:30'],
    [stored(0.6875, 'h:mm', '16:30'), '16:30'],
    [stored(0.770_833_333, '0.0000', '0.7708'), '18:30'],
    [stored(46_266.6875, 'yyyy/m/d h:mm', '2026/9/1 16:30'), '16:30'],
    [stored(1630), '16:30'],
    ['25:30', 'not-a-time'],
    ['16:75', 'not-a-time'],
    ['16:5', 'not-a-time'],
    ['放学后', 'not-a-time'],
    ['未签', 'not-a-time'],
    ['4:30', 'ambiguous/clock'],
    [stored(16.3), 'ambiguous/clock'],
    [stored(16.3, '0.00', '16.30'), '16:30'],
  ]);
});

describe('a span of time', () => {
  const span = (written: string): unknown => {
    const { start, end, days } = readSpan(typed(written));
    return [start.value ?? start.code, end.value ?? end.code, ...(days ? [days] : [])];
  };
  for (const [written, expected] of [
    ['16:30-18:30', ['16:30', '18:30']],
    ['16:30—18:30', ['16:30', '18:30']],
    ['１６：３０－１８：３０', ['16:30', '18:30']],
    ['16:30至18:30', ['16:30', '18:30']],
    ['16：30 ～ 18：30', ['16:30', '18:30']],
    ['16.30-18.30', ['16:30', '18:30']],
    ['1630-1830', ['16:30', '18:30']],
    ['16点半到18点半', ['16:30', '18:30']],
    ['下午4点半到6点半', ['16:30', '18:30']],
    ['下午4:30-6:30', ['16:30', '18:30']],
    ['16-18点', ['16:00', '18:00']],
    ['周一至周五 16:30-18:30', ['16:30', '18:30', [1, 2, 3, 4, 5]]],
    ['每周三16:30-18:30', ['16:30', '18:30', [3]]],
    ['16:30', ['ambiguous/half-range', undefined]],
    ['放学后', ['not-a-time', undefined]],
    ['16:30-17:30,17:40-18:40', ['ambiguous/several-times', undefined]],
    ['4:30-6:30', ['ambiguous/clock', 'ambiguous/clock']],
    ['16:30-18:30 周一至周五', ['16:30', '18:30', [1, 2, 3, 4, 5]]],
    ['16:30-18:30(周一、周三)', ['16:30', '18:30', [1, 3]]],
    ['16:30至18:30止', ['16:30', '18:30']],
    ['8:00-9:30;15:00', ['ambiguous/several-times', undefined]],
    ['夏16:30-18:30冬16:00-18:00', ['ambiguous/several-times', undefined]],
    ['第1节16:30-17:10', ['not-a-time', undefined]],
    ['16:30起', ['ambiguous/half-range', undefined]],
  ] as const)
    test(`“${written}” reads as ${JSON.stringify(expected)}`, () => {
      expect(span(written)).toEqual(expected);
    });
});

describe('days of the week', () => {
  reads(weekdays(label), [
    ['周一至周五', [1, 2, 3, 4, 5]],
    ['周一到周五', [1, 2, 3, 4, 5]],
    ['周一~周五', [1, 2, 3, 4, 5]],
    ['星期一至五', [1, 2, 3, 4, 5]],
    ['一至五', [1, 2, 3, 4, 5]],
    ['1-5', [1, 2, 3, 4, 5]],
    [' 周一 至 周五 ', [1, 2, 3, 4, 5]],
    ['每天', [1, 2, 3, 4, 5]],
    ['工作日', [1, 2, 3, 4, 5]],
    ['五天', [1, 2, 3, 4, 5]],
    ['一、三、五', [1, 3, 5]],
    ['一三五', [1, 3, 5]],
    ['周一三五', [1, 3, 5]],
    ['周一周三周五', [1, 3, 5]],
    ['星期一、三', [1, 3]],
    ['周二，周四', [2, 4]],
    ['1,2,4', [1, 2, 4]],
    ['2、4', [2, 4]],
    ['１、３', [1, 3]],
    ['135', [1, 3, 5]],
    [stored(12_345), [1, 2, 3, 4, 5]],
    [stored(5), [5]],
    ['礼拜四', [4]],
    ['每周二和周四', [2, 4]],
    ['3-5', [3, 4, 5]],
    ['周一/周三', [1, 3]],
    ['周六', [6]],
    ['周末', [6, 7]],
    ['星期天', [7]],
    ['五、一', [1, 5]],
    ['周八', 'not-in-choices/weekday'],
    ['看情况', 'not-in-choices/weekday'],
    ['五至一', 'not-in-choices/weekday'],
    ['周一至周五(周三除外)', [1, 2, 4, 5]],
    ['周一、三、五', [1, 3, 5]],
    ['週一、週三', [1, 3]],
    ['周一\n周三', [1, 3]],
    ['星期一至星期五下午', [1, 2, 3, 4, 5]],
    ['周一至周五(法定节假日除外)', [1, 2, 3, 4, 5]],
    ['单双周', 'ambiguous/alternate-weeks'],
    ['周一(单周)', 'ambiguous/alternate-weeks'],
    ['隔周周三', 'ambiguous/alternate-weeks'],
    ['3天', 'ambiguous/days'],
    ['15', 'ambiguous/days'],
    [stored(46_027, 'm"月"d"日"', '1月5日'), 'ambiguous/date-instead'],
  ]);
});

describe('a grade', () => {
  reads(grade(label), [
    ['一年级', 1],
    ['1', 1],
    ['二', 2],
    ['６', 6],
    [stored(3), 3],
    ['3年级', 3],
    ['七年级', 7],
    ['初一', 7],
    ['初三年级', 9],
    ['小学三年级', 3],
    ['三年', 3],
    ['三年纪', 'not-in-choices/grade'],
    ['高一', 'not-in-choices/grade'],
    ['大班', 'not-in-choices/grade'],
    ['0', 'not-in-choices/grade'],
    ['一、二年级', 'ambiguous/several'],
  ]);
});

describe('several grades', () => {
  reads(grades(label), [
    ['一至三年级', [1, 2, 3]],
    ['1-2年级', [1, 2]],
    ['五、六年级', [5, 6]],
    ['3-6年级', [3, 4, 5, 6]],
    ['四年级', [4]],
    ['4', [4]],
    ['一年级至三年级', [1, 2, 3]],
    ['一、三、五年级', [1, 3, 5]],
    ['初一、初二', [7, 8]],
    ['初一、二', [7, 8]],
    ['七-九年级', [7, 8, 9]],
    ['三四年级', [3, 4]],
    ['小学部', [1, 2, 3, 4, 5, 6]],
    ['初中部', [7, 8, 9]],
    ['小学部/初中部', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['小学、初中', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['三年级及以上', 'ambiguous/grades'],
    ['三年级以上', 'ambiguous/grades'],
    ['一至二年级、五年级', [1, 2, 5]],
    ['全校', 'ambiguous/grades'],
    ['低年级', 'ambiguous/grades'],
    ['六至四年级', 'not-in-choices/grade'],
    ['成人', 'not-in-choices/grade'],
  ]);
});

describe('a class', () => {
  const klass = (written: string | RawCell): unknown => {
    const { grade: of, klass: reading } = readClass(typeof written === 'string' ? typed(written) : written);
    return [of, reading.value ?? reading.code];
  };
  for (const [written, expected] of [
    ['三(1)班', [3, 1]],
    ['三（2）班', [3, 2]],
    ['三年级3班', [3, 3]],
    ['五年级（1）班', [5, 1]],
    ['四(二)班', [4, 2]],
    ['402', [4, 2]],
    ['４０３', [4, 3]],
    ['6.2班', [6, 2]],
    ['初一3班', [7, 3]],
    ['初一(3)班', [7, 3]],
    ['七(2)班', [7, 2]],
    ['3年级2班', [3, 2]],
    ['三1班', [3, 1]],
    ['三一班', [3, 1]],
    ['3-2', [3, 2]],
    ['七年级十二班', [7, 12]],
    ['五(10)班', [5, 10]],
    ['1班', [null, 1]],
    ['（1）班', [null, 1]],
    ['4 班', [null, 4]],
    ['01班', [null, 1]],
    ['十一班', [null, 11]],
    ['2023级1班', [null, 1]],
    ['三〔2〕班', [3, 2]],
    ['启航班', [null, '启航班']],
    ['三(2)班(走读)', [3, 2]],
    ['初一.3班', [7, 3]],
    ['小三1班', [3, 1]],
    ['五一', [5, 1]],
    ['三⑴班', [3, 1]],
    ['第二班', [null, 2]],
    ['一(3)', [1, 3]],
    ['1.3', [1, 3]],
    ['103班', [1, 3]],
    ['一年3班', [1, 3]],
    ['二⑵班', [2, 2]],
    ['三（ 2 ）班', [3, 2]],
    ['九(10)', [9, 10]],
    ['1 2', [null, 'ambiguous']],
    ['21班', [null, 'ambiguous']],
    ['4O3', [null, 'ambiguous/look-alike']],
  ] as const)
    test(`“${written}” reads as grade and class ${JSON.stringify(expected)}`, () => {
      expect(klass(written)).toEqual(expected);
    });
  test('a class that the spreadsheet took for a date is asked about', () => {
    expect(klass(stored(46_083, 'm"月"d"日"', '3月2日'))).toEqual([null, 'ambiguous/date-instead']);
  });
  reads(classNo(label), [
    [stored(402), 2],
    [stored(6.2), 2],
    ['000', 'not-in-choices'],
  ]);
});

describe('a telephone number', () => {
  reads(phone(label), [
    ['13800001234', '13800001234'],
    [stored(13_800_001_234), '13800001234'],
    [stored(13_800_001_234, '0.00E+00', '1.38E+10'), '13800001234'],
    ['138-0000-1234', '13800001234'],
    ['138 0000 1234', '13800001234'],
    ['+86 13800001234', '13800001234'],
    ['008613800001234', '13800001234'],
    ['１３８００００１２３４', '13800001234'],
    ['13800001234(妈妈)', '13800001234'],
    ['爸爸13800001234', '13800001234'],
    ['0396-1234567', '0396-1234567'],
    ['(0396)1234567', '0396-1234567'],
    ['03961234567', '0396-1234567'],
    ['1.38E+10', 'phone-invalid/lost-digits'],
    ['138000012', 'phone-invalid'],
    ['138000000123', 'phone-invalid'],
    ['1380000', 'phone-invalid'],
    ['无', 'phone-invalid'],
    ['1380000o234', 'phone-invalid'],
    ['23800001234', 'phone-invalid'],
    ['13800001179/13800009490', 'ambiguous/several-phones'],
    ['13800001179 13800009490', 'ambiguous/several-phones'],
    ['13800001179(父)13800009490(母)', 'ambiguous/several-phones'],
    ['13800001234.0', '13800001234'],
    ['13800001234/妈妈', '13800001234'],
    ['13800001234、爸爸', '13800001234'],
    ['0396-8021234-801', '0396-8021234-801'],
    ['0396-8021234转801', '0396-8021234-801'],
    ['13800001234、0396-8021234', 'ambiguous/several-phones'],
    ['13800001234转8001', 'phone-invalid'],
    [stored(13_800_000_000, '0.00E+00', '1.38E+10'), 'phone-invalid/lost-digits'],
    [stored(13_800_000_000), 'phone-invalid/lost-digits'],
  ]);
});

describe('text', () => {
  reads(text({ label: '姓名', en: 'Name', maxLength: 10 }), [
    ['　卢宁怡 ', '卢宁怡'],
    ['阿依古丽·买买提', '阿依古丽·买买提'],
    ['李𬭎', '李𬭎'],
    ['王㛃', '王㛃'],
    ['傅　子杰', '傅　子杰'],
    ['张 三', '张 三'],
    ['㛃㛃', '㛃㛃'],
    ['𠮷野𠮷', '𠮷野𠮷'],
    ['䶮', '䶮'],
    ['Zhang San', 'Zhang San'],
    ['王□', 'ambiguous/lost-character'],
    ['许?', 'ambiguous/lost-character'],
    ['许�', 'ambiguous/lost-character'],
    ['一二三四五六七八九十百', ['一二三四五六七八九十百', 'out-of-range/too-long']],
  ]);
  reads(text(label), [
    ['Ｃ＋＋入门', 'Ｃ＋＋入门'],
    ['=让每个孩子都发光=', '=让每个孩子都发光='],
    ['@家长', '@家长'],
    ['为什么?', '为什么?'],
    [stored(2026), '2026'],
  ]);
});

describe('an identifier', () => {
  reads(code(label), [
    ['20164103236049890', '20164103236049890'],
    [stored(2_141_990_008), '2141990008'],
    [stored(1234, '00000000', '00001234'), '00001234'],
    ['No.8800100', 'No.8800100'],
    [stored(20_164_100_721_000_400, '0', '20164100721000400'), 'ambiguous/lost-digits'],
    [stored(4.1e19, '0.00E+00', '4.10E+19'), 'ambiguous/lost-digits'],
    ['4.10E+19', 'ambiguous/lost-digits'],
  ]);
});

describe('choices', () => {
  reads(choice({ ...label, choices: pickUps }), [
    ['家长接送', '家长接'],
    ['自己回家', '自行离校'],
    ['家长接', '家长接'],
    [' 校 车 ', '校车'],
    ['步行', 'not-in-choices'],
    ['无', 'blank'],
  ]);
  reads(choice({ ...label, choices: waiverKinds }), [
    ['建档立卡', '脱贫户'],
    ['脱贫不稳定(监测户)', '脱贫不稳定'],
    ['脱贫不稳定（监测户）', '脱贫不稳定'],
    ['教职工子女', 'not-in-choices'],
    ['低保', 'not-in-choices'],
  ]);
  reads(choices({ ...label, choices: studentGroups }), [
    ['留守儿童、家庭经济困难', ['留守', '困难']],
    ['随迁', ['随迁']],
    ['留守;留守儿童', ['留守']],
    ['艺术特长生', 'not-in-choices'],
    ['留守、特长', 'not-in-choices'],
  ]);
  reads(choices({ ...label, choices: serviceContents }), [
    ['作业辅导，文艺，体育', ['作业辅导', '文艺', '体育']],
    ['学困生辅导答疑', ['学困生辅导答疑']],
  ]);
  reads(list(label), [
    ['阅读，象棋', ['阅读', '象棋']],
    ['书法\n绘画', ['书法', '绘画']],
    ['舞蹈/足球', ['舞蹈', '足球']],
    ['合唱；足球', ['合唱', '足球']],
    ['书法 篮球', ['书法', '篮球']],
    ['书法、书法', ['书法']],
    ['无', 'blank'],
  ]);
  reads(yesNo(label), [
    ['是', true],
    ['有', true],
    ['√', true],
    ['Y', true],
    ['✓', true],
    ['否', false],
    ['无', false],
    ['×', false],
    ['未公示', false],
    ['是(见附件)', true],
    ['正常开展', true],
    ['无(拟下月公示)', false],
    ['(见附件)', 'not-in-choices/yes-no'],
    [{ text: 'TRUE', value: true }, true],
    ['不清楚', 'not-in-choices/yes-no'],
  ]);
});
