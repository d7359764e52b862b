import type { Text } from '#lgsp/errors';
import type { StepView } from '#lgsp/procedures';
import { nowInVietnam } from '#lgsp/vietnam';
import type { ProcedureStatus, ProcedureStep } from '../linked-procedures.messages';
import type { Findings } from '../plan/step.plan';
import { viewOf, type ProcedureRecord } from '../process/procedure.record';

/** A procedure as its client sees it. */
export function statusOf(record: ProcedureRecord, found: Findings): ProcedureStatus {
  const { id, dossier, linkedDossier, state, acceptedAt, endedAt, steps } = viewOf(record);
  return {
    procedure: id,
    dossier,
    linkedDossier,
    state,
    acceptedAt: moment(acceptedAt)!,
    endedAt: moment(endedAt),
    note: noteOf(record)?.[record.language],
    steps: steps.map(stepOf),
    result: { ...found },
  };
}

const stepOf = ({ step, system, operation, startedAt, endedAt, ...view }: StepView): ProcedureStep => {
  const { state, transactionId, attempts, upstreamState, code, upstreamCode } = view;
  return {
    step,
    operation: `${system}.${operation}`,
    state,
    transactionId,
    attempts,
    startedAt: moment(startedAt),
    endedAt: moment(endedAt),
    upstreamState,
    code,
    upstreamCode,
  };
};

function noteOf({ state, steps }: ProcedureRecord): Text | undefined {
  if (state !== 'failed' && state !== 'given-up') return undefined;
  const isRegistered = steps.some(({ step, state: how }) => step === 'await-birth' && how === 'done');
  if (isRegistered) return state === 'failed' ? failedAfterBirth : givenUpAfterBirth;
  return state === 'failed' ? failedBefore : undefined;
}

const failedBefore: Text = {
  en: 'stopped: an operator puts it right and resumes it',
  vi: 'đã dừng: người vận hành sẽ sửa và tiếp tục',
};
const failedAfterBirth: Text = {
  en: 'the birth is registered and stays so; the card is not issued yet: an operator puts it right and resumes it',
  vi: 'khai sinh đã đăng ký và giữ nguyên; thẻ chưa được cấp: người vận hành sẽ sửa và tiếp tục',
};
const givenUpAfterBirth: Text = {
  en: 'the birth is registered and stays so: the registry offers no way back. A card must be asked for by itself',
  vi: 'khai sinh đã đăng ký và giữ nguyên, hộ tịch không cho hoàn tác. Thẻ phải được đề nghị riêng',
};

const moment = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : nowInVietnam(new Date(at));
