/** `npm run architecture`: writes architecture.html anew from the files that decide what it says. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFacts } from './architecture-page/facts.ts';
import { architecturePage } from './architecture-page/page.ts';

writeFileSync(join(import.meta.dirname, '..', 'architecture.html'), architecturePage(readFacts()));
console.log('architecture.html is written');
