import type { Problem } from '#lgsp/errors';
import type { Settings } from './settings';

/** The gateway said no: its problem document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(readonly problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? problem.code);
  }
}

export interface GatewayRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

const waitMs = 130_000;

/** One call of the gateway that is answered in JSON. @throws ProblemError */
export async function askGateway(
  settings: Settings,
  path: string,
  init: GatewayRequest = {},
): Promise<{ body: unknown; headers: Headers }> {
  const response = await sendToGateway(settings, path, init);
  return { body: await response.json(), headers: response.headers };
}

/** One call of the gateway; what it answered is still to be read. @throws ProblemError */
export async function sendToGateway(settings: Settings, path: string, init: GatewayRequest = {}): Promise<Response> {
  const url = settings.get('LGSP_URL');
  let response: Response;
  try {
    response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(waitMs) });
  } catch (cause) {
    throw new Error(`the gateway at ${url} does not answer`, { cause });
  }
  if (!response.ok) throw new ProblemError((await response.json()) as Partial<Problem>);
  return response;
}
