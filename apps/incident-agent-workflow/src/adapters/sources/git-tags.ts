/** Revisions that were given a name: often the only trace of a release. */
import type { ChangeEvent } from '../../domain/telemetry.ts';
import { cleanText, oneLine } from '../../lib/clean-text.ts';
import { redact } from '../../lib/redact.ts';
import type { Ask, QuestionOf } from './git.ts';
import type { Repository } from './git-repository.ts';
import { gapOf, type Sight } from './looking.ts';

const MAX_TAGS = 100;
/** The tagged commit of an annotated tag is behind the `*`. */
const FORMAT = '%(objectname)%09%(*objectname)%09%(creatordate:iso-strict)%09%(refname:short)';

/** The newest ones until the end of the window; those before it tell what was released last. */
export async function tags(question: QuestionOf<'events'>, repository: Repository, ask: Ask): Promise<Sight> {
  const words = ['for-each-ref', '--sort=-creatordate', `--count=${MAX_TAGS}`, `--format=${FORMAT}`, 'refs/tags'];
  const asked = ask(words, repository.top);
  const { text, isCut } = await repository.git(words);
  const events = text
    .split('\n')
    .map(readTag)
    .filter((event) => event !== undefined && Date.parse(event.at) <= Date.parse(question.to))
    .filter((event) => event !== undefined);
  const gaps = isCut ? [gapOf(asked, 'too-large', `read only the newest ${events.length} tags`)] : [];
  return { telemetry: { events }, gaps, query: asked.query };
}

function readTag(row: string): ChangeEvent | undefined {
  const [object = '', peeled = '', created = '', ...name] = row.split('\t');
  const milliseconds = Date.parse(created);
  const revision = peeled || object;
  if (!/^[0-9a-f]{40,64}$/.test(revision) || Number.isNaN(milliseconds)) return undefined;
  const shown = cleanText(oneLine(redact(name.join(' ')), 200));
  const at = new Date(milliseconds).toISOString();
  return { at, kind: 'tag', service: null, name: shown, revision, text: `the revision was tagged ${shown}` };
}
