import type { Text } from '#lgsp/errors';
import { OverdueData, ProcedureData, ProgressData, SubmissionData, TransactionData, WebhookData } from './event.data';

/** One type of event: what it tells, and the class whose fields its data has. */
export interface EventRow {
  summary: Text;
  /** Its fields carry class-validator decorators, from which the JSON Schema of the type is made. */
  data: new () => object;
}

/** Every type of event, in one table: whoever appends and whoever documents events reads it. */
export const eventTable = {
  'transaction.succeeded': {
    summary: { en: 'An asynchronous command took effect', vi: 'Lệnh không đồng bộ đã có hiệu lực' },
    data: TransactionData,
  },
  'transaction.rejected': {
    summary: {
      en: 'An asynchronous command was refused for good, or cancelled',
      vi: 'Lệnh không đồng bộ bị từ chối hoặc bị hủy',
    },
    data: TransactionData,
  },
  'transaction.failed': {
    summary: {
      en: 'An asynchronous command took no effect, and is not tried any more',
      vi: 'Lệnh không đồng bộ không có hiệu lực và không được thử lại nữa',
    },
    data: TransactionData,
  },
  'transaction.unknown': {
    summary: {
      en: 'It could not be found out whether an asynchronous command took effect: do not send it under another key',
      vi: 'Chưa rõ lệnh không đồng bộ có hiệu lực hay chưa: không gửi lại bằng khóa khác',
    },
    data: TransactionData,
  },
  'procedure.completed': {
    summary: { en: 'All steps of a linked procedure are done', vi: 'Thủ tục liên thông đã hoàn thành mọi bước' },
    data: ProcedureData,
  },
  'procedure.failed': {
    summary: {
      en: 'A linked procedure stopped at a step, until an operator resumes it',
      vi: 'Thủ tục liên thông dừng ở một bước, chờ người vận hành tiếp tục',
    },
    data: ProcedureData,
  },
  'procedure.given-up': {
    summary: {
      en: 'A linked procedure was given up; what could be undone was undone',
      vi: 'Thủ tục liên thông đã dừng hẳn; những gì hoàn tác được đã hoàn tác',
    },
    data: ProcedureData,
  },
  'dossier.progressed': {
    summary: {
      en: 'What a command began at an outside system, a dossier, a payment, a parcel, is in another state',
      vi: 'Hồ sơ, giao dịch thanh toán hoặc bưu gửi ở hệ thống nguồn đã chuyển trạng thái',
    },
    data: ProgressData,
  },
  'dossier.overdue': {
    summary: {
      en: 'What a command began at an outside system should have ended by now',
      vi: 'Hồ sơ, giao dịch thanh toán hoặc bưu gửi ở hệ thống nguồn đã quá hạn mà chưa kết thúc',
    },
    data: OverdueData,
  },
  'webhook.disabled': {
    summary: {
      en: 'Events are not sent to an address of the client any more, since it did not take them',
      vi: 'Ngừng gửi sự kiện tới một địa chỉ của phần mềm vì địa chỉ đó không nhận',
    },
    data: WebhookData,
  },
  'dossier.submitted': {
    summary: {
      en: 'A citizen handed in a dossier through another app; its body is fetched by its id',
      vi: 'Công dân đã nộp hồ sơ qua ứng dụng khác; nội dung lấy theo mã',
    },
    data: SubmissionData,
  },
} as const satisfies Record<string, EventRow>;

export type EventType = keyof typeof eventTable;

export const eventTypes = Object.keys(eventTable) as EventType[];

/** What the events of a type tell beside the envelope. */
export type EventData<T extends EventType = EventType> = InstanceType<(typeof eventTable)[T]['data']>;
