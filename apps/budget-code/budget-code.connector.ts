import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { commandReference, defineConnector, operation, type AdapterOf, type Call } from '#lgsp/kit';
import { dossierTerms, type FollowedCommand } from '#lgsp/progress';
import { BudgetCodeConfig } from './budget-code.config';
import { requestExample, requestStatusExample, unitExample } from './budget-code.examples';
import * as messages from './budget-code.messages';
import { BudgetCodeUpstream } from './budget-code.upstream';

export const budgetCode = defineConnector({
  name: 'budget-code',
  version: '1.0.0',
  owner: 'Sở Tài chính thành phố Hải Phòng',
  summary: { en: 'Budget-relation codes', vi: 'Mã số đơn vị có quan hệ với ngân sách' },
  operations: {
    lookUpUnit: operation({
      kind: 'query',
      summary: {
        en: 'Gives the unit of a code, and on request the one that has taken its place; or units by name',
        vi: 'Tra cứu đơn vị theo mã số (kèm đơn vị kế thừa) hoặc theo tên',
      },
      input: messages.UnitQuestion,
      output: messages.UnitAnswer,
      timeoutMs: 15_000,
      sensitivity: 'public',
      example: unitExample,
    }),
    requestUnitCode: operation({
      kind: 'command',
      summary: { en: 'Requests the code of a new unit', vi: 'Đề nghị cấp mã số đơn vị có quan hệ với ngân sách' },
      input: messages.UnitCodeRequest,
      output: messages.RequestReceipt,
      requires: ['dossier', 'officer', 'agency'],
      timeoutMs: 20_000,
      sensitivity: 'personal',
      follow: dossierTerms,
      idempotency:
        'The key, client and dossier are hashed into the reference: the same command is the same reference, by which the ' +
        'register is asked before anything is sent again',
      example: requestExample,
    }),
    getRequestStatus: operation({
      kind: 'query',
      summary: { en: 'Says where a request stands, with its code', vi: 'Tra trạng thái đề nghị cấp mã số' },
      input: messages.RequestQuestion,
      output: messages.RequestStatus,
      timeoutMs: 10_000,
      sensitivity: 'personal',
      example: requestStatusExample,
    }),
  },
});

@Injectable()
export class BudgetCodeAdapter implements AdapterOf<typeof budgetCode> {
  constructor(
    private readonly upstream: BudgetCodeUpstream,
    private readonly config: BudgetCodeConfig,
  ) {}

  async lookUpUnit(
    { by, value, followSuccessor, limit = 20 }: messages.UnitQuestion,
    call: Call,
  ): Promise<messages.UnitAnswer> {
    if (by === 'name') return this.upstream.unitsNamed(value, limit, call);
    this.checkCode(value, call);
    const unit = await this.upstream.unit(value, call);
    if (!unit) throw new BusError('not-found');
    const answer = { units: [unit], more: false };
    return followSuccessor && unit.state === 'closed' ? { ...answer, ...(await this.follow(unit, call)) } : answer;
  }

  requestUnitCode(input: messages.UnitCodeRequest, call: Call): Promise<messages.RequestReceipt> {
    return this.upstream.request(input, call);
  }

  async requestUnitCodeOutcome(
    _input: messages.UnitCodeRequest | undefined,
    call: Call,
  ): Promise<messages.RequestReceipt | undefined> {
    const found = await this.upstream.requestStatus(commandReference(call), call);
    return found && { reference: found.reference, state: found.state };
  }

  requestUnitCodeProgress = (commands: FollowedCommand[], call: Call) => this.upstream.progress(commands, call);

  async getRequestStatus({ reference }: messages.RequestQuestion, call: Call): Promise<messages.RequestStatus> {
    const found = await this.upstream.requestStatus(reference, call);
    if (!found) throw new BusError('not-found');
    return found;
  }

  /** From one closed unit to the next. Each code is for life and closed once, so a way that comes back is a contradiction. */
  private async follow(
    from: messages.BudgetUnit,
    call: Call,
  ): Promise<Pick<messages.UnitAnswer, 'current' | 'succession' | 'warning'>> {
    const succession: string[] = [];
    let unit: messages.BudgetUnit | undefined = from;
    while (unit.state === 'closed') {
      const next: string | undefined = unit.successorCode;
      if (next === undefined) return { succession, warning: 'no-successor' };
      if (next === from.code || succession.includes(next)) return { succession, warning: 'successor-cycle' };
      if (succession.length >= this.config.successionsMax) return { succession, warning: 'succession-too-long' };
      succession.push(next);
      unit = await this.upstream.unit(next, call);
      if (!unit) return { succession, warning: 'successor-missing' };
    }
    return { current: unit, succession };
  }

  private checkCode(value: string, { language }: Call): void {
    const digits = this.config.codeDigits;
    if (new RegExp(`^[0-9]{${digits}}$`).test(value)) return;
    const message = { en: `must have ${digits} digits`, vi: `phải gồm ${digits} chữ số` }[language];
    throw new BusError('invalid-request', { errors: [{ path: '/value', rule: 'budget-code', message }] });
  }
}
