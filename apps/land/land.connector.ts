import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { defineConnector, operation, type AdapterOf, type Call } from '#lgsp/kit';
import { dossierTerms, type FollowedCommand } from '#lgsp/progress';
import * as examples from './land.examples';
import * as messages from './land.messages';
import { LandUpstream } from './land.upstream';

/** What all commands share. */
const command = { kind: 'command', timeoutMs: 60_000, sensitivity: 'personal' } as const;

export const land = defineConnector({
  name: 'land',
  version: '1.0.0',
  owner: 'Sở Nông nghiệp và Môi trường thành phố Hải Phòng',
  summary: { en: 'Land: dossiers and parcels (VBDLIS)', vi: 'Đất đai: hồ sơ và thửa đất (VBDLIS)' },
  operations: {
    submitDossier: operation({
      ...command,
      summary: { en: 'Hands a land dossier in', vi: 'Chuyển hồ sơ đất đai sang hệ thống đất đai' },
      input: messages.NewLandDossier,
      output: messages.LandDossierReceipt,
      requires: ['officer', 'dossier', 'agency'],
      follow: { ...dossierTerms, overdueMs: 2 * dossierTerms.overdueMs, ageMaxMs: 2 * dossierTerms.ageMaxMs },
      idempotency:
        'the dossier code is the receipt number, unique there; it is asked for before anything is sent again',
      example: examples.submission,
    }),
    completeSupplement: operation({
      ...command,
      summary: { en: 'Hands in the papers that were missing', vi: 'Cập nhật trạng thái đã bổ sung hồ sơ' },
      input: messages.Supplement,
      output: messages.LandDossier,
      requires: ['agency'],
      idempotency:
        'client, receipt number and key are hashed into a mark in the note, which is looked for in the history',
      example: examples.supplement,
    }),
    reportResultReturned: operation({
      ...command,
      summary: { en: 'Tells that the citizen was given the result', vi: 'Cập nhật trạng thái đã trả kết quả hồ sơ' },
      input: messages.ReturnedResult,
      output: messages.LandDossier,
      requires: ['agency'],
      idempotency: 'repeatable by nature: a result that was returned is returned',
      example: examples.returnedResult,
    }),
    returnFaultyResult: operation({
      ...command,
      summary: { en: 'Sends a faulty result back to be mended', vi: 'Phản hồi hồ sơ sai kết quả' },
      input: messages.FaultyResult,
      output: messages.LandDossier,
      requires: ['agency'],
      idempotency: 'client, receipt number and key are hashed into a mark in the reason, looked for in the history',
      example: examples.faultyResult,
    }),
    getParcel: operation({
      kind: 'query',
      summary: {
        en: 'Gives a parcel: area, address, kinds of land, legal status',
        vi: 'Tra cứu thửa đất: diện tích, địa chỉ, loại đất, tình trạng pháp lý',
      },
      input: messages.ParcelQuestion,
      output: messages.Parcel,
      timeoutMs: 10_000,
      sensitivity: 'personal',
      example: examples.parcel,
    }),
  },
});

@Injectable()
export class LandAdapter implements AdapterOf<typeof land> {
  constructor(private readonly upstream: LandUpstream) {}

  submitDossier = (input: messages.NewLandDossier, call: Call) => this.upstream.submit(input, call);
  submitDossierOutcome = (_input: unknown, call: Call) => this.upstream.findSubmitted(call);
  submitDossierProgress = (commands: FollowedCommand[], call: Call) => this.upstream.progress(commands, call);

  completeSupplement = (input: messages.Supplement, call: Call) => this.upstream.supplement(input, call);
  completeSupplementOutcome = (input: messages.Supplement | undefined, call: Call) =>
    this.upstream.findMarked(numberOf(input), call);

  reportResultReturned = (input: messages.ReturnedResult, call: Call) => this.upstream.reportReturned(input, call);
  async reportResultReturnedOutcome(input: messages.ReturnedResult | undefined, call: Call) {
    const found = await this.upstream.find(numberOf(input), call);
    return found?.state === 'returned' ? found : undefined;
  }

  returnFaultyResult = (input: messages.FaultyResult, call: Call) => this.upstream.returnFaulty(input, call);
  returnFaultyResultOutcome = (input: messages.FaultyResult | undefined, call: Call) =>
    this.upstream.findMarked(numberOf(input), call);

  async getParcel(question: messages.ParcelQuestion, call: Call): Promise<messages.Parcel> {
    const parcel = await this.upstream.findParcel(question, call);
    if (!parcel) throw new BusError('not-found');
    return parcel;
  }
}

/** The key alone does not name the dossier; without it nothing can be said, least of all that nothing happened. */
function numberOf(input: messages.LandDossierNote | undefined): string {
  if (input) return input.receiptNumber;
  const en = 'the receipt number is needed; repeating the command with its key is safe';
  throw new BusError('outcome-unknown', {
    detail: { en, vi: 'cần số biên nhận; gửi lại lệnh với cùng khóa là an toàn' },
  });
}
