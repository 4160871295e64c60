// Every grant with openid-client, a certified relying party, unchanged, against the gateway. ADDRESS, USR, PASSWORD and SECRETS (JSON) come from the environment.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as client from 'openid-client';
import { importJWK } from 'jose';
import { Browser } from './browser.mjs';

const address = process.env.ADDRESS;
const user = { username: process.env.USR, password: process.env.PASSWORD };
const secrets = JSON.parse(process.env.SECRETS);
const insecure = { execute: [client.allowInsecureRequests] }; // http, on this machine
const callback = 'https://app.example/callback';

const discover = (id, authentication) => client.discovery(new URL(address), id, { id_token_signed_response_alg: 'ES256' }, authentication, insecure);

const start = async (config, more = {}) => {
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback, scope: 'openid profile email offline_access', state, nonce, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more,
  });
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } };
};

const signIn = async (config, more) => {
  const { url, checks } = await start(config, more);
  const { url: answer } = await new Browser(address).authorize(url, user);
  return client.authorizationCodeGrant(config, answer, checks);
};

const methods = {
  client_secret_basic: () => discover('e2e-web', client.ClientSecretBasic(secrets.web)),
  client_secret_post: () => discover('e2e-web', client.ClientSecretPost(secrets.web)),
  none: () => discover('e2e-public', client.None()),
  private_key_jwt: async () => discover('e2e-signing', client.PrivateKeyJwt({ key: await importJWK(secrets.signingKey, 'ES256'), kid: secrets.signingKey.kid })),
};

for (const [method, configure] of Object.entries(methods)) {
  test(`authorization code, refresh, userinfo, revocation: ${method}`, async () => {
    const config = await configure();
    const tokens = await signIn(config);
    const claims = tokens.claims();
    assert.equal(claims.email, user.username);
    assert.equal(claims.tenant, 'acme');
    const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.equal(info.preferred_username, user.username);

    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
    assert.equal(refreshed.claims().sub, claims.sub);

    await client.tokenRevocation(config, refreshed.refresh_token);
    await assert.rejects(client.refreshTokenGrant(config, refreshed.refresh_token), { error: 'invalid_grant' });
    await assert.rejects(client.fetchUserInfo(config, refreshed.access_token, claims.sub));
  });
}

describe('authorization', () => {
  test('the id token and the token are checked with the keys of the discovery', async () => {
    const config = await methods.client_secret_basic();
    client.enableNonRepudiationChecks(config);
    assert.ok((await signIn(config)).claims().sub.startsWith('u-'));
  });

  test('max_age and prompt=login give a fresh auth_time', async () => {
    const config = await methods.client_secret_basic();
    const { url, checks } = await start(config, { prompt: 'login', max_age: '60' });
    const { url: answer } = await new Browser(address).authorize(url, user);
    const tokens = await client.authorizationCodeGrant(config, answer, { ...checks, maxAge: 60 });
    assert.ok(Date.now() / 1000 - tokens.claims().auth_time < 60);
  });

  test('a user who declines', async () => {
    const config = await methods.none();
    const { url, checks } = await start(config, { prompt: 'consent' });
    const { url: answer } = await new Browser(address).authorize(url, { ...user, decision: 'deny' });
    await assert.rejects(client.authorizationCodeGrant(config, answer, checks), { error: 'access_denied' });
  });

  test('silence without a session', async () => {
    const config = await methods.none();
    const { url, checks } = await start(config, { prompt: 'none' });
    const { url: answer } = await new Browser(address).get(url);
    await assert.rejects(client.authorizationCodeGrant(config, answer, checks), { error: 'login_required' });
  });

  test('a code is used once', async () => {
    const config = await methods.none();
    const { url, checks } = await start(config);
    const { url: answer } = await new Browser(address).authorize(url, user);
    await client.authorizationCodeGrant(config, answer, checks);
    await assert.rejects(client.authorizationCodeGrant(config, answer, checks), { error: 'invalid_grant' });
  });
});

test('logout at the client’s wish leads back with its state', async () => {
  const config = await methods.client_secret_basic();
  const browser = new Browser(address);
  const { url, checks } = await start(config);
  const tokens = await client.authorizationCodeGrant(config, (await browser.authorize(url, user)).url, checks);

  const { url: answer } = await browser.get(client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: 'https://app.example/bye', state: 'x y' }));
  assert.equal(answer.origin + answer.pathname, 'https://app.example/bye');
  assert.equal(answer.searchParams.get('state'), 'x y');
  assert.match((await browser.get(url)).text, /name="pwd"/);
});

describe('without a browser', () => {
  for (const method of ['client_secret_basic', 'client_secret_post', 'private_key_jwt']) {
    test(`client credentials and introspection: ${method}`, async () => {
      const config = await methods[method]();
      const tokens = await client.clientCredentialsGrant(config, { scope: 'orders.read' });
      const told = await client.tokenIntrospection(config, tokens.access_token);
      assert.equal(told.active, true);
      assert.equal(told.sub, config.clientMetadata().client_id);
      assert.equal(told.scope, 'orders.read');
      await client.tokenRevocation(config, tokens.access_token);
      assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false);
    });
  }

  test('device flow', async () => {
    const config = await methods.none();
    const device = await client.initiateDeviceAuthorization(config, { scope: 'openid offline_access' });
    const polling = client.pollDeviceAuthorizationGrant(config, device);

    const browser = new Browser(address);
    let page = await browser.get(device.verification_uri_complete);
    page = page.text.includes('name="pwd"') ? await browser.submit(page, { usr: user.username, pwd: user.password }) : page;
    assert.match(page.text, new RegExp(device.user_code));
    page = page.text.includes('value="allow"') ? page : await browser.submit(page, { user_code: device.user_code });
    await browser.submit(page, { decision: 'allow' });

    const tokens = await polling;
    assert.ok(tokens.access_token && tokens.refresh_token && tokens.id_token);
  });

  test('password grant of a first-party client', async () => {
    const config = await methods.client_secret_basic();
    const tokens = await client.genericGrantRequest(config, 'password', { ...user, scope: 'openid' });
    assert.ok(tokens.claims().sub.startsWith('u-'));
    await assert.rejects(client.genericGrantRequest(config, 'password', { username: user.username, password: 'wrong' }), { error: 'invalid_grant' });
    await assert.rejects(client.genericGrantRequest(await methods.none(), 'password', user), { error: 'unauthorized_client' });
  });
});
