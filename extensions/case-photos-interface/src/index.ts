/**
 * The photos of a case with what is known of each. Uploads through case-endpoint; never reads the files of Directus.
 */
import { defineInterface } from '@directus/extensions-sdk';
import CasePhotos from './case-photos.vue';

export default defineInterface({
  id: 'case-photos',
  name: '案例照片',
  icon: 'photo_library',
  description: '照片、监护人同意、有无学生面孔',
  component: CasePhotos,
  options: null,
  types: ['json'],
});
