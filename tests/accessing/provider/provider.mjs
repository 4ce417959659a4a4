// A real provider with its own sign-in and consent pages, for one client. `node provider.mjs PORT` says "ready".
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2]);
const issuer = `http://localhost:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'safevoice',
      client_secret: 'the secret of this client',
      redirect_uris: ['http://localhost/api/oidc/club/callback'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'email'] },
  // Whatever one signs in with is the person: "Gül Yılmaz" has that name.
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, preferred_username: `${id}@example.org`, email: `${id}@example.org` }),
  }),
  pkce: { required: () => true },
  cookies: { keys: ['only for tests'] },
});

// SafeVoice listens on a port that only its own test knows.
provider.Client.prototype.redirectUriAllowed = (uri) => /^http:\/\/localhost:\d+\/api\/oidc\/club\/callback$/.test(uri);

provider.listen(port, '127.0.0.1', () => console.log('ready'));
