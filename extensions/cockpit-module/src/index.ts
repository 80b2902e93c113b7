/**
 * 工作台: the bureau's first page. Reads with the signed-in person's own permissions and asks for long work by a row of `jobs`.
 * Never does such work itself, and never shows what the person could not open in the lists.
 */
import { defineModule } from '@directus/extensions-sdk';
import Cases from './cases.vue';
import Cockpit from './cockpit.vue';
import Layouts from './layouts.vue';
import Notices from './notices.vue';
import Publishing from './publishing.vue';
import Trace from './trace.vue';

export default defineModule({
  id: 'cockpit',
  name: '工作台',
  icon: 'dashboard',
  routes: [
    { path: '', component: Cockpit },
    { path: 'layouts', component: Layouts },
    { path: 'publishing', component: Publishing },
    { path: 'cases', component: Cases },
    { path: 'notices', component: Notices },
    { path: 'trace', component: Trace },
  ],
});
