/** What a request ends with when it does not end well. The message is for the caller. */
export class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'HttpError';
    this.status = status;
  }
}

export class UpstreamError extends HttpError {
  readonly upstream: string;
  readonly upstreamStatus: number | undefined;
  constructor(
    upstream: string,
    status: number,
    message: string,
    options: { cause?: unknown; upstreamStatus?: number },
  ) {
    super(status, message, { cause: options.cause });
    this.name = 'UpstreamError';
    this.upstream = upstream;
    this.upstreamStatus = options.upstreamStatus;
  }
}
