/**
 * The pictures that messengers show of a page of the site: one for the site, one for each category. A case with a photo has its photo.
 * Drawn with the fonts of the machine; never with anything from the net.
 */
import sharp from 'sharp';
import { paths } from './hrefs.ts';
import type { Site } from './site.ts';
import type { SiteFolder } from './site-folder.ts';
import { sealOf } from './views.ts';

const size = { width: 1200, height: 630 } as const;
/** A change here draws every card anew. */
const recipe = 'cards-1';

const inXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const kai = "font-family=\"'LXGW WenKai','KaiTi','WenQuanYi Zen Hei',serif\"";
const hei = "font-family=\"'WenQuanYi Zen Hei','LXGW WenKai',sans-serif\"";

const waves = Array.from({ length: 7 }, (_, index) => {
  const y = 430 + index * 30;
  return `<path d="M-20 ${y}C240 ${y - 70} 420 ${y + 50} 660 ${y - 5}S1060 ${y - 60} 1230 ${y + 5}"/>`;
}).join('');

/** As large as the words allow. */
const titleSize = (text: string): number => Math.min(96, Math.floor(820 / Math.max(4, [...text].length)));

const drawing = (
  county: string,
  title: string,
  seal: string,
): string => `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">
<rect width="100%" height="100%" fill="#1f4a45"/><g fill="none" stroke="#6d9285" stroke-opacity=".55" stroke-width="2">${waves}</g>
<rect x="90" y="170" width="190" height="190" rx="22" fill="#a3372a"/><rect x="100" y="180" width="170" height="170" rx="14" fill="none" stroke="#fffaf0" stroke-width="3"/>
<text x="185" y="310" font-size="126" font-weight="700" text-anchor="middle" fill="#fffaf0" ${kai}>${inXml(seal)}</text>
<text x="330" y="228" font-size="40" fill="#d5dfd3" ${hei}>${inXml(county)}</text>
<text x="326" y="344" font-size="${titleSize(title)}" font-weight="700" fill="#fffaf0" ${kai}>${inXml(title)}</text>
</svg>`;

const addCard = (site: SiteFolder, path: string, county: string, title: string, seal: string): Promise<null> =>
  site.part(`card-${path}`, `${recipe} ${county} ${title} ${seal}`, async () => ({
    files: new Map([
      [
        path,
        await sharp(Buffer.from(drawing(county, title, seal)))
          .png({ palette: true, quality: 90 })
          .toBuffer(),
      ],
    ]),
    facts: null,
  }));

export const addShareCards = async (folder: SiteFolder, site: Site): Promise<void> => {
  await addCard(folder, paths.shareCard(''), site.county.name, '课后服务典型案例', '课');
  for (const group of site.categories)
    await addCard(folder, paths.shareCard(group.key), `${site.county.name}课后服务典型案例`, group.name, sealOf(group.name));
};
