import { IsString } from 'class-validator';
import { operation } from '../definition';

class Words {
  @IsString() text: string;
}

const words = { text: 'a' };

/** A command that no outside system has. */
export const sampleCommand = operation({
  kind: 'command',
  idempotency: 'the key is the reference',
  summary: { en: 'Says', vi: 'Nói' },
  input: Words,
  output: Words,
  timeoutMs: 1_000,
  sensitivity: 'public',
  example: { input: words, output: words },
});
