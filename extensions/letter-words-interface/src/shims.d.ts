/** For plain tsc, which cannot look into .vue files; vue-tsc checks those (tsconfig.vue.json). */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';

  const component: DefineComponent;
  export default component;
}
