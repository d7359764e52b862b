import { BusError, type FieldError, type UpstreamWord } from '#lgsp/errors';
import { upstreamFault } from './upstream.failure';

/** Which of its own codes are no refusal of what was sent, as a connector's configuration lists them. */
export interface RefusalCodes {
  /** It refuses our access. */
  credentialCodes: readonly string[];
  /** It failed. */
  faultCodes: readonly string[];
}

/**
 * What a code of its own means with which an outside system did not do what it was asked for. Its words go to the caller only:
 * they may name people.
 * @param errors the caller's fields that it names
 */
export function refusalOf(word: UpstreamWord, codes: RefusalCodes, errors?: FieldError[]): BusError {
  const isFault = [...codes.credentialCodes, ...codes.faultCodes].includes(word.code);
  return isFault ? upstreamFault(word) : new BusError('upstream-rejected', { upstream: word, errors });
}
