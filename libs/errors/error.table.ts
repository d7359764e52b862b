/**
 * Every way a call can fail, in one table. The problem documents, the docs page (docs/errors.md), the OpenAPI
 * responses and the outcome under which a failed transaction is counted are all read from here.
 */

/** A text shown to people, in both languages of the bus. */
export interface Text {
  en: string;
  vi: string;
}

/** Whose fault a failure is: tells an officer whether to correct the form, call the operator, or wait. */
export type Fault = 'caller' | 'bus' | 'upstream' | 'nobody';

/** Whether trying again can help: never, after a pause, or at once with the same idempotency key. */
export type Retry = 'never' | 'after' | 'same-key';

/** Where a transaction stands. `accepted` and `unknown` are open; the others are final and never change. */
export const outcomes = ['succeeded', 'not-found', 'rejected', 'failed', 'timed-out', 'accepted', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];

export interface ErrorRow {
  /** HTTP status, also sent as `Nats-Service-Error-Code`. */
  status: number;
  fault: Fault;
  retry: Retry;
  /** The outcome of an admitted transaction that ends so; `door` when the call is refused before it is one. */
  outcome: Outcome | 'door';
  title: Text;
}

const row = (
  status: number,
  fault: Fault,
  retry: Retry,
  outcome: ErrorRow['outcome'],
  en: string,
  vi: string,
): ErrorRow => ({ status, fault, retry, outcome, title: { en, vi } });

export const errorTable = {
  'malformed-json': row(
    400,
    'caller',
    'never',
    'rejected',
    'The body is not valid JSON',
    'Nội dung gửi lên không phải JSON hợp lệ',
  ),
  'invalid-request': row(400, 'caller', 'never', 'rejected', 'Some fields are not valid', 'Một số trường không hợp lệ'),
  'missing-context': row(
    400,
    'caller',
    'never',
    'door',
    'A required context header is missing or not valid',
    'Thiếu hoặc sai thông tin ngữ cảnh bắt buộc ở tiêu đề',
  ),
  'idempotency-key-required': row(
    400,
    'caller',
    'never',
    'door',
    'This command needs an Idempotency-Key header',
    'Lệnh này cần tiêu đề Idempotency-Key',
  ),
  'malformed-request': row(
    400,
    'caller',
    'never',
    'door',
    'The HTTP request is malformed',
    'Yêu cầu HTTP không đúng định dạng',
  ),
  unauthenticated: row(
    401,
    'caller',
    'after',
    'door',
    'The caller is not authenticated',
    'Chưa xác thực được phần mềm gọi',
  ),
  'token-expired': row(401, 'caller', 'after', 'door', 'The access token has expired', 'Mã truy cập đã hết hạn'),
  'operation-not-granted': row(
    403,
    'caller',
    'never',
    'door',
    'This client may not call this operation',
    'Phần mềm này không được cấp quyền gọi dịch vụ',
  ),
  'address-not-allowed': row(
    403,
    'caller',
    'never',
    'door',
    'Calls from this network address are not allowed',
    'Địa chỉ mạng này không được phép gọi',
  ),
  'client-suspended': row(403, 'caller', 'never', 'door', 'This client is suspended', 'Phần mềm này đang bị tạm ngừng'),
  'unknown-operation': row(404, 'caller', 'never', 'door', 'There is no such operation', 'Không có dịch vụ này'),
  'unknown-transaction': row(404, 'caller', 'never', 'door', 'There is no such transaction', 'Không có giao dịch này'),
  'unknown-route': row(404, 'caller', 'never', 'door', 'There is nothing at this address', 'Địa chỉ này không tồn tại'),
  'not-found': row(404, 'nobody', 'never', 'not-found', 'There is no such record', 'Không có bản ghi này'),
  'method-not-allowed': row(
    405,
    'caller',
    'never',
    'door',
    'This address does not take this method',
    'Địa chỉ này không nhận phương thức này',
  ),
  'request-timeout': row(
    408,
    'caller',
    'after',
    'door',
    'The request did not arrive in time',
    'Yêu cầu gửi đến quá chậm',
  ),
  'idempotency-key-in-progress': row(
    409,
    'caller',
    'same-key',
    'door',
    'The first call with this key is still under way',
    'Lệnh cùng khóa này đang được xử lý',
  ),
  cancelled: row(
    409,
    'caller',
    'never',
    'rejected',
    'The command was cancelled before it was sent',
    'Lệnh đã bị hủy trước khi gửi đi',
  ),
  'wrong-state': row(
    409,
    'caller',
    'never',
    'door',
    'The transaction is not in a state that allows this',
    'Trạng thái của giao dịch không cho phép thao tác này',
  ),
  'body-too-large': row(413, 'caller', 'never', 'door', 'The body is too large', 'Nội dung gửi lên quá lớn'),
  'unsupported-media-type': row(
    415,
    'caller',
    'never',
    'door',
    'Only application/json is accepted',
    'Chỉ nhận application/json',
  ),
  'upstream-rejected': row(
    422,
    'upstream',
    'never',
    'rejected',
    'The outside system refused the request',
    'Hệ thống nguồn từ chối yêu cầu',
  ),
  'idempotency-key-reused': row(
    422,
    'caller',
    'never',
    'door',
    'This key was already used for another request',
    'Khóa này đã dùng cho một yêu cầu khác',
  ),
  'rate-limited': row(
    429,
    'caller',
    'after',
    'door',
    'Too many calls in a short time',
    'Gọi quá nhiều trong thời gian ngắn',
  ),
  'quota-exhausted': row(
    429,
    'caller',
    'after',
    'door',
    'The quota of this period is used up',
    'Đã dùng hết hạn mức của kỳ này',
  ),
  'headers-too-large': row(
    431,
    'caller',
    'never',
    'door',
    'The request headers are too large',
    'Tiêu đề yêu cầu quá lớn',
  ),
  internal: row(500, 'bus', 'same-key', 'failed', 'The bus failed unexpectedly', 'Trục tích hợp gặp lỗi ngoài dự kiến'),
  'upstream-fault': row(
    502,
    'upstream',
    'after',
    'failed',
    'The outside system answered with a fault',
    'Hệ thống nguồn báo lỗi',
  ),
  'upstream-invalid': row(
    502,
    'upstream',
    'after',
    'failed',
    'The answer of the outside system could not be understood',
    'Không đọc được phản hồi của hệ thống nguồn',
  ),
  'upstream-unreachable': row(
    503,
    'upstream',
    'after',
    'failed',
    'The outside system cannot be reached',
    'Không kết nối được hệ thống nguồn',
  ),
  'circuit-open': row(
    503,
    'upstream',
    'after',
    'failed',
    'The outside system fails repeatedly and is given a pause',
    'Hệ thống nguồn lỗi liên tiếp nên đang tạm ngừng gọi',
  ),
  'connector-unavailable': row(
    503,
    'bus',
    'after',
    'failed',
    'The connector of this system is not running',
    'Bộ kết nối của hệ thống này không hoạt động',
  ),
  overloaded: row(503, 'bus', 'after', 'failed', 'Too many calls are under way', 'Đang có quá nhiều lượt gọi'),
  'bus-unavailable': row(
    503,
    'bus',
    'after',
    'failed',
    'The message bus cannot be reached',
    'Không kết nối được trục thông điệp',
  ),
  'ledger-unavailable': row(
    503,
    'bus',
    'after',
    'failed',
    'The ledger is not available now',
    'Sổ giao dịch hiện không dùng được',
  ),
  'upstream-timeout': row(
    504,
    'upstream',
    'after',
    'timed-out',
    'The outside system did not answer in time',
    'Hệ thống nguồn không trả lời kịp',
  ),
  'deadline-exceeded': row(
    504,
    'upstream',
    'after',
    'timed-out',
    'The deadline of the call has passed',
    'Đã quá thời hạn của lượt gọi',
  ),
  'outcome-unknown': row(
    504,
    'upstream',
    'same-key',
    'unknown',
    'It is not known whether the command took effect',
    'Chưa rõ lệnh đã có hiệu lực hay chưa',
  ),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as ErrorCode[];

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorTable, value);
}

/** The outcome of a call that was answered so. What a connector refuses as the door would have is a rejection. */
export function outcomeOf(code: ErrorCode | undefined): Outcome {
  if (code === undefined) return 'succeeded';
  const { outcome } = errorTable[code];
  return outcome === 'door' ? 'rejected' : outcome;
}
