import type { UpstreamWord } from '#lgsp/errors';
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
    let content: Record<string, unknown> | undefined;
    let fault: UpstreamWord | undefined;
    await this.http.send(call, {
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': 'text/xml; charset=utf-8', soapaction: action, accept: 'text/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?>${envelope}`,
      repeatable,
      accept: [500], // SOAP 1.1 sends its faults with this status.
      failure: (answer) => {
        content = answer.contentType.endsWith('xml') ? soapBody(answer.body) : undefined;
        fault = faultOf(content) ?? (answer.status === 500 ? { code: 'HTTP 500' } : undefined);
        return fault && fault.code !== ourFault ? upstreamFault(fault) : undefined;
      },
    });
    if (fault) throw upstreamFault(fault);
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

/** The fault blames what was sent: the outside system is not sick. */
const ourFault = 'soap:Client';

/** `soapenv:Server` and `Server` become `soap:Server`, so that one spelling is known to the retry rule. */
function faultOf(content: Record<string, unknown> | undefined): UpstreamWord | undefined {
  const fault = xmlAt(content, 'Fault');
  if (!fault) return undefined;
  const code = (xmlText(fault, 'faultcode') ?? 'unknown').split(':').pop();
  return { code: `soap:${code}`, message: xmlText(fault, 'faultstring')?.slice(0, 500) };
}
