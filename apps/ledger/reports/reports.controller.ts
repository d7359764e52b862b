import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { busHeaders, type BusContext } from '#lgsp/bus';
import { languageOf, type Language } from '#lgsp/errors';
import { readInput } from '#lgsp/kit';
import { bookSubjects } from '#lgsp/records';
import { Freezing } from './freezing';
import { fault } from './report.faults';
import { FreezeQuestion, FrozenMonthsQuestion, ReportQuestion } from './report.messages';
import { Reports, rowsMax } from './reports';

/** Largest answer, in bytes: what NATS carries, less some room for headers. */
const answerBytesMax = 8_380_000;

/** Reports and frozen months, as they are asked for over the bus. */
@Controller()
export class ReportsController {
  constructor(
    @Inject(Reports) private readonly reports: Reports,
    @Inject(Freezing) private readonly freezing: Freezing,
  ) {}

  @MessagePattern(bookSubjects.report, { endpointName: 'report', metadata: { kind: 'query' } })
  async report(@Payload() body: Uint8Array, @Ctx() context: BusContext): Promise<Uint8Array> {
    const language = languageIn(context);
    const report = await this.reports.report(readInput(ReportQuestion, body, language), language);
    const answer = Buffer.from(JSON.stringify(report));
    if (answer.length > answerBytesMax) throw fault('groupBy', 'rows-max', language, rowsMax);
    return answer;
  }

  @MessagePattern(bookSubjects.freeze, { endpointName: 'freeze', metadata: { kind: 'command' } })
  async freeze(@Payload() body: Uint8Array, @Ctx() context: BusContext): Promise<Uint8Array> {
    const language = languageIn(context);
    const frozen = await this.freezing.freeze(readInput(FreezeQuestion, body, language), language);
    return Buffer.from(JSON.stringify(frozen));
  }

  @MessagePattern(bookSubjects.frozenMonths, { endpointName: 'frozen-months', metadata: { kind: 'query' } })
  async frozenMonths(@Payload() body: Uint8Array, @Ctx() context: BusContext): Promise<Uint8Array> {
    const { environment } = readInput(FrozenMonthsQuestion, body, languageIn(context));
    return Buffer.from(JSON.stringify(await this.freezing.list(environment)));
  }
}

const languageIn = (context: BusContext): Language => languageOf(context.header(busHeaders.language));
