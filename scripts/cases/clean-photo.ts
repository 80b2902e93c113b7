/**
 * Makes a picture fit to be kept: upright, no larger than a page or a screen needs, without what cameras write into it
 * (place, time, device, the maker's thumbnail). Never looks at who is in it.
 */
import sharp from 'sharp';

/** Longest edge kept, in pixels: a full page of print at 300 dpi. */
const longestEdge = 2560;
/** A picture that unfolds to more than this is built to do harm, not taken by a phone. */
const mostPixels = 120_000_000;
const readable: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'tiff', 'gif']);

export interface CleanPhoto {
  /** JPEG without metadata. */
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

const unreadable = (name: string): string => `照片“${name}”打不开,请另存为 JPG 后重新放入。`;

/** A clean picture, or one Chinese sentence with the remedy. */
export const cleanPhoto = async (given: Uint8Array, name: string): Promise<CleanPhoto | { readonly fault: string }> => {
  try {
    const picture = sharp(given, { limitInputPixels: mostPixels, failOn: 'error' });
    const { format } = await picture.metadata();
    if (!readable.has(format)) return { fault: unreadable(name) };
    // Without withMetadata() sharp writes none; autoOrient() turns the pixels as EXIF says before that is gone.
    const { data, info } = await picture
      .autoOrient()
      .resize({ width: longestEdge, height: longestEdge, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: 84, mozjpeg: true })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  } catch {
    // Whatever the library says of the bytes, the school can do one thing.
    return { fault: unreadable(name) };
  }
};
