/** Builds one site after another into the folder named, each with other cases, until it is killed. For kill.test.ts. */
import { buildShowcase } from '../../scripts/showcase.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { sampleRows, settings } from './sample-county.ts';

const out = process.argv[2] as string;
for (let round = 0; ; round += 1) {
  process.stdout.write('begins\n');
  await buildShowcase(fakeStore(sampleRows(3 + (round % 4)), settings), {
    publicUrl: 'http://kehou.example',
    timezone: 'Asia/Shanghai',
    folders: { showcase: out },
  });
}
