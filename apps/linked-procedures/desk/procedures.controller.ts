import { Controller, Inject } from '@nestjs/common';
import { Topic } from '#lgsp/kit';
import { procedureSubjects, type ProcedurePage, type ProcedureView } from '#lgsp/procedures';
import { GiveUpOrder, ListQuestion, ResumeOrder, ShowQuestion } from './desk.messages';
import { ProceduresDesk } from './procedures.desk';

/** Linked procedures, as operators look at them and deal with them over the bus. */
@Controller()
export class ProceduresController {
  constructor(@Inject(ProceduresDesk) private readonly desk: ProceduresDesk) {}

  @Topic(procedureSubjects.list, ListQuestion, 'Linked procedures, the oldest first')
  list(question: ListQuestion): Promise<ProcedurePage> {
    return this.desk.list(question);
  }

  @Topic(procedureSubjects.show, ShowQuestion, 'One linked procedure, by its id or a code of its dossier')
  show({ which }: ShowQuestion): Promise<ProcedureView[]> {
    return this.desk.show(which);
  }

  @Topic(procedureSubjects.resume, ResumeOrder, 'Goes on at the step that failed')
  resume(order: ResumeOrder): Promise<ProcedureView> {
    return this.desk.resume(order);
  }

  @Topic(procedureSubjects.giveUp, GiveUpOrder, 'Undoes what can be undone, and tries no more')
  giveUp(order: GiveUpOrder): Promise<ProcedureView> {
    return this.desk.giveUp(order);
  }
}
