/** Descriptions of what is stored or sent: what may be missing no more, what is new and has no default, what is of another type. */
import type { Done } from './deeds.ts';
import type { Detector, Edit, FileReading, Spot } from './reading.ts';

const CONTRACT =
  /\.(?:prisma|avsc|avdl|proto|graphqls?|gql|xsd|thrift|fbs)$|(?:schema|openapi|asyncapi|swagger)[\w.-]*\.(?:json|ya?ml|ts|js|py)$/i;
/** A field may be missing, or has something in its place. */
const MAY_BE_MISSING = /\?|\bnull(?:able)?\b|\boptional\b|\bdefault\b|@default|Optional|minOccurs="0"|blank=True/;
const FIELD =
  /^\s*(?:\w+\s+\w+(?:\[\])?(?:\s+@.*)?$|\{\s*"name"\s*:|"[\w.-]+"\s*:\s*\{\s*"type"|(?:repeated |required )?[\w.]+\s+\w+\s*=\s*\d+;|\w+\s*:\s*[[\]\w]+!)/;

export const byContracts: Detector = (file) => {
  if (!CONTRACT.test(file.path)) return [];
  const replaced = new Set(file.edits.map(({ after }) => after));
  const added = file.come.filter((spot) => !replaced.has(spot) && isDemanded(spot, file)).map(({ line }) => line);
  const edited = file.edits.filter((edit) => isStricter(edit)).map(({ after }) => after.line);
  return [...edited, ...added].map((line): Done => ({ deed: 'schema-stricter', value: 0.95, path: file.path, line }));
};

/** In a protocol of numbers a new field is always one that may be missing. */
function isDemanded({ text }: Spot, { path }: FileReading): boolean {
  if (/\.(?:proto|thrift|fbs)$/.test(path)) return /\brequired\b/.test(text);
  return FIELD.test(text) && !MAY_BE_MISSING.test(text) && !/^\s*(?:model|type|enum|input)\b|@relation|\[\]/.test(text);
}

function isStricter({ before, after, out, in: came }: Edit): boolean {
  if (MAY_BE_MISSING.test(before.text) && !MAY_BE_MISSING.test(after.text)) return true;
  if (/!/.test(came.join(' ')) || /\brequired\b/.test(came.join(' '))) return true;
  const isWider = !MAY_BE_MISSING.test(before.text) && MAY_BE_MISSING.test(after.text);
  const isDocumentation = /\b(?:description|title|summary|doc|example)\b/.test(after.text);
  return !isWider && !isDocumentation && out.length > 0 && came.length > 0;
}
