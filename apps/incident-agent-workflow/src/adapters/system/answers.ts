/** Whether something answers at a configured address. */

const LIMIT_MILLISECONDS = 1_500;

/** A check that resolves with a word for people, and throws with what is wrong. A path without a leading slash is below the address. */
export function answers(baseUrl: string | undefined, path: string): () => Promise<string> {
  return async () => {
    if (baseUrl === undefined) return 'not configured';
    const response = await fetch(new URL(path, path.startsWith('/') ? baseUrl : `${baseUrl}/`), {
      redirect: 'error',
      signal: AbortSignal.timeout(LIMIT_MILLISECONDS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return 'answers';
  };
}
