/**
 * Preloaded (`node --import`): each app's catalogue becomes one in which every text stands between « and », whatever it
 * is given included. What a document then shows outside of them does not come from a catalogue.
 */
import { registerHooks } from 'node:module';

const CATALOGUE = /\/lib\/catalogue\/words\.ts$/;

registerHooks({
  load(url, context, nextLoad) {
    if (!CATALOGUE.test(url)) return nextLoad(url, context);
    const source = `
      import { EN } from './en.ts';
      const marked = (value, key) => {
        if (typeof value === 'string') return key === 'language' ? value : '«' + value + '»';
        if (typeof value === 'function') return (...words) => '«' + value(...words) + '»';
        if (Array.isArray(value)) return value.map((one) => marked(one));
        return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, marked(inner, name)]));
      };
      export const WORDS = marked(EN);
    `;
    return { format: 'module', source, shortCircuit: true };
  },
});
