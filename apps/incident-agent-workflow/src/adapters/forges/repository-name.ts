/** `owner/name` of `github:owner/name`, of an address and of `git@host:owner/name.git`; groups may be nested. */
import { AgentError } from '../../domain/error.ts';

export function repositoryName(repository: string): string {
  const address = URL.parse(repository);
  const path = repository.startsWith('github:')
    ? repository.slice('github:'.length)
    : address?.host
      ? address.pathname.slice(1)
      : (/^[\w.-]+@[\w.-]+:(.+)$/.exec(repository)?.[1] ?? '');
  const name = path.replace(/\/$/, '').replace(/\.git$/, '');
  if (/^[\w.-]+(?:\/[\w.-]+)+$/.test(name)) return name;
  throw new AgentError('invalid-input', `${repository} names no owner and repository`, { retryable: false });
}
