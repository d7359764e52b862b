import { Controller, Inject } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import { bookSubjects, type OpenCommandFacts, type QuestionAnswer } from '#lgsp/records';
import { BookTopic } from '../book.topic';
import { Database } from '../store/database';
import { openCommand } from './open.command';
import { Questions } from './questions';

class OpenCommandQuestion {
  /** Id of the transaction. */
  @IsUUID()
  id: string;
}

/** What an operator asks about a command whose outcome is open, through the gateway. */
@Controller()
export class QuestionsController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Questions) private readonly questions: Questions,
  ) {}

  @BookTopic(bookSubjects.openCommand, OpenCommandQuestion, 'What is known of a command whose outcome is open')
  async openCommand({ id }: OpenCommandQuestion): Promise<OpenCommandFacts> {
    const { facts, outcome } = await openCommand(this.database, id);
    const { client, environment, system, operation, version, mode, agency, dossier, procedure } = facts;
    const { idempotency, salt, requestHash } = facts;
    const known = { id, client, environment, system, operation, version, mode, agency, dossier, procedure };
    return { ...known, idempotency: idempotency!, salt, requestHash, outcome };
  }

  @BookTopic(bookSubjects.ask, OpenCommandQuestion, 'Asks its connector now what became of a command')
  async ask({ id }: OpenCommandQuestion): Promise<QuestionAnswer> {
    const { outcome, final, said } = await this.questions.askNow(id);
    return { outcome, final, said };
  }
}
