import type { UpstreamCall } from '../call';
import { HttpUpstream, type UpstreamAuth, type UpstreamRequest } from './http.upstream';
import { failureOfStatus } from './upstream.failure';
import type { UpstreamRuntime } from './upstream.runtime';

export interface RestRequest extends Omit<UpstreamRequest, 'body' | 'method'> {
  method?: UpstreamRequest['method'];
  /** Parameters after the `?`; undefined ones are left out. */
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  form?: Record<string, string>;
}

export interface RestAnswer {
  status: number;
  json: unknown;
}

/** A JSON service of an outside system. */
export class RestUpstream {
  readonly http: HttpUpstream;

  constructor(runtime: UpstreamRuntime, baseUrl: string, auth?: UpstreamAuth) {
    this.http = new HttpUpstream(runtime, baseUrl, auth);
  }

  /** @throws BusError; an answer that is not JSON by content and by content type is `upstream-invalid` */
  async json(call: UpstreamCall, request: RestRequest): Promise<RestAnswer> {
    const answer = await this.http.send(call, toHttp(request));
    if (!/[/+]json$/.test(answer.contentType)) {
      // A failure that the caller wanted to read and that says nothing is a failure all the same.
      if (answer.status >= 400) throw failureOfStatus(answer.status, request.repeatable ?? call.kind === 'query');
      throw this.http.invalid(
        call,
        { en: 'the answer is not of the type JSON', vi: 'phản hồi không phải kiểu JSON' },
        request.repeatable,
      );
    }
    try {
      return { status: answer.status, json: JSON.parse(answer.body.toString('utf8')) as unknown };
    } catch {
      throw this.http.invalid(
        call,
        { en: 'the answer is not valid JSON', vi: 'phản hồi không phải JSON hợp lệ' },
        request.repeatable,
      );
    }
  }

  /** Sends what is answered by a status alone, and gives it. @throws BusError when a success comes with content after all */
  async nothing(call: UpstreamCall, request: RestRequest): Promise<number> {
    const { status, body } = await this.http.send(call, toHttp(request));
    if (status >= 400 || body.length === 0) return status;
    const why = { en: 'the answer has content where none is due', vi: 'phản hồi có nội dung ngoài dự kiến' };
    throw this.http.invalid(call, why, request.repeatable);
  }

  /** A file, such as a receipt in PDF; its media type must be one of those asked for. */
  async file(call: UpstreamCall, request: RestRequest, contentTypes: readonly string[]): Promise<Buffer> {
    const answer = await this.http.send(call, toHttp(request));
    if (contentTypes.includes(answer.contentType)) return answer.body;
    throw this.http.invalid(call, {
      en: `the answer is not of the type ${contentTypes.join(' or ')}`,
      vi: `phản hồi không phải kiểu ${contentTypes.join(' hoặc ')}`,
    });
  }
}

function toHttp({ query, json, form, ...request }: RestRequest): UpstreamRequest {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) parameters.set(name, String(value));
  const search = parameters.size > 0 ? `?${parameters.toString()}` : '';
  const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
  if (json !== undefined) headers['content-type'] = 'application/json';
  if (form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
  const body = json !== undefined ? JSON.stringify(json) : form && new URLSearchParams(form).toString();
  return { method: body === undefined ? 'GET' : 'POST', ...request, path: request.path + search, headers, body };
}
