import type { BusError } from '#lgsp/errors';
import type { LastAnswer } from '#lgsp/jobs';
import { maskBody, type Sensitivity } from '#lgsp/telemetry';

/** A failure as operators may see it: codes as they are, words masked as the operation's sensitivity demands. */
export function lastAnswerOf({ code, errors, upstream }: BusError, sensitivity: Sensitivity): LastAnswer {
  return {
    code,
    errors: errors?.map(({ path, rule }) => ({ path, rule })),
    upstream: upstream && {
      code: upstream.code,
      message: upstream.message === undefined ? undefined : maskBody(sensitivity, upstream.message),
    },
  };
}
