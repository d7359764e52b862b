import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { defineConnector, operation, type AdapterOf, type Call } from '#lgsp/kit';
import { dossierTerms, type FeedAcknowledgement, type FeedQuestion, type FollowedCommand } from '#lgsp/progress';
import * as examples from './judicial-records.examples';
import * as messages from './judicial-records.messages';
import { receiptNumberOf } from './judicial-records.form.upstream';
import { JudicialRecordsUpstream } from './judicial-records.upstream';

export const judicialRecords = defineConnector({
  name: 'judicial-records',
  version: '1.0.0',
  owner: 'Công an thành phố Hải Phòng',
  summary: { en: 'Judicial records', vi: 'Lý lịch tư pháp' },
  feeds: {
    changed: {
      summary: { en: 'Requests whose state changed', vi: 'Hồ sơ có thay đổi trạng thái' },
      timeoutMs: 15_000,
      everyMs: 300_000,
      pageMax: 100,
    },
  },
  operations: {
    requestCertificate: operation({
      kind: 'command',
      idempotency: 'the dossier code is the receipt number, unique there; its state is asked before sending again',
      summary: {
        en: 'Hands in a request for a judicial-record certificate',
        vi: 'Gửi hồ sơ đề nghị cấp phiếu lý lịch tư pháp',
      },
      input: messages.CertificateRequest,
      output: messages.CertificateReceipt,
      requires: ['dossier', 'officer'],
      timeoutMs: 20_000,
      sensitivity: 'confidential',
      // The list of changes tells it sooner; what was lost there, or taken by somebody else, is found by asking.
      follow: { ...dossierTerms, firstMs: 1_800_000 },
      example: examples.request,
    }),
    getCertificateStatus: operation({
      kind: 'query',
      summary: { en: 'Says where a request stands', vi: 'Tra trạng thái hồ sơ lý lịch tư pháp' },
      input: messages.CertificateQuestion,
      output: messages.CertificateState,
      timeoutMs: 10_000,
      sensitivity: 'confidential',
      example: examples.status,
    }),
    listChanged: operation({
      kind: 'query',
      summary: {
        en: 'Lists requests whose state changed; each comes again until it is acknowledged',
        vi: 'Danh sách hồ sơ có thay đổi trạng thái, lặp lại đến khi được đánh dấu đã nhận',
      },
      input: messages.ChangesQuestion,
      output: messages.CertificateChanges,
      timeoutMs: 15_000,
      sensitivity: 'confidential',
      example: examples.changes,
    }),
    acknowledge: operation({
      kind: 'command',
      idempotency: 'marking a change a second time has no further effect there',
      summary: {
        en: 'Marks changes as stored by the caller, so that they are not listed again',
        vi: 'Đánh dấu đã lấy trạng thái hồ sơ thành công',
      },
      input: messages.Acknowledgement,
      output: messages.Acknowledged,
      timeoutMs: 10_000,
      sensitivity: 'confidential',
      example: examples.acknowledgement,
    }),
  },
});

@Injectable()
export class JudicialRecordsAdapter implements AdapterOf<typeof judicialRecords> {
  constructor(private readonly upstream: JudicialRecordsUpstream) {}

  async requestCertificate(input: messages.CertificateRequest, call: Call): Promise<messages.CertificateReceipt> {
    const receiptNumber = receiptNumberOf(call);
    return { receiptNumber, status: 'received', recordId: await this.upstream.register(input, receiptNumber, call) };
  }

  async requestCertificateOutcome(_input: unknown, call: Call): Promise<messages.CertificateReceipt | undefined> {
    const receiptNumber = receiptNumberOf(call);
    const found = await this.upstream.find({ dossier: receiptNumber }, call);
    return found && { receiptNumber, status: found.status };
  }

  requestCertificateProgress = (commands: FollowedCommand[], call: Call) => this.upstream.progress(commands, call);
  changedFeed = ({ limit }: FeedQuestion, call: Call) => this.upstream.feed(limit, call);
  changedAcknowledge = ({ tokens }: FeedAcknowledgement, call: Call) => this.upstream.acknowledge(tokens, call);

  async getCertificateStatus(input: messages.CertificateQuestion, call: Call): Promise<messages.CertificateState> {
    const found = await this.upstream.find(input, call);
    if (!found) throw new BusError('not-found');
    return found;
  }

  listChanged(
    { channel = 'one-stop', limit = 100 }: messages.ChangesQuestion,
    call: Call,
  ): Promise<messages.CertificateChanges> {
    return this.upstream.changes(channel, limit, call);
  }

  async acknowledge({ recordIds }: messages.Acknowledgement, call: Call): Promise<messages.Acknowledged> {
    await this.upstream.acknowledge(recordIds, call);
    return { acknowledged: recordIds.length };
  }

  /** The system cannot be asked: whether it was done nobody knows, and sending it again is harmless. */
  async acknowledgeOutcome(input: messages.Acknowledgement | undefined): Promise<undefined> {
    if (!input) throw new BusError('outcome-unknown');
  }
}
