import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { outcomes, type Outcome } from '#lgsp/errors';

/** Of a transaction that was answered with 202: how it ended. */
export class TransactionData {
  /** As the book has it. */
  @IsIn(outcomes)
  outcome: Outcome;

  /** Whether it stands for ever. What does not may still be run again by an operator, under the same idempotency key. */
  @IsBoolean()
  final: boolean;

  /** The code of the error table; absent when it succeeded. */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  code?: string;

  /** The outside system's own code, where it named one. */
  @IsOptional()
  @IsString()
  @MaxLength(120)
  upstreamCode?: string;

  /** How often it was sent. */
  @IsInt()
  @Min(0)
  attempts: number;

  /** The transaction in whose place an operator ran this one, with an input that was put right. */
  @IsOptional()
  @IsUUID()
  replaces?: string;
}

/** Of something that a command began at an outside system: where it stands by now. */
export class ProgressData {
  /** By what the outside system knows it: dossier code, payment reference, order number. */
  @IsString()
  @MaxLength(255)
  reference: string;

  /** In the words of the bus, `supplement-required`. */
  @IsString()
  @MaxLength(255)
  state: string;

  /** As the outside system spells it. */
  @IsString()
  @MaxLength(255)
  upstreamState: string;

  /** The state of the national portal that it amounts to, 1 to 10; absent where none does. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10)
  portalState?: number;

  /** Whether no other state comes after it. */
  @IsBoolean()
  final: boolean;

  /** Since when it is so, ISO 8601 with offset. */
  @IsString()
  @MaxLength(40)
  at: string;

  /** How it was learned: the bus asked, or was called back. */
  @IsIn(['poll', 'callback'])
  source: 'poll' | 'callback';
}

/** Of something that should have ended by now. */
export class OverdueData {
  @IsOptional()
  @IsString()
  @MaxLength(255)
  reference?: string;

  /** Where it stands, as it was last told; absent when that was never known. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  state?: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  upstreamState?: string;

  /** When the command had taken effect, ISO 8601 with offset. */
  @IsString()
  @MaxLength(40)
  since: string;

  /** Whether the bus has stopped to ask. */
  @IsBoolean()
  abandoned: boolean;
}

/** Of a subscription whose address takes no events any more. */
export class WebhookData {
  /** The client's own name for it. */
  @IsString()
  @MaxLength(40)
  subscription: string;

  /** `gone`: the receiver said so (410). `failing`: it took nothing for too long. */
  @IsIn(['gone', 'failing'])
  reason: 'gone' | 'failing';

  /** What it last answered, or why it was not reached. */
  @IsString()
  @MaxLength(120)
  lastResult: string;

  /** Cursor of the last event that it took: `POST …/redeliver` goes on after it. */
  @IsString()
  @MaxLength(20)
  cursor: string;
}

/** Of a dossier that a citizen handed in through another app, for this client to work on. */
export class SubmissionData {
  /** `GET /v1/submissions/{id}` gives its body, for 30 days. */
  @Matches(/^[0-9a-f]{32}$/)
  submission: string;

  /** Of which kind the callback was that brought it. */
  @IsString()
  @MaxLength(64)
  kind: string;
}

/** Of a linked procedure that stopped or ended. */
export class ProcedureData {
  /** The step at which it stopped. */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  step?: string;

  /** The code of the error table that was last met there. */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  code?: string;

  /** The outside system's own code, where it named one. */
  @IsOptional()
  @IsString()
  @MaxLength(120)
  upstreamCode?: string;
}
