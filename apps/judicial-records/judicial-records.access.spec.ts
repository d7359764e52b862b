import { loadConfig } from '#lgsp/config';
import { ConnectorHarness } from '#lgsp/kit/testing';
import { judicialRecordsStandIn } from '../sandbox/judicial-records/judicial-records.stand-in';
import { partnerOf } from '../sandbox/judicial-records/judicial-records.partner';
import type { StandInContext } from '../sandbox/stand-in';
import { startStandIn } from '../sandbox/start.stand-in';
import { JudicialRecordsCallbacks } from './judicial-records.callbacks.upstream';
import { JudicialRecordsConfig } from './judicial-records.config';
import { judicialRecords, JudicialRecordsAdapter } from './judicial-records.connector';
import { JudicialRecordsUpstream } from './judicial-records.upstream';

const parts = {
  definition: judicialRecords,
  adapter: JudicialRecordsAdapter,
  providers: [JudicialRecordsUpstream, JudicialRecordsCallbacks],
  config: JudicialRecordsConfig,
};

describe('its access at the sandbox', () => {
  async function codeWith(settings: (context: StandInContext) => Record<string, string>): Promise<string[]> {
    const standIn = await startStandIn({
      ...judicialRecordsStandIn,
      env: (context) => ({ ...judicialRecordsStandIn.env(context), ...settings(context) }),
    });
    const harness = new ConnectorHarness(parts, () => Promise.resolve(standIn));
    await harness.start();
    try {
      const { code, problem } = await harness.call('listChanged', {});
      return [code, problem?.upstream?.code ?? ''];
    } finally {
      await harness.stop();
    }
  }

  it('takes the right lgspaccesstoken, and refuses another partner', async () => {
    const withPartner = (change: object) => (context: StandInContext) => ({
      LGSP_JUDICIAL_RECORDS_PARTNER: JSON.stringify({ ...partnerOf(context), ...change }),
    });
    expect(await codeWith(withPartner({}))).toEqual(['ok', '']);
    expect(await codeWith(withPartner({ SecretKey: 'another' }))).toEqual(['upstream-fault', 'HTTP 401']);
  });

  it('is refused with another consumer secret', async () => {
    const wrong = () => ({ LGSP_JUDICIAL_RECORDS_CONSUMER_SECRET: 'another' });
    expect(await codeWith(wrong)).toEqual(['upstream-fault', 'HTTP 401']);
  });
});

it('its configuration names every fault, and no secret', () => {
  const load = (): unknown =>
    loadConfig(JudicialRecordsConfig, {
      LGSP_NATS_URL: 'nats://127.0.0.1:4222',
      LGSP_JUDICIAL_RECORDS_BASE_URL: 'http://127.0.0.1:4000',
      LGSP_JUDICIAL_RECORDS_PATHS: '{"token":"/token"}',
      LGSP_JUDICIAL_RECORDS_PARTNER: '{"SecretKey":"very-secret"}',
      LGSP_JUDICIAL_RECORDS_REGIONS: '{"11311":"x"}',
    });
  expect(load).toThrow(/CONSUMER_KEY/);
  expect(load).toThrow(/PATHS.*acknowledge/s);
  expect(load).toThrow(/PARTNER.*PartnerCodeCus/s);
  expect(load).toThrow(/REGIONS.*whole number/s);
  expect(load).not.toThrow(/very-secret/);
});
