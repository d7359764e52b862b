import { nowInVietnam, todayInVietnam, vietnamOffset } from '#lgsp/vietnam';
import { mulberry32 } from '../people/population';
import type { SandboxClock } from '../sandbox.clock';
import type { Enterprises, RegisteredEnterprise } from './business-registration.enterprises';

/** One registration dossier; days are `yyyy-MM-dd`. */
export interface RegistryDossier {
  /** Day and serial number: 261102001. */
  number: number;
  kind: string;
  name: string;
  enterprise?: RegisteredEnterprise;
  receivedOn: string;
  dueOn: string;
  /** 1 received, 2 processing, 3 lacks something, 4 approved, 5 refused. */
  status: string;
  /** Epoch milliseconds of the last change of the status. */
  changedAt: number;
  approvedOn?: string;
  supplementedOn?: string;
}

const kinds = ['Đăng ký mới', 'Đăng ký thay đổi', 'Tạm ngừng', 'Giải thể', 'Hoạt động trở lại'];
const dayMs = 86_400_000;
const minuteMs = 60_000;
const everyMinutes = 55;
const openedOn = '2026-01-01';
const processDays = 5;
const at = (day: string, time = '08:00'): number => Date.parse(`${day}T${time}:00${vietnamOffset}`);
const dayAfter = (day: string, days: number): string => todayInVietnam(new Date(at(day) + days * dayMs));

/**
 * The dossiers of the registry. Every day since it opened has its own, the same for the same day, one every 55 minutes from
 * eight o'clock; each moves on with the sandbox's time: received, processing, then approved, mostly.
 */
export class RegistryDossiers {
  private readonly examples: readonly RegistryDossier[];

  constructor(
    private readonly enterprises: Enterprises,
    private readonly clock: SandboxClock,
  ) {
    this.examples = examplesOf(enterprises);
  }

  find(number: number): RegistryDossier | undefined {
    const digits = String(number);
    const day = `20${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4, 6)}`;
    return this.receivedOn(day).find((dossier) => dossier.number === number);
  }

  /** @param from first day, and `to` the last; both count */
  received(from: string, to: string): RegistryDossier[] {
    const found: RegistryDossier[] = [];
    for (let day = from; day <= to; day = dayAfter(day, 1)) found.push(...this.receivedOn(day));
    return found;
  }

  /** Those whose status changed today, between two times `HH:mm`; both count. */
  processed(fromTime: string, toTime: string): RegistryDossier[] {
    const today = todayInVietnam(new Date(this.clock.now()));
    const [first, last] = [at(today, fromTime), at(today, toTime) + minuteMs];
    return this.received(dayAfter(today, -1), today).filter(({ changedAt }) => changedAt >= first && changedAt < last);
  }

  private receivedOn(day: string): RegistryDossier[] {
    const examples = this.examples.filter(({ receivedOn }) => receivedOn === day);
    if (!(day >= openedOn) || !Number.isFinite(at(day))) return examples;
    const random = mulberry32(Math.floor(at(day) / dayMs));
    const count = 3 + Math.floor(random() * 6);
    const dossiers = Array.from({ length: count }, (_, serial) => this.dossier(day, serial, random));
    return [...examples, ...dossiers.filter((dossier) => dossier !== undefined)];
  }

  private dossier(day: string, serial: number, random: () => number): RegistryDossier | undefined {
    const [kind, whose, fate] = [random(), random(), random()];
    const receivedAt = at(day) + serial * everyMinutes * minuteMs;
    if (receivedAt > this.clock.now()) return undefined;
    const { all } = this.enterprises;
    const enterprise = all[Math.floor(whose * all.length)]!;
    const kindText = kinds[Math.floor(kind * kinds.length)]!;
    const steps = Math.min(2, this.clock.stepsSince(receivedAt));
    const end = fate < 0.85 ? '4' : fate < 0.95 ? '3' : '5';
    const changedAt = receivedAt + steps * this.clock.stepMs;
    const status = ['1', '2', end][steps]!;
    return {
      number: Number(`${day.slice(2).replaceAll('-', '')}${String(serial + 1).padStart(3, '0')}`),
      kind: kindText,
      name: enterprise.name,
      enterprise: kindText === kinds[0] ? undefined : enterprise,
      receivedOn: day,
      dueOn: dayAfter(day, processDays),
      status,
      changedAt,
      approvedOn: status === '4' ? todayInVietnam(new Date(changedAt)) : undefined,
    };
  }
}

/** `dd/MM/yyyy HH:mm:ss`, Vietnamese time. */
export function momentText(moment: number): string {
  const [day = '', time = ''] = nowInVietnam(new Date(moment)).slice(0, 19).split('T');
  return `${slashed(day)} ${time}`;
}

export const slashed = (day: string): string => day.split('-').reverse().join('/');

/** The examples of the documentation, from before the registry opened. */
function examplesOf(enterprises: Enterprises): RegistryDossier[] {
  const [company, branch] = [enterprises.find('0201600166')!, enterprises.find('0201600166-001')!];
  const dossier = (day: string, kind: string, status: string, name: string): RegistryDossier => ({
    number: Number(`${day.slice(2).replaceAll('-', '')}001`),
    kind,
    name,
    receivedOn: day,
    dueOn: dayAfter(day, processDays),
    status,
    changedAt: at(day),
  });
  return [
    {
      ...dossier('2025-12-05', 'Đăng ký thay đổi', '4', company.name),
      enterprise: company,
      approvedOn: '2025-12-09',
      supplementedOn: '2025-12-08',
    },
    dossier('2025-12-06', 'Đăng ký mới', '3', 'CÔNG TY CỔ PHẦN THỬ NGHIỆM NGÔ QUYỀN'),
    { ...dossier('2025-12-11', 'Tạm ngừng', '5', branch.name), enterprise: branch },
  ];
}
