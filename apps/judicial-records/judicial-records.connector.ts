import { Injectable } from '@nestjs/common';
import { BusError } from '#lgsp/errors';
import { defineConnector, operation, type AdapterOf, type Call, type CallbackRequest } from '#lgsp/kit';
import { JudicialRecordsCallbacks, submission } from './judicial-records.callbacks.upstream';
import * as examples from './judicial-records.examples';
import {
  Acknowledged,
  Acknowledgement,
  CertificateChanges,
  CertificateQuestion,
  CertificateReceipt,
  CertificateRequest,
  CertificateState,
  ChangesQuestion,
} from './judicial-records.messages';
import { receiptNumberOf } from './judicial-records.form.upstream';
import { JudicialRecordsUpstream } from './judicial-records.upstream';

export const judicialRecords = defineConnector({
  name: 'judicial-records',
  version: '1.0.0',
  owner: 'Công an thành phố Hải Phòng',
  summary: { en: 'Judicial records', vi: 'Lý lịch tư pháp' },
  operations: {
    requestCertificate: operation({
      kind: 'command',
      idempotency: 'the dossier code is the receipt number, unique there; its state is asked before sending again',
      summary: {
        en: 'Hands in a request for a judicial-record certificate',
        vi: 'Gửi hồ sơ đề nghị cấp phiếu lý lịch tư pháp',
      },
      input: CertificateRequest,
      output: CertificateReceipt,
      requires: ['dossier', 'officer'],
      timeoutMs: 20_000,
      sensitivity: 'confidential',
      example: examples.request,
    }),
    getCertificateStatus: operation({
      kind: 'query',
      summary: { en: 'Says where a request stands', vi: 'Tra trạng thái hồ sơ lý lịch tư pháp' },
      input: CertificateQuestion,
      output: CertificateState,
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
      input: ChangesQuestion,
      output: CertificateChanges,
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
      input: Acknowledgement,
      output: Acknowledged,
      timeoutMs: 10_000,
      sensitivity: 'confidential',
      example: examples.acknowledgement,
    }),
  },
  callbacks: { submission },
});

@Injectable()
export class JudicialRecordsAdapter implements AdapterOf<typeof judicialRecords> {
  constructor(
    private readonly upstream: JudicialRecordsUpstream,
    private readonly callbacks: JudicialRecordsCallbacks,
  ) {}

  submissionCallback = (request: CallbackRequest) => this.callbacks.submit(request);

  async requestCertificate(input: CertificateRequest, call: Call): Promise<CertificateReceipt> {
    const receiptNumber = receiptNumberOf(call);
    return { receiptNumber, status: 'received', recordId: await this.upstream.register(input, receiptNumber, call) };
  }

  async requestCertificateOutcome(_input: unknown, call: Call): Promise<CertificateReceipt | undefined> {
    const receiptNumber = receiptNumberOf(call);
    const found = await this.upstream.find({ dossier: receiptNumber }, call);
    return found && { receiptNumber, status: found.status };
  }

  async getCertificateStatus(input: CertificateQuestion, call: Call): Promise<CertificateState> {
    const found = await this.upstream.find(input, call);
    if (!found) throw new BusError('not-found');
    return found;
  }

  listChanged({ channel = 'one-stop', limit = 100 }: ChangesQuestion, call: Call): Promise<CertificateChanges> {
    return this.upstream.changes(channel, limit, call);
  }

  async acknowledge({ recordIds }: Acknowledgement, call: Call): Promise<Acknowledged> {
    await this.upstream.acknowledge(recordIds, call);
    return { acknowledged: recordIds.length };
  }

  /** The system cannot be asked: whether it was done nobody knows, and sending it again is harmless. */
  async acknowledgeOutcome(input: Acknowledgement | undefined): Promise<undefined> {
    if (!input) throw new BusError('outcome-unknown');
  }
}
