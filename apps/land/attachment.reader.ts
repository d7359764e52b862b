import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BusError, type Text } from '#lgsp/errors';
import { HttpUpstream, UpstreamRuntime, type Call } from '#lgsp/kit';
import { LandConfig } from './land.config';
import type { LandAttachment, SentAttachment } from './land.messages';

/** An attachment with its bytes at hand. */
export interface ReadAttachment extends SentAttachment {
  name: string;
  originals?: number;
  copies?: number;
  bytes: Buffer;
}

/** What a server of files says of a link that the caller has to mend: everything but success and its own failure. */
const linkFaults = [300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 410];

const rules = {
  source: { en: 'must have either content or link', vi: 'phải có một trong hai: content hoặc link' },
  hash: { en: 'is required with link', vi: 'là bắt buộc khi có link' },
  mismatch: { en: 'is not the SHA-256 of the file', vi: 'không phải SHA-256 của tệp' },
  origin: { en: 'is on an origin that is not allowed', vi: 'không thuộc máy chủ được phép' },
} as const satisfies Record<string, Text>;

/**
 * Gives the files of attachments: from the call itself, or from where a link points. Links lead only to origins that the
 * operator has allowed, never follow a redirect, and are proven by their hash: a page that says "under maintenance" is not
 * handed in as somebody's deed. Nothing has been sent to the land system yet, so every failure here is a plain one.
 */
@Injectable()
export class AttachmentReader {
  private readonly origins: ReadonlyMap<string, HttpUpstream>;

  constructor(
    private readonly config: LandConfig,
    runtime: UpstreamRuntime,
  ) {
    const origins = new Set(config.attachmentOrigins.map((url) => new URL(url).origin));
    this.origins = new Map([...origins].map((origin) => [origin, new HttpUpstream(runtime, origin)]));
  }

  /** @throws BusError `invalid-request` naming the attachment; the failure rules of upstreams for a server of files */
  async read(attachments: readonly LandAttachment[] | undefined, call: Call): Promise<ReadAttachment[]> {
    const { attachmentBytesMax, attachmentsBytesMax } = this.config;
    const files: ReadAttachment[] = [];
    let totalBytes = 0;
    // One after the other, so that no more than the limit of all is ever held.
    for (const [index, attachment] of (attachments ?? []).entries()) {
      const path = `/attachments/${index}`;
      const bytes = await this.bytesOf(attachment, path, call);
      if (bytes.length > attachmentBytesMax) throw refusal(path, 'attachment-size', tooLarge(attachmentBytesMax), call);
      totalBytes += bytes.length;
      if (totalBytes > attachmentsBytesMax) {
        throw refusal('/attachments', 'attachment-size', tooLarge(attachmentsBytesMax), call);
      }
      files.push(proven(attachment, bytes, path, call));
    }
    return files;
  }

  private async bytesOf({ content, link, sha256 }: LandAttachment, path: string, call: Call): Promise<Buffer> {
    if ((content === undefined) === (link === undefined)) throw refusal(path, 'attachment-source', rules.source, call);
    if (content !== undefined) return Buffer.from(content, 'base64');
    if (sha256 === undefined) throw refusal(`${path}/sha256`, 'required', rules.hash, call);
    return this.fetched(new URL(link!), `${path}/link`, call);
  }

  private async fetched(url: URL, path: string, call: Call): Promise<Buffer> {
    const server = url.username === '' && url.password === '' ? this.origins.get(url.origin) : undefined;
    if (!server) throw refusal(path, 'attachment-origin', rules.origin, call);
    const request = { method: 'GET', path: url.pathname + url.search, repeatable: true, accept: linkFaults } as const;
    const { status, body } = await server.send(call, request);
    if (status >= 300) throw refusal(path, 'attachment-link', answered(status), call);
    return body;
  }
}

function proven({ sha256, ...attachment }: LandAttachment, bytes: Buffer, path: string, call: Call): ReadAttachment {
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== undefined && sha256 !== hash) {
    throw refusal(`${path}/sha256`, 'attachment-hash', rules.mismatch, call);
  }
  const { name, fileName, originals, copies } = attachment;
  return { name, fileName, originals, copies, bytes, sizeBytes: bytes.length, sha256: hash };
}

const tooLarge = (bytesMax: number): Text => ({
  en: `must have at most ${bytesMax} bytes`,
  vi: `không được quá ${bytesMax} byte`,
});

const answered = (status: number): Text => ({
  en: `was answered with HTTP ${status}`,
  vi: `được trả lời bằng HTTP ${status}`,
});

const refusal = (path: string, rule: string, message: Text, { language }: Call): BusError =>
  new BusError('invalid-request', { errors: [{ path, rule, message: message[language] }] });
