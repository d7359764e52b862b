import { Controller, Inject } from '@nestjs/common';
import { bookSubjects, type TransactionPage, type TransactionView } from '#lgsp/records';
import { BookTopic } from '../book.topic';
import { SearchQuestion, TransactionQuestion } from './search.messages';
import { Transactions } from './transactions';

/** Transactions, as they are looked for over the bus. */
@Controller()
export class SearchController {
  constructor(@Inject(Transactions) private readonly transactions: Transactions) {}

  @BookTopic(bookSubjects.transaction, TransactionQuestion, 'A transaction as it stands')
  one({ id, client }: TransactionQuestion): Promise<TransactionView> {
    return this.transactions.one(id, client);
  }

  @BookTopic(bookSubjects.transactions, SearchQuestion, 'Transactions by what they have in common, the newest first')
  page(question: SearchQuestion): Promise<TransactionPage> {
    return this.transactions.page(question);
  }
}
