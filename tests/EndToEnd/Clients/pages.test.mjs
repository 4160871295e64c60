// The central site's pages in a real browser: login, consent, device, second factor, passkey, logout, on a phone's width and without JavaScript. ADDRESS, USR, PASSWORD and CHROMIUM come from
// the environment.
import assert from 'node:assert/strict';
import { createHmac, randomBytes, createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';

const address = process.env.ADDRESS;
const [username, password] = [process.env.USR, process.env.PASSWORD];
const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-sandbox'];

// A native client, which listens on a port of this machine.
const listener = createServer((request, response) => response.end('client'));
let client;
let browser;
before(async () => {
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  client = new URL(`http://127.0.0.1:${listener.address().port}/callback`);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: quiet });
});
after(async () => {
  await browser?.close();
  listener.close();
});

const open = async (options = {}) => {
  const context = await browser.newContext({ baseURL: address, ...options });
  return context.newPage();
};

const arrives = (page, path) => page.waitForURL((url) => url.pathname === path);

// Answers the consent page. Returns the address of the client that the browser arrives at.
const decide = async (page, decision) => {
  await page.click(`button[value=${decision}]`);
  await page.waitForURL((url) => url.origin === client.origin);
  return new URL(page.url());
};

const login = async (page, start = '/login') => {
  await page.goto(start);
  await page.fill('#usr', username);
  await page.fill('#pwd', password);
  await page.click('button[type=submit]');
};

const fits = async (page) => {
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${page.url()} is wider than the screen`);
  const unlabelled = await page.evaluate(() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter((field) => !field.labels?.length && !field.getAttribute('aria-label')).map((field) => field.name));
  assert.deepEqual(unlabelled, [], `${page.url()} has fields without a label`);
  assert.equal(await page.locator('h1').count(), 1);
};

const authorization = (scope = 'openid') => {
  const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
  return `/oauth/authorize?${new URLSearchParams({ client_id: 'e2e-public', redirect_uri: client.href, response_type: 'code', scope, state: 's', prompt: 'consent', code_challenge: challenge, code_challenge_method: 'S256' })}`;
};

// RFC 6238, to be an authenticator app.
const code = (secret, step = Math.floor(Date.now() / 30_000)) => {
  const bits = [...secret.replace(/\s/g, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};

for (const [name, options] of Object.entries({
  'desktop': { viewport: { width: 1280, height: 800 } },
  'phone': { viewport: { width: 390, height: 844 } },
  'without JavaScript': { javaScriptEnabled: false },
})) {
  test(`login, consent, logout: ${name}`, async () => {
    const page = await open(options);
    const checks = options.javaScriptEnabled === false ? async () => {} : fits;
    await page.goto(authorization());
    await page.fill('#usr', username);
    await page.fill('#pwd', 'not the password');
    await page.click('button[type=submit]');
    assert.match(await page.textContent('[role=alert]'), /wrong/);
    await checks(page);
    await page.fill('#pwd', password);
    await page.click('button[type=submit]');
    assert.match(await page.textContent('h1'), /Allow e2e-public/);
    await checks(page);
    const answer = await decide(page, 'allow');
    assert.ok(answer.searchParams.get('code'));
    assert.equal(answer.searchParams.get('iss'), address);

    await page.goto(authorization());
    assert.equal((await decide(page, 'deny')).searchParams.get('error'), 'access_denied');

    for (const path of ['/account', '/account/sessions', '/account/consents', '/account/api-keys', '/account/two-factor', '/account/profile', '/account/password']) {
      const response = await page.goto(path);
      assert.equal(response.status(), 200, path);
      await checks(page);
    }

    await page.goto('/logout');
    await page.click('main button[type=submit]');
    await page.goto('/account');
    assert.match(page.url(), /\/login\?/);
    await page.context().close();
  });
}

test('device', async () => {
  const asked = await (await fetch(`${address}/oauth/device_authorization`, { method: 'POST', body: new URLSearchParams({ client_id: 'e2e-public', scope: 'openid' }) })).json();
  const page = await open();
  await login(page, '/device');
  await page.fill('#user_code', asked.user_code.toLowerCase().replace('-', ' '));
  await page.click('main button[type=submit]');
  assert.ok((await page.textContent('main')).includes(asked.user_code));
  await fits(page);
  await page.click('button[value=allow]');
  await page.waitForSelector('[role=status]');

  const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: asked.device_code, client_id: 'e2e-public' });
  const tokens = await (await fetch(`${address}/oauth/token`, { method: 'POST', body })).json();
  assert.ok(tokens.access_token && tokens.id_token, JSON.stringify(tokens));
  await page.context().close();
});

test('passkey', async () => {
  const page = await open();
  await login(page);
  const devices = await page.context().newCDPSession(page);
  await devices.send('WebAuthn.enable');
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto('/account/passkeys');
  await page.fill('#passkey-name', 'Test <b>device</b>');
  await page.click('#passkey-add button');
  await page.waitForSelector('#passkeys');
  assert.ok((await page.textContent('#passkeys')).includes('Test <b>device</b>'));
  await fits(page);

  await page.goto('/logout');
  await page.click('main button[type=submit]');
  await page.goto('/login?redirect-to=/account/sessions');
  await page.click('#passkey-login');
  await arrives(page, '/account/sessions');

  await page.goto('/account/passkeys');
  await page.click('button[name=passkey]');
  assert.equal(await page.locator('#passkeys').count(), 0);
  await page.goto('/logout');
  await page.click('main button[type=submit]');
  await page.goto('/login');
  await page.click('#passkey-login');
  await page.waitForSelector('#passkey-error:not([hidden])');
  assert.match(page.url(), /\/login/);
  await page.context().close();
});

describe('second factor', () => {
  let secret;
  let recovery;

  test('an app is set up', async () => {
    const page = await open();
    await login(page);
    await page.goto('/account/two-factor');
    assert.equal(await page.locator('svg').count(), 1);
    await fits(page);
    secret = await page.textContent('#totp-secret');
    await page.fill('#otp', code(secret));
    await page.click('main button[type=submit]');
    recovery = await page.locator('#recovery-codes li').allTextContents();
    assert.equal(recovery.length, 10);
    await page.context().close();
  });

  test('the password alone does not sign in, a wrong code neither, a right one does once', async () => {
    const page = await open();
    await login(page);
    assert.match(page.url(), /\/login\/verify/);
    await page.goto('/account');
    assert.match(page.url(), /\/login\?/);
    await login(page);
    await page.fill('#otp', '000000');
    await page.click('main button[type=submit]');
    await page.waitForSelector('[role=alert]');
    // The code of the set-up is spent; that of the next half minute is good already.
    await page.fill('#otp', code(secret, Math.floor(Date.now() / 30_000) + 1));
    await page.click('main button[type=submit]');
    await arrives(page, '/account');
    await page.context().close();
  });

  test('a recovery code does, and the factor can be taken away', async () => {
    const page = await open();
    await login(page);
    await page.fill('#otp', recovery[0].trim());
    await page.click('main button[type=submit]');
    await arrives(page, '/account');
    await page.goto('/account/two-factor');
    assert.equal(await page.textContent('#codes-left'), '9');
    await page.click('button[value=remove]');
    await page.goto('/logout');
    await page.click('main button[type=submit]');
    await login(page);
    assert.match(page.url(), /\/account/);
    await page.context().close();
  });
});
