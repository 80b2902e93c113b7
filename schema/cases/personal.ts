/**
 * Finds personal data in what a school wrote (P1, P7, P8): a public page must carry none. Pure.
 * Never gives back a number or a whole name: messages, logs and screens must not spread what they warn of.
 */
import { plain } from './parts.ts';

const mobilePhone = /(?<![\d.])1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)/;
const identityNumber = /(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])|(?<!\d)\d{17}[\dXx](?!\d)/;
const bankCard = /(?<!\d)62\d{14,17}(?!\d)/;
const mail = /[\w.+-]+@[\w-]+\.[\w.]+/;
const account = /(?:QQ|微信|vx)号?[::]?\s*[A-Za-z0-9_-]{5,}/i;

const kinds: readonly (readonly [string, RegExp])[] = [
  ['手机号', mobilePhone],
  ['身份证号', identityNumber],
  ['银行卡号', bankCard],
  ['邮箱', mail],
  ['QQ或微信号', account],
];

/** Kinds of personal numbers in a text: `['手机号']`. Full-width digits and hidden characters in between do not hide them. */
export const personalNumbers = (text: string): string[] => {
  const seen = plain(text);
  return kinds.filter(([, pattern]) => pattern.test(seen)).map(([kind]) => kind);
};

/** The surnames of more than nine in ten people, and the common double ones. */
const surnames =
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲游阳裴席卫查屈鲍位覃霍翁隋植甘景薄司柏宁柯阮桂闵解柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫苟褚廉简娄符奚木穆党燕郎邸冀姬屠郜晏栾郁蒙喻揭窦迟宇敖糜鄢冷卓花仇艾蓝稽井练仲虞卞封竺冼衣楚佟栗匡台巫鞠僧桑荆谌银扬沙伏岑习胥蔺';
const doubleSurnames = ['欧阳', '上官', '司马', '诸葛', '司徒', '夏侯', '皇甫', '尉迟', '公孙', '慕容', '令狐', '东方'];

/** Characters that carry grammar, not names. */
const grammar = /[的了都是在有也就还不被由将这那哪某让把给请为每各名位个们和与对向跟]/;
/** Whole words that begin like a surname and are none. */
const noNames =
  /^(?:高[年中段一二三]|高兴|许多|任[何课教]|全[体校部班年]|何[人时种]|安[排静全]|方[便面]|成[为绩长]|常[常见]|明[白显天]|时[候间常]|应[届该]|解[决答]|关[心注爱怀]|管理|强调|计[划算]|保[护证]|连同|连续|谈[到起]|包[括含]|单亲|留守|相关|来[自到]|向[全上]|明确|和|都|应|毕业|尤其|古老|任意|温[馨暖]|欢|祝[贺愿]|从|万名|程度|广大|部分|焦|花[费时]|秦汉|白天|平[时常]|童年|乐于|乐意|金牌|顾|康复|温和|艾|冷静)/;

const nameShape = `(?:(?:${doubleSurnames.join('|')})[\\u4e00-\\u9fff]{1,2}|[${surnames}][\\u4e00-\\u9fff]{1,2})`;
/** A name stands at the beginning, or behind something that ends a word. */
const before = '(?<=^|[^\\u4e00-\\u9fff]|学生|同学|的|如|有|让|叫|和|与|对|像|给|向|跟|是|被|请|班|级|年)';
/** Without one of these the search below finds nothing, and takes long to do so. */
const calledSo = /同学|小朋友|小同学|这名学生|这位学生/;
const named = new RegExp(`${before}(${nameShape})(?=同学(?!们|之间|间|会|校|年)|小朋友|小同学|这名学生|这位学生)`, 'gu');
const studentNamed = new RegExp(`(?:学生|同学|学员|孩子)(${nameShape})(?=[,、。;:说在从把的是因由父母家参获(]|原本|原来|以前|一开始|$)`, 'gu');

const given = (name: string): string => (doubleSurnames.includes(name.slice(0, 2)) ? name.slice(2) : name.slice(1));
const masked = (name: string): string => name.slice(0, name.length - given(name).length) + '×'.repeat(given(name).length);
const isName = (name: string): boolean => !noNames.test(name) && !grammar.test(given(name)) && !/(?:年级|班|组|队|学|生)$/.test(name);

/** Likely names of students, masked: `['张××']`. What a program can see by words alone: some are missed, some are none. */
export const studentNames = (text: string): string[] => {
  const seen = plain(text);
  const found = [...(calledSo.test(seen) ? seen.matchAll(named) : []), ...seen.matchAll(studentNamed)].map((match) => match[1] ?? '').filter(isName);
  return [...new Set(found)].map(masked);
};
