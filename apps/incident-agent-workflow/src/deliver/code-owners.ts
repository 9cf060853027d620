/** Who is to review what, as CODEOWNERS says: the last pattern that fits counts. */
export const CODE_OWNERS_PATHS = ['.github/CODEOWNERS', '.gitlab/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/** `@user` and `@group/team` without the @, each once. Addresses are left out: forges ask for names. */
export function codeOwners(text: string, paths: readonly string[]): string[] {
  const rules = text.split('\n').flatMap((line) => {
    const [pattern = '', ...owners] = line
      .replace(/(?:^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    return pattern === '' || /^[[^]/.test(pattern) ? [] : [{ fits: patternOf(pattern), owners }];
  });
  const owners = paths.flatMap((path) => rules.findLast(({ fits }) => fits.test(path))?.owners ?? []);
  return [...new Set(owners.filter((owner) => /^@[\w.-]+(?:\/[\w./-]+)?$/.test(owner)).map((owner) => owner.slice(1)))];
}

/** As in .gitignore: without a slash inside it fits at any depth, a folder stands for what is in it. */
function patternOf(pattern: string): RegExp {
  const isAnchored = pattern.replace(/\/$/, '').includes('/');
  const words = pattern.replace(/^\//, '').replace(/\/$/, '/**');
  const body = words
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => WILD.get(part) ?? part.replace(/[.+^${}()|[\]\\]/g, '\\$&'))
    .join('');
  return new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${body}${/[*?]$/.test(words) ? '' : '(?:/.*)?'}$`);
}

const WILD = new Map([
  ['**/', '(?:.*/)?'],
  ['**', '.*'],
  ['*', '[^/]*'],
  ['?', '[^/]'],
]);
