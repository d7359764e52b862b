/** The page of operations: Swagger UI over our own document, ready to be tried, in the language of the page. */
import { translate } from './page.words.js';

const language = document.documentElement.lang;
const reference = document.getElementById('reference');
const gateway = new URL('.', document.baseURI);
/** What a client's secret looks like: its id, a dot, and 43 characters. */
const bareSecret = /^[a-z][a-z0-9-]{2,39}\.[\w-]{43}$/;

/** Calls go to the gateway that the page came from, also behind a prefix. */
function pointHere(specification) {
  specification.servers = [{ url: gateway.href.replace(/\/$/, '') }];
  const { clientCredentials } = specification.components.securitySchemes.accessToken.flows;
  clientCredentials.tokenUrl = new URL(clientCredentials.tokenUrl.slice(1), gateway).href;
}

/** A new key for each command: sent twice without a change, it shows that nothing happens twice. */
function giveKeys(specification) {
  for (const { post } of Object.values(specification.paths)) {
    for (const parameter of post?.parameters ?? [])
      if (parameter.name === 'Idempotency-Key') parameter.example = crypto.randomUUID();
  }
}

/** Whoever pastes the bare secret means an API key. */
function completeKey(request) {
  const given = request.headers.Authorization;
  if (given && bareSecret.test(given)) request.headers.Authorization = `ApiKey ${given}`;
  if (language === 'vi' && !request.headers['Accept-Language']) request.headers['Accept-Language'] = 'vi';
  return request;
}

async function show() {
  const response = await fetch(`openapi.json?lang=${language}`);
  if (!response.ok) throw new Error(`${response.status}`);
  const specification = await response.json();
  pointHere(specification);
  giveKeys(specification);
  reference.textContent = '';
  translate(reference, language);
  globalThis.SwaggerUIBundle({
    spec: specification,
    domNode: reference,
    presets: [globalThis.SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    // Nothing is sent to a validator elsewhere, and no credentials outlive the page.
    validatorUrl: null,
    persistAuthorization: false,
    requestInterceptor: completeKey,
  });
}

show().catch((error) => {
  reference.textContent = language === 'vi' ? 'Không tải được tài liệu: ' : 'The document could not be loaded: ';
  reference.append(error.message);
});
