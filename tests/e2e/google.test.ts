import { googlePlace, startTestGoogle } from '../helpers/google.ts';
import { tellStories } from './stories.ts';

for (const database of ['sqlite'] as const)
  tellStories(database, 'Google Sheets', async (_directus, county) => {
    const google = await startTestGoogle();
    return { place: googlePlace(google, county), close: () => google.stop() };
  });
