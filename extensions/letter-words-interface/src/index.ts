/** The paragraphs of a letter, with the list of placeholders beside the editor. Fills nothing in and saves nothing by itself. */
import { defineInterface } from '@directus/extensions-sdk';
import LetterWords from './letter-words.vue';

export default defineInterface({
  id: 'letter-words',
  name: '通知正文',
  icon: 'edit_note',
  description: '可插入占位符的通知正文',
  component: LetterWords,
  types: ['text'],
  group: 'standard',
  options: null,
});
