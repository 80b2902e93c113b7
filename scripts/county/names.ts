/**
 * Invented names: children, staff, townships, schools, providers. None is meant to be anybody's.
 * Telephone numbers are all 1380000xxxx.
 */
import type { Chance } from './random.ts';

const surnames: readonly (readonly [string, number])[] = [
  ['王', 70],
  ['李', 70],
  ['张', 68],
  ['刘', 52],
  ['陈', 40],
  ['杨', 34],
  ['赵', 30],
  ['黄', 18],
  ['周', 22],
  ['吴', 20],
  ['徐', 18],
  ['孙', 20],
  ['胡', 16],
  ['朱', 16],
  ['高', 16],
  ['林', 8],
  ['何', 12],
  ['郭', 22],
  ['马', 22],
  ['罗', 8],
  ['梁', 10],
  ['宋', 16],
  ['郑', 12],
  ['谢', 8],
  ['韩', 12],
  ['唐', 8],
  ['冯', 10],
  ['于', 8],
  ['董', 10],
  ['萧', 2],
  ['程', 8],
  ['曹', 10],
  ['袁', 8],
  ['邓', 6],
  ['许', 8],
  ['傅', 3],
  ['沈', 4],
  ['曾', 3],
  ['彭', 6],
  ['吕', 8],
  ['苏', 6],
  ['卢', 5],
  ['蒋', 5],
  ['蔡', 5],
  ['贾', 7],
  ['丁', 6],
  ['魏', 8],
  ['薛', 5],
  ['叶', 4],
  ['阎', 4],
  ['余', 5],
  ['潘', 5],
  ['杜', 6],
  ['戴', 3],
  ['夏', 5],
  ['钟', 3],
  ['汪', 4],
  ['田', 7],
  ['任', 6],
  ['姜', 5],
  ['范', 6],
  ['方', 4],
  ['石', 5],
  ['姚', 5],
  ['谭', 3],
  ['廖', 2],
  ['邹', 2],
  ['熊', 3],
  ['金', 3],
  ['陆', 3],
  ['郝', 4],
  ['孔', 3],
  ['白', 3],
  ['崔', 5],
  ['康', 3],
  ['毛', 2],
  ['邱', 2],
  ['秦', 4],
  ['江', 2],
  ['史', 4],
  ['顾', 2],
  ['侯', 5],
  ['邵', 3],
  ['孟', 5],
  ['龙', 2],
  ['万', 3],
  ['段', 4],
  ['雷', 3],
  ['钱', 2],
  ['汤', 2],
  ['尹', 3],
  ['黎', 1],
  ['易', 1],
  ['常', 4],
  ['武', 3],
  ['乔', 3],
  ['禹', 2],
  ['暴', 1],
  ['逯', 1],
  ['亓', 1],
  ['璩', 1],
  ['郏', 1],
  ['欧阳', 2],
  ['诸葛', 1],
  ['上官', 1],
  ['司马', 1],
  ['皇甫', 1],
  ['夏侯', 1],
  ['慕容', 1],
  ['尉迟', 1],
  ['令狐', 1],
];

const girlWords = [
  '雨',
  '欣',
  '怡',
  '梦',
  '雅',
  '静',
  '婷',
  '琪',
  '萱',
  '涵',
  '诗',
  '佳',
  '思',
  '语',
  '晨',
  '悦',
  '可',
  '馨',
  '妍',
  '若',
  '芷',
  '依',
  '彤',
  '桐',
  '瑶',
  '婧',
  '淑',
  '兰',
  '春',
  '秋',
  '月',
  '晓',
  '冰',
  '洁',
  '莹',
  '珊',
  '柠',
  '禾',
  '穗',
  '娅',
];
const boyWords = [
  '浩',
  '宇',
  '轩',
  '博',
  '文',
  '子',
  '明',
  '俊',
  '杰',
  '泽',
  '睿',
  '鹏',
  '飞',
  '志',
  '强',
  '家',
  '豪',
  '天',
  '佑',
  '一',
  '鸣',
  '嘉',
  '航',
  '硕',
  '恒',
  '毅',
  '森',
  '凯',
  '磊',
  '政',
  '建',
  '国',
  '昊',
  '然',
  '梓',
  '奕',
  '辰',
  '铭',
  '成',
  '耀',
];
/** Rare characters as they stand in real registers: four are outside the common fonts, one outside the BMP. */
const rareWords = ['𬭎', '㛃', '䶮', '翀', '彧', '昀', '喆', '堃', '犇', '芃', '玥', '珺', '翾', '瑾', '旸', '頔', '煜', '垚', '淼', '祎'];
const dottedNames = ['阿依努尔·买买提', '古丽娜·艾力', '卓玛·央金', '迪丽·热合曼', '巴特尔·乌兰'];

/** A given name of one or two characters; one child in forty has a rare one. */
const givenName = (chance: Chance, girl: boolean): string => {
  const own = girl ? girlWords : boyWords;
  if (chance.happens(0.025)) return chance.happens(0.5) ? chance.pick(rareWords) : chance.pick(own) + chance.pick(rareWords);
  return chance.happens(0.16) ? chance.pick(own) : chance.pick(own) + chance.pick(own);
};

export const childName = (chance: Chance, girl: boolean): string =>
  chance.happens(0.002) ? chance.pick(dottedNames) : chance.weighted(surnames) + givenName(chance, girl);

const adultWords = [
  '建',
  '国',
  '军',
  '伟',
  '强',
  '海',
  '涛',
  '志',
  '永',
  '红',
  '梅',
  '兰',
  '秀',
  '英',
  '玉',
  '华',
  '丽',
  '娟',
  '芳',
  '敏',
  '燕',
  '霞',
  '艳',
  '春',
  '平',
  '刚',
  '勇',
  '斌',
  '辉',
  '学',
  '文',
  '明',
  '新',
  '民',
  '桂',
  '香',
  '振',
  '保',
  '全',
  '俊',
];

/** The name of an adult; a parent keeps the family's surname where `surname` is given. */
export const adultName = (chance: Chance, surname?: string): string =>
  (surname ?? chance.weighted(surnames)) + chance.pick(adultWords) + (chance.happens(0.75) ? chance.pick(adultWords) : '');

/** The surname of a name of ours. */
export const surnameOf = (name: string): string | undefined =>
  name.includes('·')
    ? undefined
    : surnames
        .map(([surname]) => surname)
        .filter((surname) => name.startsWith(surname))
        .sort((a, b) => b.length - a.length)[0];

/** 1380000xxxx. */
export const phoneOf = (number: number): string => `1380000${String(((number % 10000) + 10000) % 10000).padStart(4, '0')}`;

/** Six towns and fifteen townships, invented; the first is the county town. */
export const townships = [
  '城关学区',
  '清河镇',
  '柳林镇',
  '古槐镇',
  '白鹭镇',
  '南岗镇',
  '双桥乡',
  '石佛乡',
  '东堤乡',
  '金塘乡',
  '望湖乡',
  '青杨乡',
  '罗湾乡',
  '草寺乡',
  '西陵乡',
  '梨园乡',
  '三官乡',
  '高台乡',
  '渡口乡',
  '杏山乡',
  '马坡乡',
] as const;

const villages = [
  '张庄',
  '李湾',
  '王楼',
  '大陈',
  '后刘',
  '桃树园',
  '小河沿',
  '余集',
  '孟寨',
  '韩桥',
  '黄岗',
  '杨埠',
  '冯屯',
  '宋营',
  '郭店',
  '曹庙',
  '田圩',
  '沈洼',
  '阎岗',
  '新集',
  '老关',
  '北徐',
  '赵坟台',
  '井楼',
  '牌坊',
];

export interface Named {
  readonly name: string;
  /** Without the place and (示例), for prose. */
  readonly short: string;
}

/** Deals school names without repeating one. */
export const schoolNamer = (chance: Chance) => {
  const used = new Set<string>();
  const numerals = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
  const candidates = (type: string, township: string): string[] => {
    const town = township === '城关学区' ? '城关' : township;
    if (type === '教学点') return villages.map((village) => `${town === '城关' ? '城关镇' : town}${village}教学点`);
    if (type === '小学')
      return town === '城关'
        ? [...numerals.map((word) => `城关第${word}小学`), '城关实验小学', '城关师范附属小学']
        : [`${town}中心小学`, ...villages.map((village) => `${town}${village}小学`)];
    if (type === '初中')
      return town === '城关' ? numerals.slice(0, 6).map((word) => `城关第${word}初级中学`) : [`${town}初级中学`, `${town}第二初级中学`];
    if (type === '九年一贯制') return [`${town}九年一贯制学校`, `${town}育英学校`, `${town}希望学校`];
    if (type === '特殊教育') return ['县特殊教育学校'];
    return [`${town}高级中学初中部`, `${town}第二高级中学初中部`];
  };
  return (type: string, township: string): Named => {
    const all = candidates(type, township);
    const free = all.filter((name) => !used.has(name));
    const first = free[0] ?? `${township}${chance.pick(villages)}${type}${used.size}`;
    const short = type === '教学点' || (type === '小学' && free.length < all.length) ? (free.length > 0 ? chance.pick(free) : first) : first;
    used.add(short);
    return { name: `${short}(示例)`, short };
  };
};

export const providerNames = [
  ['星火科技活动中心', '科技'],
  ['小棋圣文化艺术培训中心', '文化艺术'],
  ['跃动体育俱乐部', '体育'],
  ['青藤美术工作室', '文化艺术'],
  ['童创编程活动中心', '科技'],
  ['河畔武术馆', '体育'],
  ['百灵合唱艺术中心', '文化艺术'],
  ['飞羽羽毛球俱乐部', '体育'],
] as const;
