import { busHeaders } from '#lgsp/bus';
import { ConnectorHarness } from '#lgsp/kit/testing';
import { nationalPortalStandInWith } from '../sandbox/national-portal/national-portal.stand-in';
import { startStandIn } from '../sandbox/start.stand-in';
import { NationalPortalConfig } from './national-portal.config';
import { nationalPortal, NationalPortalAdapter } from './national-portal.connector';
import { NationalPortalUpstream } from './national-portal.upstream';
import { TransitionRule } from './transition.rule';

const parts = {
  definition: nationalPortal,
  adapter: NationalPortalAdapter,
  providers: [NationalPortalUpstream, TransitionRule],
  config: NationalPortalConfig,
};
const { syncDossier, listProcedures } = nationalPortal.operations;
const dossierInput = syncDossier.example.input;
const dossier = 'H24.11-261130-0001';
const headers = { [busHeaders.dossier]: dossier };

describe('national-portal: another portal', () => {
  const harnesses: ConnectorHarness[] = [];
  const started = async (settings: Record<string, string>, takesTwice = false): Promise<ConnectorHarness> => {
    const harness = new ConnectorHarness(parts, () => startStandIn(nationalPortalStandInWith({ takesTwice })));
    harnesses.push(harness);
    await harness.start(settings);
    return harness;
  };
  afterEach(() => Promise.all(harnesses.splice(0).map((harness) => harness.stop())));

  it('that takes a known dossier as new once more is told first that it is a change', async () => {
    const careful = await started({ LGSP_NATIONAL_PORTAL_FIRST: 'update' }, true);
    const changes = [];
    for (let nth = 0; nth < 3; nth++) {
      changes.push((await careful.call('syncDossier', dossierInput, { headers })).output?.['change']);
    }
    expect(changes).toEqual(['created', 'updated', 'updated']);
    const { output } = await careful.call('lookUpDossier', { dossier });
    expect(output?.['warnings']).toEqual([]);
  });

  it('that has a dossier twice is told of', async () => {
    const careless = await started({}, true);
    for (const summary of ['một', 'hai']) await careless.call('syncDossier', { ...dossierInput, summary }, { headers });
    const { output } = await careless.call('lookUpDossier', { dossier });
    expect(output?.['warnings']).toEqual(['duplicate-records']);
  });

  it('whose states follow each other otherwise is not kept from it', async () => {
    const other = await started({ LGSP_NATIONAL_PORTAL_CHECKS_TRANSITIONS: 'false' });
    const input = { ...dossierInput, previousState: 'completed', state: 'processing' };
    const { code } = await other.call('syncDossier', input, { headers });
    expect(code).toBe('ok');
  });

  it('that refuses our user is the operator’s matter', async () => {
    const locked = await started({ LGSP_NATIONAL_PORTAL_PASSWORD: 'khong-dung' });
    const { code } = await locked.call('lookUpDossier', { dossier: 'H24.11-261101-0042' });
    expect(code).toBe('upstream-fault');
    const log = locked.logLines.join('');
    expect(log).toContain('refuses our user');
    expect(log).not.toContain('khong-dung');
  });

  it('is asked for its procedures once in a while', async () => {
    const kept = await started({ LGSP_NATIONAL_PORTAL_CATALOGUE_MS: '60000' });
    await kept.call('listProcedures', listProcedures.example.input);
    const before = kept.standIn.requests;
    await kept.call('listProcedures', { contains: 'kết hôn' });
    expect(kept.standIn.requests).toBe(before);
  });
});
