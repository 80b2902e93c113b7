/**
 * Pictures for the demo's cases, drawn here: things and places, nobody in them. They lie where a school would put its own,
 * beside its workbook, under the names that its sheet gives. A file that is there is never touched.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import sharp from 'sharp';
import type { Config } from '../config.ts';
import { type Chance, chanceOf } from '../county/random.ts';
import type { Store } from '../directus/store.ts';

const size = { width: 1600, height: 1067 } as const;

const range = (count: number): number[] => Array.from({ length: count }, (_none, index) => index);
const rect = (x: number, y: number, width: number, height: number, fill: string, more = ''): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" ${more}/>`;

type Scene = (chance: Chance) => string;

const bookshelf: Scene = (chance) => {
  const colours = ['#8c3b2e', '#2f5d62', '#c08a3e', '#5b6b3a', '#3d4f77', '#7a4a5e', '#d2b48c'];
  const shelf = (row: number): string => {
    let [x, books] = [110, ''];
    while (x < 1440) {
      const [width, height] = [chance.whole(26, 58), chance.whole(170, 236)];
      books += rect(x, 80 + row * 310 + 246 - height, width, height, chance.pick(colours), 'rx="3"');
      books += rect(x + 6, 80 + row * 310 + 246 - height + 26, width - 12, 8, '#f4e9d2', 'opacity=".7"');
      x += width + (chance.happens(0.08) ? 70 : 4);
    }
    return `${books}${rect(80, 80 + row * 310 + 246, 1440, 26, '#6b4a2c')}`;
  };
  return `${rect(0, 0, 1600, 1067, '#e8ddc6')}${rect(60, 50, 1480, 980, '#8a6239', 'rx="8"')}${rect(92, 78, 1416, 924, '#5a3e24')}${range(3).map(shelf).join('')}`;
};

const garden: Scene = (chance) => {
  const plant = (x: number, y: number, scale: number): string => {
    const leaves = range(5).map(
      (leaf) =>
        `<ellipse rx="${14 * scale}" ry="${40 * scale}" transform="translate(${x} ${y}) rotate(${-64 + leaf * 32}) translate(0 ${-34 * scale})"/>`,
    );
    return `<g fill="${chance.pick(['#4f8a3c', '#5d9b46', '#3f7a36'])}">${leaves.join('')}</g>`;
  };
  const rows = range(5).map((row) => {
    const [y, scale] = [560 + row * 108, 0.6 + row * 0.22];
    const soil = `<path d="M0 ${y}q800 ${-24 - row * 4} 1600 0v${70 + row * 12}H0z" fill="${row % 2 ? '#7b5533' : '#6d4a2c'}"/>`;
    return (
      soil +
      range(14 - row)
        .map((index) => plant(60 + index * (1600 / (14 - row)) + chance.whole(-12, 12), y + 16, scale))
        .join('')
    );
  });
  const hills = '<path d="M0 470q300-150 620-40t520-70 460 60v200H0z" fill="#8fb08a"/>';
  return `${rect(0, 0, 1600, 1067, '#cfe3ea')}<circle cx="${chance.whole(900, 1300)}" cy="170" r="70" fill="#f6e3b0"/>${hills}${rect(0, 520, 1600, 547, '#80583a')}${rows.join('')}`;
};

const field: Scene = (chance) => {
  const stripes = range(8).map((index) => `<path d="M${index * 260 - 320} 1067l${180 + index * 8}-620h180l-60 620z" fill="#5f9a55" opacity=".5"/>`);
  const lines =
    '<g fill="none" stroke="#f5f5ea" stroke-width="10"><path d="M120 1040L420 470h760l300 570z"/><path d="M270 755h1060"/><ellipse cx="800" cy="755" rx="190" ry="78"/></g>';
  const ball = chance.pick([
    '<circle cx="1010" cy="880" r="62" fill="#d0722c"/><g fill="none" stroke="#4a2610" stroke-width="5"><circle cx="1010" cy="880" r="62"/><path d="M948 880h124M1010 818v124M966 836q44 44 0 88M1054 836q-44 44 0 88"/></g>',
    '<circle cx="620" cy="890" r="58" fill="#fafafa"/><path d="M620 862l28 20-11 32h-34l-11-32z" fill="#333"/><circle cx="620" cy="890" r="58" fill="none" stroke="#333" stroke-width="4"/>',
  ]);
  const building = `${rect(180, 250, 1240, 220, '#efe3cf')}${range(12)
    .map((index) => rect(220 + index * 100, 300, 56, 70, '#7ea3b5'))
    .join('')}${rect(180, 235, 1240, 26, '#a9523f')}`;
  return `${rect(0, 0, 1600, 1067, '#d6e6ee')}${building}${rect(0, 465, 1600, 602, '#6aa55e')}${stripes.join('')}${lines}${ball}`;
};

const paperCut: Scene = (chance) => {
  const flower = (x: number, y: number, petals: number, radius: number): string => {
    const petal = `M0 0C${radius * 0.5} ${-radius * 0.3} ${radius * 0.42} ${-radius} 0 ${-radius * 1.15}C${-radius * 0.42} ${-radius} ${-radius * 0.5} ${-radius * 0.3} 0 0`;
    const hole = `M0 ${-radius * 0.45}q${radius * 0.12} ${-radius * 0.2} 0 ${-radius * 0.42}q${-radius * 0.12} ${radius * 0.2} 0 ${radius * 0.42}`;
    const around = (path: string) =>
      range(petals)
        .map((index) => `<path d="${path}" transform="rotate(${(360 / petals) * index})"/>`)
        .join('');
    return `<g transform="translate(${x} ${y})"><g fill="#b3261e">${around(petal)}</g><g fill="#f7efe0">${around(hole)}<circle r="${radius * 0.16}"/></g></g>`;
  };
  const papers = range(3).map((index) => {
    const x = 330 + index * 470;
    return `<g transform="rotate(${chance.whole(-5, 5)} ${x} 520)">${rect(x - 190, 250, 380, 540, '#f7efe0', 'rx="4"')}${flower(x, 440, chance.whole(6, 9), 120)}${flower(x, 670, chance.whole(5, 8), 74)}</g>`;
  });
  const scissors =
    '<g fill="none" stroke="#55606a" stroke-width="16" stroke-linecap="round"><path d="M1090 900l280-90M1090 860l280 60"/><circle cx="1050" cy="915" r="34"/><circle cx="1050" cy="850" r="34"/></g>';
  return `${rect(0, 0, 1600, 1067, '#b98d5d')}${range(9)
    .map((index) => rect(0, index * 120, 1600, 4, '#a3784a'))
    .join('')}${papers.join('')}${scissors}`;
};

const noticeBoard: Scene = (chance) => {
  const sheets = range(10).map((index) => {
    const [x, y] = [190 + (index % 5) * 250, 220 + Math.floor(index / 5) * 340];
    const lines = range(chance.whole(5, 8)).map((line) => rect(x + 24, y + 66 + line * 27, chance.whole(90, 165), 8, '#9aa3a8'));
    const pin = `<circle cx="${x + 105}" cy="${y + 8}" r="11" fill="${chance.pick(['#b3261e', '#2f5d62', '#c08a3e'])}"/>`;
    const paper = chance.pick(['#fdfbf4', '#fbf3dc', '#eef5ee']);
    return `<g transform="rotate(${chance.whole(-3, 3)} ${x + 105} ${y})">${rect(x, y, 210, 290, paper)}${rect(x + 24, y + 30, 120, 16, '#2f5d62')}${lines.join('')}</g>${pin}`;
  });
  return `${rect(0, 0, 1600, 1067, '#dfe6df')}${rect(110, 130, 1380, 800, '#6b4a2c', 'rx="10"')}${rect(136, 156, 1328, 748, '#c99f6b')}${sheets.join('')}`;
};

const chessBoard: Scene = (chance) => {
  const [left, top, step] = [420, 150, 44];
  const lines = range(19).map((index) => `<path d="M${left + index * step} ${top}v${18 * step}M${left} ${top + index * step}h${18 * step}"/>`);
  const places = chance.some(range(19 * 19), chance.whole(40, 70));
  const stones = places.map((place, index) => {
    const [x, y] = [left + (place % 19) * step, top + Math.floor(place / 19) * step];
    return `<circle cx="${x}" cy="${y}" r="20" fill="${index % 2 ? '#f4f1e8' : '#23262a'}" stroke="#5a4630" stroke-width="2"/>`;
  });
  return `${rect(0, 0, 1600, 1067, '#5d6b5a')}${rect(360, 90, 912, 912, '#d9a861', 'rx="10"')}<g stroke="#5a4630" stroke-width="2">${lines.join('')}</g>${stones.join('')}`;
};

const scenes: readonly Scene[] = [bookshelf, garden, field, paperCut, noticeBoard, chessBoard];

/** One picture; the same name always gives the same. */
const drawPhoto = (name: string, scene: Scene): Promise<Buffer> =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${scene(chanceOf(5).branch(name))}</svg>`))
    .jpeg({ quality: 82 })
    .toBuffer();

/** Draws what the sheets of the demo name and what is not there yet. Returns how many. */
export const drawPhotos = async (config: Pick<Config, 'sheetsDir'>, store: Store): Promise<number> => {
  const [cases, sources] = await Promise.all([
    store.readRows('cases', { fields: ['id', 'school', 'photo_names'], sort: ['school', 'title'] }),
    store.readRows('sources', { filter: { kind: { _eq: '工作簿' } }, fields: ['id', 'school', 'place'] }),
  ]);
  const placeOf = new Map(sources.map((source) => [source.school, source.place]));
  const wanted = cases.flatMap((row) => (row.photo_names ?? []).map((name) => ({ name, place: placeOf.get(row.school) })));
  let drawn = 0;
  for (const [index, { name, place }] of wanted.entries()) {
    if (!place) continue;
    const folder = join(config.sheetsDir, basename(place, extname(place)));
    const path = join(folder, name);
    if (existsSync(path)) continue;
    await mkdir(folder, { recursive: true });
    await writeFile(`${path}.part`, await drawPhoto(name, scenes[index % scenes.length] as Scene));
    await rename(`${path}.part`, path);
    drawn += 1;
  }
  return drawn;
};
