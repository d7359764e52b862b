import { createHash } from 'node:crypto';
import { busHeaders } from '#lgsp/bus';
import { describeConnector, type CallResult } from '#lgsp/kit/testing';
import { judicialRecordsStandIn } from '../sandbox/judicial-records/judicial-records.stand-in';
import { SandboxClock } from '../sandbox/sandbox.clock';
import { startStandIn } from '../sandbox/start.stand-in';
import { JudicialRecordsCallbacks, submission } from './judicial-records.callbacks.upstream';
import { JudicialRecordsConfig } from './judicial-records.config';
import { judicialRecords, JudicialRecordsAdapter } from './judicial-records.connector';
import type { CertificateChange } from './judicial-records.messages';
import { JudicialRecordsUpstream } from './judicial-records.upstream';

const stepMs = 3_600_000;
const clock = new SandboxClock(stepMs);
const example = judicialRecords.operations.requestCertificate.example.input;
const dossierHeader = (dossier: string) => ({ headers: { [busHeaders.dossier]: dossier } });

describeConnector(
  {
    definition: judicialRecords,
    adapter: JudicialRecordsAdapter,
    providers: [JudicialRecordsUpstream, JudicialRecordsCallbacks],
    config: JudicialRecordsConfig,
  },
  {
    standIn: () => startStandIn(judicialRecordsStandIn, { clock }),
    // danhDauHsThanhCong marks what is marked already without a further effect.
    repeatableCommands: ['acknowledge'],
    callbacks: {
      submission: ({ LGSP_JUDICIAL_RECORDS_AUTH_KEY_SECRET: secret }) => {
        const { body } = submission.example;
        const { maTinh, maHoSoMCDT, ngayTiepNhan } = body as Record<string, string>;
        const proof = createHash('sha256').update([maTinh, maHoSoMCDT, ngayTiepNhan, secret].join('|'));
        return { body: { ...body, authKey: proof.digest('hex') } };
      },
    },
    peculiarities: (harness) => {
      const request = (dossier: string): Promise<CallResult> =>
        harness().call('requestCertificate', example, dossierHeader(dossier));
      const stateOf = async (dossier: string) => (await harness().call('getCertificateStatus', { dossier })).output;
      const changes = async (input: object = {}) => {
        const { output } = await harness().call('listChanged', { limit: 200, ...input });
        return output as unknown as { changes: CertificateChange[]; more: boolean };
      };
      const changeOf = async (dossier: string) =>
        (await changes()).changes.find((change) => change.dossier === dossier);

      describe('a dossier', () => {
        it('is known by its dossier code, and moves from received to ready', async () => {
          const { output } = await request('H24.11-261103-0101');
          expect(output).toMatchObject({ receiptNumber: 'H24.11-261103-0101', status: 'received' });
          expect(await stateOf('H24.11-261103-0101')).toEqual({ status: 'received' });
          clock.advance(stepMs);
          expect(await stateOf('H24.11-261103-0101')).toEqual({ status: 'processing' });
          clock.advance(stepMs);
          const day = expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as unknown;
          expect(await stateOf('H24.11-261103-0101')).toEqual({ status: 'ready', approvedOn: day, issuedOn: day });
        });

        it('answers not-found when the system says that it has none such', async () => {
          const { code } = await harness().call('getCertificateStatus', { dossier: 'H24.11-261103-9999' });
          expect(code).toBe('not-found');
        });

        it('that was handed in directly is asked with the applicant’s document', async () => {
          const input = { dossier: 'PH-260105-0017', channel: 'direct' };
          const named = await harness().call('getCertificateStatus', { ...input, documentNumber: '031190000016' });
          const wrong = await harness().call('getCertificateStatus', { ...input, documentNumber: '031190000017' });
          const without = await harness().call('getCertificateStatus', input);
          expect(named.output).toMatchObject({ status: 'ready' });
          expect(wrong.code).toBe('not-found');
          expect(without.problem?.errors).toEqual([
            expect.objectContaining({ path: '/documentNumber', rule: 'required' }),
          ]);
        });

        it('that is sent again with another key is taken again, as a further effect', async () => {
          const before = harness().effectCount();
          const [first, second] = [await request('H24.11-261103-0102'), await request('H24.11-261103-0102')];
          expect([first.code, second.code]).toEqual(['ok', 'ok']);
          expect(harness().effectCount() - before).toBe(2);
        });

        it('cannot be asked about without a dossier code', async () => {
          const { code } = await harness().call('requestCertificate', undefined, {
            outcome: true,
            headers: { [busHeaders.dossier]: undefined },
          });
          expect(code).toBe('missing-context');
        });
      });

      describe('the changed list', () => {
        it('lists a change until it is acknowledged, and the next change again', async () => {
          await request('H24.11-261103-0201');
          expect(await changeOf('H24.11-261103-0201')).toBeUndefined();
          clock.advance(stepMs);
          const change = await changeOf('H24.11-261103-0201');
          expect(change).toMatchObject({ status: 'processing' });
          expect(await changeOf('H24.11-261103-0201')).toEqual(change);
          const { output } = await harness().call('acknowledge', { recordIds: [change!.recordId] });
          expect(output).toEqual({ acknowledged: 1 });
          expect(await changeOf('H24.11-261103-0201')).toBeUndefined();
          clock.advance(stepMs);
          expect(await changeOf('H24.11-261103-0201')).toMatchObject({ status: 'ready', recordId: change!.recordId });
        });

        it('keeps a change that came after the one that is acknowledged', async () => {
          await request('H24.11-261103-0202');
          clock.advance(stepMs);
          const change = await changeOf('H24.11-261103-0202');
          clock.advance(stepMs);
          await harness().call('acknowledge', { recordIds: [change!.recordId] });
          expect(await changeOf('H24.11-261103-0202')).toMatchObject({ status: 'ready' });
        });

        it('gives no more than was asked for, and the rest after an acknowledgement', async () => {
          for (const serial of ['0301', '0302', '0303']) await request(`H24.11-261103-${serial}`);
          clock.advance(2 * stepMs);
          const all = (await changes()).changes;
          expect(all.length).toBeGreaterThanOrEqual(3);
          const page = await changes({ limit: 2 });
          expect(page).toEqual({ changes: all.slice(0, 2), more: true });
          const before = harness().effectCount();
          const recordIds = page.changes.map(({ recordId }) => recordId);
          await harness().call('acknowledge', { recordIds });
          await harness().call('acknowledge', { recordIds });
          expect(harness().effectCount() - before).toBe(2);
          expect((await changes()).changes).toEqual(all.slice(2));
        });

        it('takes ids joined with a semicolon from nobody but us', async () => {
          const { code, problem } = await harness().call('acknowledge', { recordIds: ['A;B'] });
          expect({ code, path: problem?.errors?.[0]?.path }).toEqual({ code: 'invalid-request', path: '/recordIds' });
        });

        it('refuses an id that the system did not give', async () => {
          const { code, problem } = await harness().call('acknowledge', { recordIds: ['0123456789ABCDEF'] });
          expect({ code, upstream: problem?.upstream?.code }).toEqual({ code: 'upstream-rejected', upstream: '302' });
        });
      });

      describe('a request', () => {
        it('that the system refuses names the caller’s own fields, and quotes nothing in the log', async () => {
          const document = { type: 'citizen-card', number: '031900016' };
          const input = { ...example, applicant: { ...example.applicant, document } };
          const { code, problem } = await harness().call('requestCertificate', input);
          expect(code).toBe('upstream-rejected');
          expect(problem).toMatchObject({
            errors: [{ path: '/applicant/document/number', rule: 'upstream-field' }],
            upstream: { code: '302', message: expect.stringContaining('identifyNo') as string },
          });
          expect(harness().logLines.join('')).not.toContain('Dữ liệu không hợp lệ');
        });

        it('needs its representative named when one asks', async () => {
          const { problem } = await harness().call('requestCertificate', { ...example, requestedBy: 'representative' });
          expect(problem?.errors).toEqual([expect.objectContaining({ path: '/representative', rule: 'required' })]);
          const representative = { fullName: 'Trần Văn Mẫu', relation: 'Con', authorisedOn: '2026-10-30' };
          const { code } = await harness().call('requestCertificate', {
            ...example,
            requestedBy: 'representative',
            representative,
          });
          expect(code).toBe('ok');
        });

        it('of a nationality that the catalogue lacks is not sent', async () => {
          const before = harness().effectCount();
          const applicant = { ...example.applicant, nationality: 'XX' };
          const { problem } = await harness().call('requestCertificate', { ...example, applicant });
          expect(problem?.errors).toEqual([
            expect.objectContaining({ path: '/applicant/nationality', rule: 'is-in', message: 'must be one of: VN' }),
          ]);
          expect(harness().effectCount()).toBe(before);
        });
      });

      describe('its access', () => {
        it('is renewed once when the token has expired, for a command too, with one effect', async () => {
          await stateOf('H24.11-260105-0016');
          const before = harness().effectCount();
          await harness().standIn.setFault({ kind: 'expired-token' });
          const { code, attempts } = await request('H24.11-261103-0401');
          expect({ code, attempts, effects: harness().effectCount() - before }).toEqual({
            code: 'ok',
            attempts: 2,
            effects: 1,
          });
        });
      });

      it('drops the answers from its debug log', async () => {
        await harness().call('listChanged', {});
        const outputs = harness().logLines.filter((line) => line.includes('"answered"'));
        expect(outputs.length).toBeGreaterThan(0);
        expect(outputs.every((line) => line.includes('"output":"[dropped]"'))).toBe(true);
      });
    },
  },
);
