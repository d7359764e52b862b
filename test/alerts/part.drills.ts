import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startNats } from '#lgsp/bus/testing';
import { sampleRecord } from '#lgsp/records/testing';
import { land } from '../../apps/land/land.connector';
import { TestRecorder } from '../../apps/ledger/testing/test.recorder';
import type { TestCertificate } from './certificate';
import { overTls, type DrillBus, type DrillSet } from './drill.bus';
import { oldCertificate, renewedCertificate } from './outside.servers';

/** More records than the ledger may be behind, each in a batch of its own. */
const recordsBehind = 5_200;

/** Drills of the parts of the bus, while nobody calls. */
export function partDrills(drill: DrillBus): DrillSet {
  const { bus } = drill;
  let ledgerIsWell: Promise<void> | undefined;
  return {
    always: {
      'LgspConnectorDown, LgspProcessDown: a connector is killed, and started again': async () => {
        await bus.kill('land');
        await drill.fires('LgspConnectorDown', { within: '5m', labels: { system: 'land' } });
        await drill.fires('LgspProcessDown', { within: '5m', labels: { part: 'land' } });
        await bus.again('land');
        await drill.ends('LgspConnectorDown', { within: '5m', labels: { system: 'land' } });
        await drill.ends('LgspProcessDown', { within: '5m', labels: { part: 'land' } });
      },
      'LgspLedgerWithoutWriter, LgspEvidenceBroken: the ledger is killed, and started again; a batch is missing': () =>
        (ledgerIsWell = drillLedger(drill)),
      'LgspLimitsNotExact: Redis is killed, and started again': async () => {
        const about = { within: '5m', labels: { part: 'gateway' } };
        await bus.redis.crash();
        await drill.fires('LgspLimitsNotExact', about);
        await bus.redis.restart();
        await drill.ends('LgspLimitsNotExact', about);
      },
    },
    others: {
      'LgspBusSilent, LgspSystemSilent: nothing is called; one system is not called while another is': async () => {
        const whole = { within: '40m', labels: { part: 'gateway' } };
        await drill.fires('LgspBusSilent', whole);
        drill.work();
        await drill.ends('LgspBusSilent', whole);
        const system = { within: '40m', labels: { system: 'land' } };
        await drill.fires('LgspSystemSilent', system);
        const call = () => drill.call('land/get-parcel', land.operations.getParcel.example.input);
        await drill.whilst(call, 500, drill.ends('LgspSystemSilent', system));
      },
      'LgspCallbacksFail: a connector is killed while its system calls back, and started again': async () => {
        const about = { within: '20m', labels: { system: 'vnpost' } };
        await bus.kill('vnpost');
        const callBack = () => drill.callBack('vnpost/tracking');
        await drill.whilst(callBack, 300, drill.fires('LgspCallbacksFail', about));
        await bus.again('vnpost');
        await drill.ends('LgspCallbacksFail', about);
      },
      'LgspLedgerLag: somebody holds a lock on the book, and lets go of it': async () => {
        await ledgerIsWell;
        await drillLag(drill);
      },
      'LgspBusCertificateExpires: the certificate of NATS runs out, and is renewed': () => drillCertificate(drill),
    },
  };
}

async function drillLedger(drill: DrillBus): Promise<void> {
  const about = { within: '8m', labels: { part: 'ledger' } };
  await drill.bus.kill('ledger');
  await drill.fires('LgspLedgerWithoutWriter', about);
  await drill.bus.again('ledger');
  await drill.ends('LgspLedgerWithoutWriter', about);
  const recorder = await TestRecorder.open(await drill.bus.nats.connect('drill'));
  await recorder.append(sampleRecord());
  recorder.seal([sampleRecord()]); // Never stored.
  await recorder.append(sampleRecord());
  // It is kept up for a day, also when the chain is whole from here on: promtool tries its end.
  await drill.fires('LgspEvidenceBroken', { within: '5m', labels: { code: 'gap' } });
}

async function drillLag(drill: DrillBus): Promise<void> {
  const about = { within: '15m', labels: { part: 'ledger' } };
  const recorder = await TestRecorder.open(await drill.bus.nats.connect('drill'));
  const somebody = new Client({ connectionString: drill.databaseUrl });
  await somebody.connect();
  try {
    await somebody.query('begin; lock table book.transactions in access exclusive mode');
    for (let nth = 0; nth < recordsBehind; nth++) await recorder.append(sampleRecord());
    await drill.fires('LgspLedgerLag', about);
    await somebody.query('rollback');
  } finally {
    await somebody.end();
  }
  await drill.ends('LgspLedgerLag', about);
}

/** A process that is connected to a NATS of its own, encrypted. It looks at the certificate when it starts, and once an hour. */
async function drillCertificate(drill: DrillBus): Promise<void> {
  const about = { within: '5m', labels: { part: 'nats' } };
  const folder = mkdtempSync(join(tmpdir(), 'lgsp-nats-tls-'));
  const [certificate, key, trusted] = ['server.crt', 'server.key', 'trusted.pem'].map((name) => join(folder, name));
  const show = ({ cert, key: secret }: TestCertificate): void => {
    writeFileSync(certificate!, cert);
    writeFileSync(key!, secret);
  };
  const [old, renewed] = [oldCertificate(), renewedCertificate()];
  show(old);
  writeFileSync(trusted!, old.cert + renewed.cert);
  const nats = await startNats(`tls { cert_file: "${certificate}", key_file: "${key}" }`);
  const { port } = new URL(nats.url);
  try {
    const way = { LGSP_NATS_URL: `tls://localhost:${port}`, NODE_EXTRA_CA_CERTS: trusted! };
    await drill.run(overTls, way, 'population');
    await drill.fires('LgspBusCertificateExpires', about);
    show(renewed);
    nats.reload();
    await drill.bus.kill(overTls);
    await drill.run(overTls, way, 'population');
    await drill.ends('LgspBusCertificateExpires', about);
  } finally {
    await drill.bus.kill(overTls);
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
