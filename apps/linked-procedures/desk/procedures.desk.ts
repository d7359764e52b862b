import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { auditSubject, type AuditEntry, type Stored } from '#lgsp/bus';
import { BusError, type Text } from '#lgsp/errors';
import { changedInput } from '#lgsp/jobs';
import { readInput } from '#lgsp/kit';
import type { ProcedurePage, ProcedureView } from '#lgsp/procedures';
import { isTransactionId } from '#lgsp/records';
import { BirthWithCard } from '../linked-procedures.messages';
import { current, givenUp, resumed } from '../process/procedure.moves';
import { viewOf, type ProcedureRecord } from '../process/procedure.record';
import { ProceduresEngine } from '../process/procedures.engine';
import type { GiveUpOrder, ListQuestion, ResumeOrder } from './desk.messages';

const triesMax = 50;
const betweenMs = 100;

/** What operators do with linked procedures. Each act is in the audit before it is done. */
@Injectable()
export class ProceduresDesk {
  constructor(private readonly engine: ProceduresEngine) {}

  async list({ state, client, limit }: ListQuestion): Promise<ProcedurePage> {
    const all = await this.engine.store.all();
    const fitting = all
      .filter((one) => (state === undefined || one.state === state) && (client === undefined || one.client === client))
      .toSorted((a, b) => a.acceptedAt - b.acceptedAt);
    return { procedures: fitting.slice(0, limit).map(viewOf), total: fitting.length };
  }

  /** @throws BusError `unknown-transaction` */
  async show(which: string): Promise<ProcedureView[]> {
    if (isTransactionId(which)) return [viewOf((await this.stored(which)).value)];
    const all = await this.engine.store.all();
    const found = all.filter(({ dossier, linkedDossier }) => dossier === which || linkedDossier === which);
    if (found.length === 0) throw new BusError('unknown-transaction');
    return found.map(viewOf);
  }

  async resume({ id, who, input, set }: ResumeOrder): Promise<ProcedureView> {
    return this.change(id, async (record) => {
      if (record.state !== 'failed') throw new BusError('wrong-state', { detail: notFailed });
      const isChanged = input !== undefined || set !== undefined;
      if (isChanged && current(record).uncertain) throw new BusError('wrong-state', { detail: uncertain });
      await this.note(record, who, 'resume');
      if (isChanged) await this.changeInput(record, { input, set });
      return resumed(record, this.engine.plan, Date.now());
    });
  }

  async giveUp({ id, who, reason }: GiveUpOrder): Promise<ProcedureView> {
    return this.change(id, async (record) => {
      const { state, sendingUntil = 0 } = record;
      if (state !== 'failed' && state !== 'under-way') throw new BusError('wrong-state', { detail: isOver });
      const isOnItsWay = sendingUntil > Date.now();
      const mayBeUndone = this.engine.plan.steps[record.at]!.kind === 'command' && record.at > 0;
      if (isOnItsWay || (current(record).uncertain && mayBeUndone))
        throw new BusError('wrong-state', { detail: uncertain });
      await this.note(record, who, 'give-up', reason);
      return givenUp(record, this.engine.plan, reason, Date.now());
    });
  }

  /** @throws BusError `unknown-transaction`; `wrong-state` when it is changed all the time */
  private async change(
    id: string,
    decide: (record: ProcedureRecord) => Promise<ProcedureRecord>,
  ): Promise<ProcedureView> {
    for (let nth = 0; nth < triesMax; nth++) {
      const { value, revision } = await this.stored(id);
      // Its end is just being told: what comes after it is told after it.
      const changed = value.untold ? undefined : await decide(value);
      if (changed && (await this.engine.store.update(changed, revision)) !== undefined) return viewOf(changed);
      await pause(betweenMs);
    }
    throw new BusError('wrong-state', { detail: busy });
  }

  private async changeInput(record: ProcedureRecord, change: Pick<ResumeOrder, 'input' | 'set'>): Promise<void> {
    const given = await this.engine.store.inputOf(record.id);
    const bytes = changedInput(Buffer.from(JSON.stringify(given.input)), change);
    const input = readInput(BirthWithCard, bytes, record.language);
    const isRegistered = record.steps[0]!.state === 'done' && record.at > 1;
    if (isRegistered && JSON.stringify(input.birth) !== JSON.stringify(given.input.birth))
      throw new BusError('wrong-state', { detail: registered });
    await this.engine.store.keepInput(record.id, { ...given, input });
  }

  private async stored(id: string): Promise<Stored<ProcedureRecord>> {
    const stored = await this.engine.store.byId(id);
    if (!stored) throw new BusError('unknown-transaction');
    return stored;
  }

  private async note({ id }: ProcedureRecord, who: string, action: string, reason?: string): Promise<void> {
    const entry: AuditEntry & { thing: string; reason?: string } = {
      at: new Date().toISOString(),
      who,
      action,
      thing: id,
      reason,
    };
    await this.engine.audit.append(auditSubject('procedures', id), Buffer.from(JSON.stringify(entry)));
  }
}

const notFailed: Text = { en: 'it has not failed', vi: 'thủ tục chưa bị lỗi' };
const isOver: Text = { en: 'it has ended, or is being undone', vi: 'thủ tục đã kết thúc hoặc đang được hoàn tác' };
const uncertain: Text = {
  en: 'a command is on its way, or nobody knows whether it took effect: find that out first, by resuming it as it is',
  vi: 'lệnh đang được gửi hoặc chưa rõ đã có hiệu lực hay chưa: hãy tiếp tục nguyên trạng để xác định trước',
};
const registered: Text = {
  en: 'the birth is registered: only /card can be changed',
  vi: 'khai sinh đã được đăng ký: chỉ có thể sửa /card',
};
const busy: Text = { en: 'it is being worked on: try again', vi: 'thủ tục đang được xử lý: hãy thử lại' };
