import { expect, test } from 'vitest';
import { codeOwners } from './code-owners.ts';

const OWNERS = `# comment
*            @everyone
*.md         @writers # trailing
/svc/        @shop/backend @mira
svc/*.sql    dba@example.com @dba
docs/**/deep @deep
[Section]
`;

test.each([
  { says: 'the last pattern that fits counts', paths: ['svc/a.ts'], owners: ['shop/backend', 'mira'] },
  { says: 'addresses are left out', paths: ['svc/x.sql'], owners: ['dba'] },
  { says: 'a pattern without a slash fits at any depth', paths: ['other/deep/readme.md'], owners: ['writers'] },
  { says: 'two stars cross folders', paths: ['docs/a/b/deep'], owners: ['deep'] },
  { says: 'each owner once', paths: ['svc/a.ts', 'svc/b.ts', 'x.ts'], owners: ['shop/backend', 'mira', 'everyone'] },
])('$says', ({ paths, owners }) => {
  expect(codeOwners(OWNERS, paths)).toEqual(owners);
});
