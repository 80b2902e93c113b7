/** Pictures as phones make them. */
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';

/** Held upright: the pixels lie on their side (400 x 300), EXIF says so, and says where it was. */
export const phonePicture = (): Promise<Buffer> =>
  sharp({ create: { width: 400, height: 300, channels: 3, background: '#3a7' } })
    .jpeg()
    .withExif({ IFD0: { Make: 'TestPhone', Orientation: '6' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '32/1 59/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .toBuffer();

/** A picture that no program makes small: about 1.5 MB. */
export const largePicture = (): Promise<Buffer> =>
  sharp(randomBytes(700 * 700 * 3), { raw: { width: 700, height: 700, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
