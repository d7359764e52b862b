import type { BusError } from '#lgsp/errors';
import type { ProcedurePlan, StepReading } from '../plan/step.plan';
import { newTransactionId } from '#lgsp/records';
import { current, type StepResult } from './procedure.moves';
import type { ProcedureRecord } from './procedure.record';
import type { ProcedureStore } from './procedure.store';
import type { StepAnswer, StepCall, StepSender } from './step.sender';

/** What came of it, for whoever writes it down. */
export interface DoneStep {
  result: StepResult;
}

/** A system that is away is looked at again so much later, unless it says when itself. */
const heldMsLeast = 500;
const heldMsMost = 30_000;

/** Does the step that is due, or takes one back: opens what is sealed, calls, and reads what comes. */
export class StepWork {
  constructor(
    private readonly store: ProcedureStore,
    private readonly sender: StepSender,
    private readonly plan: ProcedurePlan<never>,
    readonly callMs: number,
  ) {}

  async do(record: ProcedureRecord): Promise<DoneStep> {
    const step = this.plan.steps[record.at]!;
    const { attempts, uncertain, transactionId } = current(record);
    const { headers, input: given } = await this.store.inputOf(record.id);
    const found = this.store.openFindings(record);
    const known = { given: given as never, found, dossier: record.dossier };
    const call: StepCall = {
      ...this.callOf(record, headers),
      system: step.system,
      operation: step.operation,
      input: step.input(known),
      transactionId: transactionId!,
    };
    const answer =
      step.kind === 'question'
        ? await this.sender.question(call)
        : await this.sender.command({ ...call, key: stepKey(record), recheck: attempts > 1 || uncertain === true });
    if (answer.kind !== 'answered') return { result: resultOf(answer) };
    const reading = step.read(answer.body);
    // The answer that decides is a transaction; the others were polls.
    if (reading.kind !== 'pending') await answer.keep?.();
    return { result: this.resultOfReading(record, reading, answer.linkedDossier) };
  }

  /** Asked about first each time: there is no harm in it, and nothing to remember. */
  async undo(record: ProcedureRecord): Promise<DoneStep> {
    const step = this.plan.steps[record.at]!;
    const undo = step.kind === 'command' ? step.undo! : undefined;
    const { headers } = await this.store.inputOf(record.id);
    const found = this.store.openFindings(record);
    const answer = await this.sender.command({
      ...this.callOf(record, headers),
      system: undo!.system,
      operation: undo!.operation,
      input: undo!.input(found, undoReason),
      transactionId: newTransactionId(),
      key: `${stepKey(record)}.undo`,
      recheck: true,
    });
    return { result: answer.kind === 'answered' ? { kind: 'done' } : resultOf(answer) };
  }

  private callOf(record: ProcedureRecord, headers: StepCall['headers']) {
    const { client: id, environment, language, linkedDossier } = record;
    return { client: { id, environment }, language, headers, linkedDossier };
  }

  private resultOfReading(record: ProcedureRecord, reading: StepReading, linkedDossier?: string): StepResult {
    if (reading.kind !== 'done') return reading;
    const { linkedDossier: other = linkedDossier, ...found } = reading.found ?? {};
    const all = { ...this.store.openFindings(record), ...found };
    return {
      kind: 'done',
      state: reading.state,
      found: Object.keys(all).length > 0 ? this.store.sealFindings(record.id, all) : undefined,
      linkedDossier: other,
    };
  }
}

/** For the file at the outside system; the operator's own words stay here. */
const undoReason = 'Thủ tục liên thông đã được dừng';

/** The same for every try of a step, another one once it is done anew after it was refused. */
export const stepKey = (record: ProcedureRecord): string => {
  const { step, round } = current(record);
  return `${record.id}.${step}.${round}`;
};

function resultOf(answer: Exclude<StepAnswer, { kind: 'answered' }>): StepResult {
  if (answer.kind !== 'held') return answer;
  return { ...answer, untilMs: Date.now() + heldMs(answer.error) };
}

const heldMs = ({ retryAfterMs = heldMsLeast }: BusError): number =>
  Math.min(heldMsMost, Math.max(heldMsLeast, retryAfterMs));
