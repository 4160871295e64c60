// The same with oauth4webapi, which checks every answer by the letter of its standard, and the tokens at a service with jose. ADDRESS, USR, PASSWORD and SECRETS (JSON) come from
// the environment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { Browser } from './browser.mjs';

const address = process.env.ADDRESS;
const user = { username: process.env.USR, password: process.env.PASSWORD };
const secrets = JSON.parse(process.env.SECRETS);
const insecure = { [oauth.allowInsecureRequests]: true }; // http, on this machine
const callback = 'https://app.example/callback';
const issuer = new URL(address);

const discover = async (algorithm) => oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...insecure }));

const flow = async (server, client, authentication, scope) => {
  const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id, redirect_uri: callback, response_type: 'code', scope, state, nonce, code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  const { url: answer } = await new Browser(address).authorize(url, user);
  const parameters = oauth.validateAuthResponse(server, client, answer, state);
  const response = await oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, callback, verifier, insecure);
  return oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true });
};

test('both discovery documents say the same', async () => {
  assert.deepEqual(await discover('oidc'), await discover('oauth2'));
});

test('authorization code of a public client, the tokens checked as a service checks them', async () => {
  const server = await discover('oidc');
  const client = { client_id: 'e2e-public', id_token_signed_response_alg: 'ES256' };
  const tokens = await flow(server, client, oauth.None(), 'openid roles');
  const keys = createRemoteJWKSet(new URL(server.jwks_uri));

  assert.equal(decodeProtectedHeader(tokens.access_token).typ, 'at+jwt');
  const { payload } = await jwtVerify(tokens.access_token, keys, { issuer: address, audience: address, typ: 'at+jwt', algorithms: ['ES256'], requiredClaims: ['sub', 'client_id', 'jti', 'exp', 'iat', 'tenant'] });
  assert.equal(payload.client_id, 'e2e-public');
  const request = new Request(`${address}/api/resource/Customer`, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(server, request, address, insecure);
  assert.equal(claims.sub, payload.sub);
  await jwtVerify(tokens.id_token, keys, { issuer: address, audience: 'e2e-public', typ: 'JWT', algorithms: ['ES256'] });

  const listed = await fetch(request);
  assert.equal(listed.status, 200);
});

test('the same token is good for all services behind the gateway, and not without its tenant’s rows', async () => {
  const server = await discover('oidc');
  const tokens = await flow(server, { client_id: 'e2e-public' }, oauth.None(), 'openid');
  const headers = { Authorization: `Bearer ${tokens.access_token}`, 'Content-Type': 'application/json' };
  const name = `OAuth ${Date.now()}`;

  const created = await fetch(`${address}/api/resource/Customer`, { method: 'POST', headers, body: JSON.stringify({ customer_name: name }) });
  assert.equal(created.status, 201);
  assert.equal((await created.json()).data.owner, user.username);
  assert.equal((await fetch(`${address}/api/resource/Notification`, { headers })).status, 200);
  assert.deepEqual((await (await fetch(`${address}/api/method/auth.whoami`, { headers })).json()).message.tenant, 'acme');
});

test('refresh by the letter', async () => {
  const server = await discover('oidc');
  const client = { client_id: 'e2e-web' };
  const authentication = oauth.ClientSecretBasic(secrets.web);
  const tokens = await flow(server, client, authentication, 'openid offline_access');
  const response = await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, insecure);
  const refreshed = await oauth.processRefreshTokenResponse(server, client, response);
  assert.ok(refreshed.refresh_token);

  const replayed = await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, insecure);
  await assert.rejects(oauth.processRefreshTokenResponse(server, client, replayed), { error: 'invalid_grant' });
});

test('a wrong secret is told by the letter', async () => {
  const server = await discover('oidc');
  const response = await oauth.clientCredentialsGrantRequest(server, { client_id: 'e2e-web' }, oauth.ClientSecretBasic('wrong'), {}, insecure);
  await assert.rejects(oauth.processClientCredentialsResponse(server, { client_id: 'e2e-web' }, response), (error) => {
    assert.equal(error.code ?? error.error, error instanceof oauth.WWWAuthenticateChallengeError ? 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' : 'invalid_client');
    return true;
  });
});
