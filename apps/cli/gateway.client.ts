import type { Problem } from '#lgsp/errors';
import type { Settings } from './settings';

/** The gateway said no: its problem document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(readonly problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? problem.code);
  }
}

const waitMs = 130_000;

/** One call of the gateway. @throws ProblemError */
export async function askGateway(
  settings: Settings,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ body: unknown; headers: Headers }> {
  const url = settings.get('LGSP_URL');
  let response: Response;
  try {
    response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(waitMs) });
  } catch (cause) {
    throw new Error(`the gateway at ${url} does not answer`, { cause });
  }
  const body: unknown = await response.json();
  if (!response.ok) throw new ProblemError(body as Partial<Problem>);
  return { body, headers: response.headers };
}
