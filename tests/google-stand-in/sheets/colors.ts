/**
 * Colours as Google keeps them: 8 bits a part, zero parts left out, and the old and the new field both returned when one is set.
 * Only for colours; other fields pass through untouched.
 */
type Parts = { readonly [part: string]: unknown };

const partNames = new Set(['red', 'green', 'blue', 'alpha']);

/** 0.5 becomes 0.49803922: the 127th of 255 steps, as a 32-bit fraction. What is kept already stays as it is. */
const keepPart = (part: number): number => Number(Math.fround(Math.floor(Math.min(1, Math.max(0, part)) * 255 + 1e-5) / 255).toPrecision(8));

const keepColor = (color: Parts): Parts =>
  Object.fromEntries(
    Object.entries(color).flatMap(([name, part]) =>
      partNames.has(name) && typeof part === 'number' ? (part ? [[name, keepPart(part)]] : []) : [[name, part]],
    ),
  );

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isColorName = (name: string): boolean => /color$/i.test(name);
const isStyleName = (name: string): boolean => /colorStyle$/i.test(name);

const normalizeObject = (value: Record<string, unknown>): Record<string, unknown> => {
  const result: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    if (isStyleName(name) && isObject(part)) {
      const rgb = isObject(part.rgbColor) ? keepColor(part.rgbColor) : undefined;
      result[name] = rgb ? { rgbColor: rgb } : part;
      if (rgb) result[name.slice(0, -'Style'.length)] = rgb;
    } else if (isColorName(name) && name !== 'rgbColor' && isObject(part)) {
      const color = keepColor(part);
      result[name] ??= color;
      if (!isObject(value[`${name}Style`])) result[`${name}Style`] = { rgbColor: color };
    } else result[name] = normalizeColors(part);
  }
  return result;
};

/** A format, property or rule with all its colours as Google keeps them. */
export const normalizeColors = <T>(value: T): T => {
  if (Array.isArray(value)) return value.map((item: unknown) => normalizeColors(item)) as T;
  return isObject(value) ? (normalizeObject(value) as T) : value;
};
