import { randomUUID } from 'node:crypto';

/** One call of the working day. */
export interface Scene {
  /** `civil-registry.register-birth`. */
  operation: string;
  kind: 'query' | 'command';
  input: object;
  headers: Record<string, string>;
}

export interface SceneResult {
  operation: string;
  /** `ok`, or the code of the problem; `no-answer` when not even that came. */
  code: string;
  ms: number;
}

export interface DemoOptions {
  url: string;
  secret: string;
  /** How many counters (officers) work at once. */
  counters: number;
  /** Longest wait for one answer, in milliseconds. */
  timeoutMs: number;
  /** Called after each answer. */
  onResult(result: SceneResult): void;
}

/**
 * Plays the scenes through the gateway, as many at once as there are counters. A scene may continue with another: an
 * officer who registered a birth asks for its status, a payment is followed by its receipt.
 */
export async function playDay(day: Iterable<Play>, options: DemoOptions): Promise<void> {
  const plays = day[Symbol.iterator]();
  const counter = async (): Promise<void> => {
    for (let upcoming = plays.next(); !upcoming.done; upcoming = plays.next()) {
      let scene: Scene | undefined = upcoming.value.first;
      while (scene) {
        const { result, output } = await call(scene, options);
        options.onResult(result);
        scene = result.code === 'ok' ? upcoming.value.next?.(scene, output) : undefined;
      }
    }
  };
  await Promise.all(Array.from({ length: options.counters }, counter));
}

/** A first scene, and what follows each that succeeded. */
export interface Play {
  first: Scene;
  next?(scene: Scene, output: Record<string, unknown>): Scene | undefined;
}

async function call(
  scene: Scene,
  options: DemoOptions,
): Promise<{ result: SceneResult; output: Record<string, unknown> }> {
  const { operation, kind, input, headers } = scene;
  const startedAt = performance.now();
  let code = 'ok';
  let output: Record<string, unknown> = {};
  try {
    const response = await fetch(`${options.url}/v1/${operation.replace('.', '/')}`, {
      method: 'POST',
      headers: {
        authorization: `ApiKey ${options.secret}`,
        'content-type': 'application/json',
        ...(kind === 'command' ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    output = (await response.json()) as Record<string, unknown>;
    if (!response.ok) code = String(output['code']);
  } catch (error) {
    // The gateway itself did not answer: that too is a line of the closing table, and the exit code says it.
    code = (error as Error).name === 'TimeoutError' ? 'no-answer-in-time' : 'no-answer';
  }
  return { result: { operation, code, ms: performance.now() - startedAt }, output };
}
