import { conformanceRules, ruleIds, type RuleId } from './conformance.rules';
import type { RecordedSchemas } from './versions/schema.record';

/** One thing that a connector does otherwise than the protocol says. */
export interface ConformanceFinding {
  rule: RuleId;
  level: 'must' | 'should';
  /** Subject of the operation; of the service as a whole when it is left out. */
  subject?: string;
  /** What was sent, what came, and what should have come. */
  sent: string;
  came: string;
  expected: string;
  /** How often: the first one is shown. */
  times: number;
  /** Where the rule is written. */
  where: string;
}

export interface Evidence {
  sent: string;
  came: string;
  expected: string;
}

export type RuleState = 'kept' | 'broken' | 'not-tried';

/** What is known of one rule after a check. */
export interface RuleVerdict {
  rule: RuleId;
  state: RuleState;
  /** Why it was not tried, where it was not. */
  why?: string;
}

export interface ConformanceReport {
  target: string;
  system?: string;
  instances: number;
  /** Subjects of the operations that were held against the rules. */
  operations: string[];
  conforms: boolean;
  rules: RuleVerdict[];
  findings: ConformanceFinding[];
  /** What callers of these operations rely on, to be recorded. */
  schemas: RecordedSchemas;
}

/** Longest piece of a message that a finding shows, in characters. */
const shownMax = 400;

export const shorten = (text: string): string =>
  text.length > shownMax ? `${text.slice(0, shownMax)}… (${text.length} characters)` : text;

/** Collects what the checks see: one finding for each rule and operation, however often it is broken. */
export class Verdicts {
  private readonly found = new Map<string, ConformanceFinding>();
  private readonly kept = new Set<RuleId>();
  private readonly untried = new Map<RuleId, string>();

  keep(rule: RuleId): void {
    this.kept.add(rule);
  }

  break(rule: RuleId, subject: string | undefined, { sent, came, expected }: Evidence): void {
    const key = `${rule} ${subject ?? ''}`;
    const known = this.found.get(key);
    if (known) {
      known.times++;
      return;
    }
    const { level, section } = conformanceRules[rule];
    const where = `docs/protocol.md#${section}`;
    const evidence = { sent: shorten(sent), came: shorten(came), expected };
    this.found.set(key, { rule, level, subject, ...evidence, times: 1, where });
  }

  /** Says why a rule is not tried. */
  skip(rule: RuleId, why: string): void {
    if (!this.untried.has(rule)) this.untried.set(rule, why);
  }

  has(rule: RuleId, subject?: string): boolean {
    return this.found.has(`${rule} ${subject ?? ''}`);
  }

  /** In the order of the rules. */
  findings(): ConformanceFinding[] {
    return [...this.found.values()].toSorted((a, b) => ruleIds.indexOf(a.rule) - ruleIds.indexOf(b.rule));
  }

  rules(): RuleVerdict[] {
    const broken = new Set([...this.found.values()].map(({ rule }) => rule));
    return ruleIds.map((rule) => {
      if (broken.has(rule)) return { rule, state: 'broken' };
      if (this.kept.has(rule)) return { rule, state: 'kept' };
      return { rule, state: 'not-tried', why: this.untried.get(rule) ?? 'no operation that it speaks of' };
    });
  }
}
