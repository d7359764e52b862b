import { Controller, Inject } from '@nestjs/common';
import {
  bookSubjects,
  type ClosingSeal,
  type EvidenceKeysAnswer,
  type EvidencePage,
  type Receipt,
  type SealsPage,
} from '#lgsp/records';
import { BookTopic } from '../book.topic';
import {
  ClosingQuestion,
  EvidenceKeysQuestion,
  EvidenceQuestion,
  ReceiptQuestion,
  SealsQuestion,
} from './evidence.messages';
import { EvidencePages } from './evidence.pages';
import { PublishedKeys } from './published.keys';
import { Receipts } from './receipts';

/** Signed evidence, as it is asked for over the bus: receipts of transactions, and what stood in the stream in a period. */
@Controller()
export class EvidenceController {
  constructor(
    @Inject(Receipts) private readonly receipts: Receipts,
    @Inject(EvidencePages) private readonly pages: EvidencePages,
    @Inject(PublishedKeys) private readonly published: PublishedKeys,
  ) {}

  @BookTopic(bookSubjects.receipt, ReceiptQuestion, 'The signed evidence of one transaction')
  receipt({ id, client }: ReceiptQuestion): Promise<Receipt> {
    return this.receipts.receipt(id.toLowerCase(), client);
  }

  @BookTopic(bookSubjects.evidence, EvidenceQuestion, 'What stood in the stream in a period, page by page')
  evidence(question: EvidenceQuestion): Promise<EvidencePage> {
    return this.pages.page(question);
  }

  @BookTopic(bookSubjects.seals, SealsQuestion, 'The chain of seals, page by page')
  seals(question: SealsQuestion): Promise<SealsPage> {
    return this.pages.sealsAfter(question);
  }

  @BookTopic(bookSubjects.closingSeal, ClosingQuestion, 'The seal that closes an evidence file')
  async closingSeal(question: ClosingQuestion): Promise<ClosingSeal> {
    return { seal: await this.pages.closing(question) };
  }

  @BookTopic(bookSubjects.evidenceKeys, EvidenceKeysQuestion, 'Public keys of recorders, by their ids')
  async evidenceKeys({ kids }: EvidenceKeysQuestion): Promise<EvidenceKeysAnswer> {
    const keys = await Promise.all(kids.map((kid) => this.published.find(kid)));
    return { keys: keys.filter((key) => key !== undefined) };
  }
}
