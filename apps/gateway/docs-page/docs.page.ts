import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language, Text } from '#lgsp/errors';
import { chosenLanguage } from '../openapi/chosen.language';

const own = join(__dirname, 'public');
const swaggerUi = dirname(require.resolve('swagger-ui-dist/package.json'));

/** What the page loads, each from one of our own folders; nothing comes from anywhere else. */
const files = {
  'page.css': own,
  'page.js': own,
  'page.words.js': own,
  'swagger-ui.css': swaggerUi,
  'swagger-ui-bundle.js': swaggerUi,
} as const;

/**
 * Scripts and styles are files of this page, and the page speaks to this gateway only: what a connector writes into its
 * descriptions can neither run nor send anything. Images within the style sheet are data.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

const texts = {
  heading: { en: 'LGSP · Operations', vi: 'LGSP · Các dịch vụ' },
  document: { en: 'OpenAPI document', vi: 'Tài liệu OpenAPI' },
  other: { en: 'Tiếng Việt', vi: 'English' },
  loading: { en: 'Loading …', vi: 'Đang tải …' },
  noScript: {
    en: 'This page needs JavaScript; the OpenAPI document does not.',
    vi: 'Trang này cần JavaScript; tài liệu OpenAPI thì không.',
  },
} as const satisfies Record<string, Text>;

/** `GET /docs`: the OpenAPI document as a page to read and to try, in Vietnamese or English. */
export function registerDocsPage(app: FastifyInstance): void {
  void app.register(fastifyStatic, { serve: false, root: own, cacheControl: false });
  app.get('/docs', (request: FastifyRequest<{ Querystring: { lang?: unknown } }>, reply) => {
    const language = chosenLanguage(request.query.lang, request.headers['accept-language']);
    reply
      .headers(headers)
      .header('content-language', language)
      .header('vary', 'accept-language')
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(pageOf(language));
  });
  for (const [name, folder] of Object.entries(files)) {
    app.get(`/docs/${name}`, (_request, reply: FastifyReply) =>
      reply.headers(headers).header('cache-control', 'no-cache').sendFile(name, folder),
    );
  }
}

/** Every text in it is ours: nothing of a request or of a connector is written into the page. */
function pageOf(language: Language): string {
  const other = language === 'vi' ? 'en' : 'vi';
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${texts.heading[language]}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="stylesheet" href="docs/page.css">
    <script src="docs/swagger-ui-bundle.js" defer></script>
    <script src="docs/page.js" type="module"></script>
  </head>
  <body>
    <header>
      <p>${texts.heading[language]}</p>
      <nav>
        <a href="openapi.json?lang=${language}">${texts.document[language]}</a>
        <a href="?lang=${other}" lang="${other}" hreflang="${other}">${texts.other[language]}</a>
      </nav>
    </header>
    <main id="reference">${texts.loading[language]}</main>
    <noscript>${texts.noScript[language]}</noscript>
  </body>
</html>
`;
}
