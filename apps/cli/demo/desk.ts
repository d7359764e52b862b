import { todayInVietnam } from '#lgsp/vietnam';
import type { Play, Scene } from './demo.run';

/** A person of the sandbox's synthetic population, as its control API tells it. */
export interface SandboxPerson {
  personalId: string;
  fullName: string;
  sex: 'male' | 'female';
  birthDate: string;
  ward: { code: string; name: string };
  address: string;
  phone: string;
  father?: string;
  mother?: string;
}

/** What happens at a counter. */
export type Counter = (desk: Desk) => Play;

const agency = 'H24.11';

/** One visit of a citizen: who came, to which officer, under which dossier. */
export class Desk {
  readonly citizen: SandboxPerson;
  private readonly dossier: string;

  constructor(
    private readonly people: readonly SandboxPerson[],
    visit: number,
  ) {
    this.citizen = this.anyone();
    const day = today().slice(2).replaceAll('-', '');
    const serial = String((Date.now() % 10_000_000) + visit)
      .slice(-7)
      .padStart(7, '0');
    this.dossier = `${agency}-${day}-${serial}`;
  }

  anyone(where: (person: SandboxPerson) => boolean = () => true): SandboxPerson {
    const eligible = this.people.filter(where);
    return eligible[Math.floor(Math.random() * eligible.length)]!;
  }

  query(operation: string, input: object): Scene {
    return { operation, kind: 'query', input, headers: this.headers() };
  }

  /** @param procedure of the national catalogue, where the outside system asks for it */
  command(operation: string, procedure: string | undefined, input: object): Scene {
    const named: Record<string, string> = procedure === undefined ? {} : { 'lgsp-procedure': procedure };
    return { operation, kind: 'command', input, headers: { ...this.headers(), ...named } };
  }

  get dossierCode(): string {
    return this.dossier;
  }

  private headers(): Record<string, string> {
    const ward = this.citizen.ward.code;
    return { 'lgsp-agency': agency, 'lgsp-officer': `canbo.${ward}`, 'lgsp-dossier': this.dossier };
  }
}

/** The date in Vietnam. */
export const today = (): string => todayInVietnam(new Date());
