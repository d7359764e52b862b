import type { UpstreamCall } from '../call';
import { HttpUpstream, type UpstreamAuth } from './http.upstream';
import { upstreamFault, type Repeatable } from './upstream.failure';
import type { UpstreamRuntime } from './upstream.runtime';
import { buildXml, parseXml, xmlAt, xmlText, type XmlTree } from './xml';

export interface SoapRequest {
  /** Path below the base URL. */
  path?: string;
  /** `SOAPAction` header; several services want it empty. */
  action?: string;
  /** Further headers of HTTP, beside those that prove who we are. */
  headers?: Record<string, string>;
  /** Content of the SOAP body, elements in the order given. */
  body: XmlTree;
  repeatable?: Repeatable;
}

const envelopeNamespace = 'http://schemas.xmlsoap.org/soap/envelope/';

/** A SOAP 1.1 service of an outside system. */
export class SoapUpstream {
  readonly http: HttpUpstream;

  constructor(runtime: UpstreamRuntime, baseUrl: string, auth?: UpstreamAuth) {
    this.http = new HttpUpstream(runtime, baseUrl, auth);
  }

  /**
   * Sends one SOAP request and gives the content of the answer's body, without namespace prefixes.
   * @throws BusError `upstream-fault` on a SOAP fault (its code in `upstream.code`), `upstream-invalid` on anything else
   *   that is not SOAP
   */
  async call(
    call: UpstreamCall,
    { path = '', action = '', headers, body, repeatable }: SoapRequest,
  ): Promise<Record<string, unknown>> {
    const envelope = buildXml({
      'soapenv:Envelope': { '@xmlns:soapenv': envelopeNamespace, 'soapenv:Header': '', 'soapenv:Body': body },
    });
    const answer = await this.http.send(call, {
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': 'text/xml; charset=utf-8', soapaction: action, accept: 'text/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?>${envelope}`,
      repeatable,
      accept: [500], // SOAP 1.1 sends its faults with this status.
    });
    const content = answer.contentType.endsWith('xml') ? soapBody(answer.body) : undefined;
    const fault = xmlAt(content, 'Fault');
    if (fault) throw upstreamFault({ code: faultCode(fault), message: xmlText(fault, 'faultstring')?.slice(0, 500) });
    if (answer.status === 500) throw upstreamFault({ code: 'HTTP 500' });
    if (content) return content;
    throw this.http.invalid(call, { en: 'the answer is not SOAP', vi: 'phản hồi không phải SOAP' }, repeatable);
  }
}

function soapBody(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const body = xmlAt(parseXml(bytes.toString('utf8')), 'Envelope', 'Body');
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // Not XML at all: the caller of this function answers `upstream-invalid`.
  }
}

/** `soapenv:Server` or `Server` → `soap:Server`, so that one spelling is known to the retry rule. */
function faultCode(fault: unknown): string {
  return `soap:${(xmlText(fault, 'faultcode') ?? 'unknown').split(':').pop()}`;
}
