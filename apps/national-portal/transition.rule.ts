import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import type { Call } from '#lgsp/kit';
import { mayFollow, statesAfter, type DossierState } from '#lgsp/vietnam';
import { NationalPortalConfig } from './national-portal.config';

/** Holds a new state against the one before it, where the caller gives it: nothing is asked and nothing sent for that. */
@Injectable()
export class TransitionRule {
  constructor(private readonly config: NationalPortalConfig) {}

  /** @throws BusError `invalid-request` naming both states and those that might follow */
  check({ previousState: from, state: to }: { previousState?: DossierState; state: DossierState }, call: Call): void {
    if (!this.config.checksTransitions || from === undefined || mayFollow(from, to)) return;
    const next = [from, ...statesAfter(from)].join(', ');
    const message = {
      en: `${to} may not follow ${from}; there may: ${next}`,
      vi: `${to} không được tiếp sau ${from}; có thể là: ${next}`,
    }[call.language];
    throw new BusError('invalid-request', { errors: [{ path: '/state', rule: 'dossier-transition', message }] });
  }
}
