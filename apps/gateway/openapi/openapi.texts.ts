import type { ContextName } from '#lgsp/bus';
import type { Text } from '#lgsp/errors';

/** Every sentence of the OpenAPI document that does not come from a connector or from the error table. */

export const documentTexts = {
  title: { en: 'Integration bus of the province (LGSP)', vi: 'Nền tảng tích hợp, chia sẻ dữ liệu cấp tỉnh (LGSP)' },
  description: {
    en:
      'One door to the outside systems of the province: JSON in, JSON out. Made from the connectors that are present.\n\n' +
      '- **Who calls**: an access token (`POST /oauth2/token`) or an API key (`Authorization: ApiKey <secret>`).\n' +
      '- **For whom**: headers `Lgsp-Agency`, `Lgsp-Officer`, `Lgsp-Dossier`, `Lgsp-Procedure`, `Lgsp-Purpose`, as each operation requires.\n' +
      '- **Commands** need an `Idempotency-Key`: one key for each thing that shall happen once. Sent again with the same key, they ' +
      'are answered as the first time.\n' +
      '- **Failures** are problem documents: `fault` says whose it is, `retry` whether to call again — `never`; `after` a pause ' +
      '(`Retry-After`); `same-key`: again with the same key.\n' +
      '- **Messages** are Vietnamese with `Accept-Language: vi`; this document with `?lang=vi`.',
    vi:
      'Một cửa duy nhất tới các hệ thống bên ngoài của tỉnh: gửi JSON, nhận JSON. Tài liệu được dựng từ các bộ kết nối đang có.\n\n' +
      '- **Ai gọi**: mã truy cập (`POST /oauth2/token`) hoặc khóa API (`Authorization: ApiKey <khóa>`).\n' +
      '- **Gọi cho ai**: các tiêu đề `Lgsp-Agency` (cơ quan), `Lgsp-Officer` (cán bộ), `Lgsp-Dossier` (mã hồ sơ), ' +
      '`Lgsp-Procedure` (mã thủ tục), `Lgsp-Purpose` (mục đích), theo yêu cầu của từng dịch vụ.\n' +
      '- **Lệnh** cần `Idempotency-Key`: mỗi việc chỉ được xảy ra một lần có một khóa riêng. Gửi lại cùng khóa thì nhận lại đúng ' +
      'câu trả lời lần đầu.\n' +
      '- **Lỗi** là tài liệu problem+json: `fault` cho biết lỗi do ai, `retry` cho biết có gọi lại không — `never` (không), `after` ' +
      '(sau một lúc, xem `Retry-After`), `same-key` (gọi lại với cùng khóa).\n' +
      '- **Thông báo** bằng tiếng Việt khi có `Accept-Language: vi`; tài liệu này khi có `?lang=vi`.',
  },
  apiKey: {
    en: 'The word `ApiKey`, a space, and the secret: `ApiKey one-stop.Zx…`',
    vi: 'Chữ `ApiKey`, một dấu cách, rồi đến khóa: `ApiKey one-stop.Zx…`',
  },
  accessToken: {
    en: 'OAuth2 client credentials: the id of the client and its secret give a token of an hour',
    vi: 'OAuth2 client credentials: mã phần mềm và khóa đổi lấy mã truy cập dùng trong một giờ',
  },
  clientSecret: {
    en: 'Id and secret of the client, at the token endpoint only',
    vi: 'Mã phần mềm và khóa, chỉ dùng tại điểm cấp mã',
  },
  busTag: { en: 'The bus itself', vi: 'Bản thân trục tích hợp' },
  owner: { en: 'Answered for by', vi: 'Đơn vị chịu trách nhiệm' },
  accepted: {
    en: 'Accepted: it is sent when it can be; `Location` says where its outcome is',
    vi: 'Đã tiếp nhận: sẽ gửi đi khi có thể; xem kết quả tại `Location`',
  },
  success: { en: 'Done', vi: 'Thành công' },
} as const satisfies Record<string, Text>;

export const operationTexts = {
  query: { en: 'Query: may be repeated, has no effect there.', vi: 'Tra cứu: gọi lại được, không làm thay đổi gì.' },
  command: {
    en: 'Command: has an effect there, so it needs an `Idempotency-Key`.',
    vi: 'Lệnh: làm thay đổi dữ liệu ở hệ thống nguồn nên cần `Idempotency-Key`.',
  },
  time: { en: 'Answered within', vi: 'Trả lời trong vòng' },
  deprecated: { en: 'Not to be used any more since', vi: 'Không nên dùng nữa, từ ngày' },
  sunset: { en: 'Taken away on', vi: 'Ngừng cung cấp từ ngày' },
  holds: { en: 'Holds', vi: 'Dữ liệu' },
  public: { en: 'public data', vi: 'công khai' },
  personal: { en: 'personal data', vi: 'cá nhân' },
  confidential: { en: 'sensitive personal data', vi: 'cá nhân nhạy cảm' },
} as const satisfies Record<string, Text>;

/** Context headers: what each is, and an invented value. */
export const contextTexts: Record<ContextName, { header: string; text: Text; example: string }> = {
  agency: {
    header: 'Lgsp-Agency',
    text: {
      en: 'Agency on whose behalf the call is made; one that the client may speak for',
      vi: 'Mã định danh cơ quan mà lượt gọi thực hiện thay; phải là cơ quan phần mềm được gọi thay',
    },
    example: 'H24.11',
  },
  officer: {
    header: 'Lgsp-Officer',
    text: { en: 'Account of the officer who acts', vi: 'Tài khoản của cán bộ thực hiện' },
    example: 'canbo.mau',
  },
  dossier: {
    header: 'Lgsp-Dossier',
    text: { en: 'Code of the dossier', vi: 'Mã hồ sơ' },
    example: 'H24.11-261101-0001',
  },
  procedure: {
    header: 'Lgsp-Procedure',
    text: { en: 'Code of the administrative procedure', vi: 'Mã thủ tục hành chính' },
    example: '1.001193',
  },
  purpose: {
    header: 'Lgsp-Purpose',
    text: { en: 'What the answer is needed for', vi: 'Mục đích sử dụng kết quả' },
    example: 'xac minh cu tru',
  },
};

export const parameterTexts = {
  idempotencyKey: {
    en: 'New for each thing that shall happen once, the same when it is sent again; 1 to 255 visible ASCII characters, kept 7 days',
    vi: 'Mỗi việc chỉ xảy ra một lần có một khóa mới, gửi lại thì giữ nguyên khóa; 1 đến 255 ký tự ASCII hiển thị được, lưu 7 ngày',
  },
  prefer: {
    en: '`respond-async`: is answered with 202 as soon as it is durable, and sent when it can be',
    vi: '`respond-async`: trả lời 202 ngay khi đã lưu bền vững, gửi đi khi có thể',
  },
  deadline: {
    en: 'Shortens the time within which the call is answered, in milliseconds',
    vi: 'Rút ngắn thời gian chờ trả lời, tính bằng mili giây',
  },
  language: { en: 'Language of messages: `en` or `vi`', vi: 'Ngôn ngữ của thông báo: `vi` hoặc `en`' },
  traceparent: { en: 'W3C trace context, passed on', vi: 'Ngữ cảnh truy vết W3C, được chuyển tiếp' },
} as const satisfies Record<string, Text>;

export const headerTexts = {
  'Lgsp-Transaction-Id': {
    en: 'The transaction (UUIDv7), on every admitted call, also a failed one',
    vi: 'Mã giao dịch (UUIDv7), có ở mọi lượt gọi được tiếp nhận, kể cả khi lỗi',
  },
  Location: { en: 'Where the outcome of the accepted command is', vi: 'Nơi xem kết quả của lệnh đã tiếp nhận' },
  'Preference-Applied': {
    en: '`respond-async` when the command was accepted only',
    vi: '`respond-async` khi lệnh mới được tiếp nhận',
  },
  RateLimit: { en: 'What is left of the tightest limit', vi: 'Số lượt còn lại của hạn mức chặt nhất' },
  'RateLimit-Policy': { en: 'The tightest limit', vi: 'Hạn mức chặt nhất' },
  'Retry-After': { en: 'Seconds after which to call again', vi: 'Số giây phải chờ trước khi gọi lại' },
  'Idempotency-Replayed': {
    en: '`true` when this is the answer that was given before under the same key',
    vi: '`true` khi đây là câu trả lời đã có trước đó của cùng khóa',
  },
  traceparent: {
    en: 'The caller’s trace context, or a new one',
    vi: 'Ngữ cảnh truy vết của bên gọi, hoặc ngữ cảnh mới',
  },
  Deprecation: {
    en: 'Since when the operation should not be used any more (RFC 9745): `@` and seconds since 1970',
    vi: 'Thời điểm dịch vụ không nên dùng nữa (RFC 9745): `@` và số giây kể từ 1970',
  },
  Sunset: { en: 'When it is taken away (RFC 8594)', vi: 'Thời điểm ngừng cung cấp (RFC 8594)' },
  Link: {
    en: 'Where to read about it, and the version that takes its place (`rel="successor-version"`)',
    vi: 'Nơi xem tài liệu và phiên bản thay thế (`rel="successor-version"`)',
  },
  'WWW-Authenticate': { en: 'The schemes that open the door', vi: 'Các cách xác thực được chấp nhận' },
} as const satisfies Record<string, Text>;
