import type { Language } from '#lgsp/errors';
import type { SystemEntry } from '../catalogue/service.description';
import { callbackPaths } from './callback.paths';
import { documentTexts, headerTexts } from './openapi.texts';
import { operationPaths, sharedParameters } from './operation.paths';
import { codesOf, problemResponses, problemSchema } from './problem.responses';
import { publicPaths } from './public.routes';
import { SchemaShelf } from './schema.shelf';

type Json = Record<string, unknown>;

/** Version of the HTTP interface; its major is in the paths. */
const version = '1.0.0';

/** The OpenAPI 3.1 document of what can be called, in one language. Nothing in it is written down twice: it is all derived. */
export function openApiDocument(systems: readonly SystemEntry[], language: Language): Json {
  const shelf = new SchemaShelf();
  const responses = new SharedResponses(language);
  const paths = {
    ...operationPaths(systems, shelf, { query: responses.of('query'), command: responses.of('command') }, language),
    ...callbackPaths(systems, language),
    ...publicPaths(language),
  };
  const { title, description, apiKey, accessToken, clientSecret, busTag, owner } = documentTexts;
  return {
    openapi: '3.1.0',
    info: { title: title[language], description: description[language], version },
    servers: [{ url: '/' }],
    security: [{ accessToken: [] }, { apiKey: [] }],
    tags: [
      ...systems.map((entry) => ({
        name: entry.system,
        description: `${(language === 'vi' ? entry.summaryVi : undefined) ?? entry.summary}. ${owner[language]}: ${entry.owner}`,
      })),
      { name: 'lgsp', description: busTag[language] },
    ],
    paths,
    components: {
      schemas: { Problem: problemSchema(), ...shelf.schemas },
      responses: responses.all,
      parameters: sharedParameters(language),
      headers: headersOf(language),
      securitySchemes: {
        accessToken: {
          type: 'oauth2',
          description: accessToken[language],
          flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: {} } },
        },
        apiKey: { type: 'apiKey', in: 'header', name: 'Authorization', description: apiKey[language] },
        clientSecret: { type: 'http', scheme: 'basic', description: clientSecret[language] },
      },
    },
  };
}

/** Problem responses are many and long: each stands once in the document, and operations refer to it. */
class SharedResponses {
  readonly all: Json = {};

  constructor(private readonly language: Language) {}

  of(kind: 'query' | 'command'): Json {
    const own = problemResponses(codesOf(kind), this.language, true);
    return Object.fromEntries(
      Object.entries(own).map(([status, response]) => {
        const name = `${kind}-${status}`;
        this.all[name] = response;
        return [status, { $ref: `#/components/responses/${name}` }];
      }),
    );
  }
}

function headersOf(language: Language): Json {
  const schemas: Partial<Record<keyof typeof headerTexts, Json>> = {
    'Lgsp-Transaction-Id': { type: 'string', format: 'uuid' },
    'Retry-After': { type: 'integer', minimum: 0 },
    'Idempotency-Replayed': { type: 'string', const: 'true' },
  };
  const entries = Object.entries(headerTexts).map(([name, text]) => {
    const schema = schemas[name as keyof typeof headerTexts] ?? { type: 'string' };
    return [name, { description: text[language], schema }];
  });
  return Object.fromEntries(entries) as Json;
}
