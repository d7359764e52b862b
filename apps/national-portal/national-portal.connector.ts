import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { defineConnector, operation, type AdapterOf, type Call } from '#lgsp/kit';
import * as examples from './national-portal.examples';
import * as messages from './national-portal.messages';
import { dossierCodeOf } from './national-portal.form.upstream';
import { NationalPortalUpstream } from './national-portal.upstream';
import { TransitionRule } from './transition.rule';

const pageDefault = 100;
/** What both commands share. */
const command = { kind: 'command', timeoutMs: 30_000, sensitivity: 'personal' } as const;

export const nationalPortal = defineConnector({
  name: 'national-portal',
  version: '1.0.0',
  owner: 'Văn phòng Ủy ban nhân dân thành phố Hải Phòng',
  summary: { en: 'National Public Service Portal', vi: 'Cổng Dịch vụ công quốc gia' },
  operations: {
    syncDossier: operation({
      ...command,
      summary: { en: 'Hands a dossier in as it is now', vi: 'Đồng bộ hồ sơ một cửa, thêm mới hoặc cập nhật' },
      input: messages.PortalDossier,
      output: messages.SyncedDossier,
      requires: ['dossier', 'procedure', 'agency'],
      idempotency:
        'the whole dossier replaces what the portal has by its code; the portal is asked whether it has just this',
      example: examples.sync,
    }),
    updateProgress: operation({
      ...command,
      summary: {
        en: 'Tells a step in the work on a dossier, as the citizen reads it',
        vi: 'Cập nhật tiến độ xử lý hồ sơ một cửa',
      },
      input: messages.Progress,
      output: messages.TakenProgress,
      requires: ['officer', 'agency'],
      idempotency: 'dossier, time, state and officer name a step, which is looked for before it is sent again',
      example: examples.progress,
    }),
    lookUpDossier: operation({
      kind: 'query',
      summary: { en: 'Says where a dossier stands at the portal', vi: 'Tra cứu hồ sơ trên Cổng' },
      input: messages.DossierQuestion,
      output: messages.FoundDossier,
      timeoutMs: 15_000,
      sensitivity: 'personal',
      example: examples.lookUp,
    }),
    listProcedures: operation({
      kind: 'query',
      summary: { en: 'Lists administrative procedures', vi: 'Lấy danh sách thủ tục hành chính' },
      input: messages.ProceduresQuestion,
      output: messages.Procedures,
      timeoutMs: 30_000,
      sensitivity: 'public',
      example: examples.list,
    }),
  },
});

@Injectable()
export class NationalPortalAdapter implements AdapterOf<typeof nationalPortal> {
  constructor(
    private readonly upstream: NationalPortalUpstream,
    private readonly transitions: TransitionRule,
  ) {}

  async syncDossier(input: messages.PortalDossier, call: Call): Promise<messages.SyncedDossier> {
    this.transitions.check(input, call);
    return { dossier: dossierCodeOf(call), state: input.state, change: await this.upstream.sync(input, call) };
  }

  /** What the portal has otherwise may be from before or after: to send it again is safe, to say that nothing happened is not. */
  async syncDossierOutcome(input: messages.PortalDossier | undefined, call: Call) {
    const found = await this.upstream.findSynced(needed(input), call);
    if (found === 'otherwise' && !call.recheck) throw new BusError('outcome-unknown', { detail: repeatIt });
    return found === 'as-sent' ? { dossier: dossierCodeOf(call), state: input!.state } : undefined;
  }

  async updateProgress(input: messages.Progress, call: Call): Promise<messages.TakenProgress> {
    this.transitions.check(input, call);
    if (!(await this.upstream.progress(input, call))) throw new BusError('not-found');
    return taken(input);
  }

  async updateProgressOutcome(input: messages.Progress | undefined, call: Call) {
    return (await this.upstream.hasProgress(needed(input), call)) ? taken(input!) : undefined;
  }

  async lookUpDossier({ dossier }: messages.DossierQuestion, call: Call): Promise<messages.FoundDossier> {
    const found = await this.upstream.find(dossier, call);
    if (!found) throw new BusError('not-found');
    return found;
  }

  async listProcedures(question: messages.ProceduresQuestion, call: Call): Promise<messages.Procedures> {
    const { contains = '', offset = 0, limit = pageDefault } = question;
    const part = contains.toLocaleLowerCase('vi');
    const all = await this.upstream.procedures(call);
    const found = all.filter(({ code, name }) => `${code} ${name}`.toLocaleLowerCase('vi').includes(part));
    return { total: found.length, procedures: found.slice(offset, offset + limit) };
  }
}

const taken = ({ dossier, state, processedAt }: messages.Progress) => ({ dossier, state, processedAt });

const repeatIt = {
  en: 'the input is needed to find out; repeating the command with its key is safe',
  vi: 'cần nội dung lệnh để tra cứu; gửi lại lệnh với cùng khóa là an toàn',
};

function needed<T>(input: T | undefined): T {
  if (input === undefined) throw new BusError('outcome-unknown', { detail: repeatIt });
  return input;
}
