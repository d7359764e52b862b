import type { BusEvent } from '#lgsp/events';
import { nowInVietnam } from '#lgsp/vietnam';
import type { ProcedureRecord } from './procedure.record';

type Ended = 'completed' | 'failed' | 'given-up';

/** How a procedure stopped or ended, for its client. */
export function endEventOf(record: ProcedureRecord): BusEvent {
  const { id, trace, client, dossier, linkedDossier, procedure, steps, at, ends, endedAt, changedAt } = record;
  const state = record.state as Ended;
  const { step, code, upstreamCode } = steps[at]!;
  return {
    id: `${id}.${state}.${ends}`,
    type: `procedure.${state}`,
    time: nowInVietnam(new Date(endedAt ?? changedAt)),
    client,
    system: 'linked-procedures',
    operation: procedure,
    transactionId: id,
    trace,
    dossier,
    linkedDossier,
    data: state === 'completed' ? {} : { step, code, upstreamCode },
  };
}
