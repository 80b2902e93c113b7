/**
 * What may be kept as a school's own layouts: only what the sync could read by. Refused in Chinese; nothing is mended here.
 */
import { InvalidPayloadError } from '@directus/errors';
import { layoutsParser } from '../../../schema/layout.ts';

/** Refuses layouts that are no list of layouts; blank ones, and a payload without them, pass. */
export const checkLayouts = ({ layouts }: Readonly<Record<string, unknown>>): void => {
  if (layouts === undefined || layouts === null) return;
  const faults = layoutsParser.safeParse(layouts).error?.issues;
  if (!faults) return;
  const places = faults.slice(0, 5).map(({ path }) => path.join('.') || '整个内容');
  throw new InvalidPayloadError({
    reason: `「学校」栏目对照不能这样保存,读不懂的地方:${places.join('、')}。请在工作台「栏目对照」里确认或取消,不要直接改写这一项`,
  });
};
