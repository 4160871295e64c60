// Every public method of frappe-js-sdk, unchanged, against the gateway. ADDRESS, USR, PASSWORD and CREDENTIALS (JSON: token, key, sid) come from the
// environment. Written for node --test.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import sdk from 'frappe-js-sdk';

const address = process.env.ADDRESS;
const credentials = JSON.parse(process.env.CREDENTIALS);
const unique = (text) => `${text} ${randomUUID()}`;

const guest = () => new sdk.FrappeApp(address);
const apps = {
  'access token': () => new sdk.FrappeApp(address, { useToken: true, token: () => credentials.token, type: 'Bearer' }),
  'API key': () => new sdk.FrappeApp(address, { useToken: true, token: () => credentials.key, type: 'token' }),
  'cookie session': () => new sdk.FrappeApp(address, undefined, undefined, { Cookie: `sid=${credentials.sid}` }),
};

const fails = async (promise, status, type) => {
  const error = await promise.then(() => assert.fail('It was answered as a success.'), (thrown) => thrown);
  assert.equal(error.httpStatus, status, JSON.stringify(error));
  assert.equal(error.exc_type, type);
  assert.ok(error.exception.length > 0);
  assert.ok(JSON.parse(JSON.parse(error._server_messages)[0]).message.length > 0);
  return error;
};

for (const [credential, app] of Object.entries(apps)) {
  describe(credential, () => {
    const db = app().db();

    test('createDoc, getDoc, updateDoc, deleteDoc', async () => {
      const name = unique('SDK');
      const created = await db.createDoc('Customer', { customer_name: name });
      assert.equal(created.name, name);
      assert.equal(created.docstatus, 0);
      assert.deepEqual(await db.getDoc('Customer', name), created);
      const updated = await db.updateDoc('Customer', name, { customer_group: 'Retail' });
      assert.equal(updated.customer_group, 'Retail');
      assert.equal((await db.deleteDoc('Customer', name)).message, 'ok');
      await fails(db.getDoc('Customer', name), 404, 'DoesNotExistError');
    });

    test('getDocList', async () => {
      const group = unique('Group');
      for (const letter of ['a', 'b', 'c']) {
        await db.createDoc('Customer', { customer_name: unique(letter), customer_group: group });
      }

      const rows = await db.getDocList('Customer', { fields: ['name', 'customer_group'], filters: [['customer_group', '=', group]], orderBy: { field: 'name', order: 'desc' }, limit: 2 });
      assert.deepEqual(rows.map((row) => row.name[0]), ['c', 'b']);
      assert.deepEqual(Object.keys(rows[0]).sort(), ['customer_group', 'name']);
      const next = await db.getDocList('Customer', { fields: ['name'], filters: [['customer_group', '=', group]], orderBy: { field: 'name', order: 'desc' }, limit_start: 2, limit: 2 });
      assert.deepEqual(next.map((row) => row.name[0]), ['a']);
      const either = await db.getDocList('Customer', { filters: [['customer_group', '=', group]], orFilters: [['name', 'like', 'a%'], ['name', 'like', 'b%']] });
      assert.equal(either.length, 2);
      const arrays = await db.getDocList('Customer', { fields: ['customer_group'], filters: [['customer_group', 'in', [group, 'none']]], groupBy: 'customer_group', asDict: false });
      assert.deepEqual(arrays, [[group]]);
      assert.equal((await db.getDocList('Customer', { fields: ['*'], filters: [['creation', 'Timespan', 'today'], ['customer_group', '=', group]] })).length, 3);
      assert.ok((await db.getDocList('Customer')).length > 0);
      await fails(db.getDocList('Customer', { fields: ['nosuch'] }), 417, 'DataError');
    });

    test('getCount', async () => {
      const group = unique('Count');
      await db.createDoc('Customer', { customer_name: unique('x'), customer_group: group });
      assert.equal(await db.getCount('Customer', [['customer_group', '=', group]]), 1);
      assert.equal(await db.getCount('Customer', [['customer_group', '=', group]], true, true), 1);
      assert.ok((await db.getCount('Customer')) >= 1);
    });

    test('getLastDoc', async () => {
      const group = unique('Last');
      await db.createDoc('Customer', { customer_name: unique('first'), customer_group: group });
      const last = await db.createDoc('Customer', { customer_name: unique('second'), customer_group: group });
      assert.deepEqual(await db.getLastDoc('Customer', { filters: [['customer_group', '=', group]] }), last);
      assert.deepEqual(await db.getLastDoc('Customer', { filters: [['customer_group', '=', unique('none')]] }), {});
    });

    test('getValue, setValue', async () => {
      const name = unique('Value');
      await db.createDoc('Customer', { customer_name: name, customer_group: 'Retail' });
      assert.deepEqual((await db.getValue('Customer', 'customer_group', [['name', '=', name]])).message, { customer_group: 'Retail' });
      assert.deepEqual((await db.getValue('Customer', ['name', 'customer_group'], [['name', '=', name]])).message, { name, customer_group: 'Retail' });
      assert.deepEqual((await db.getValue('Customer', 'customer_group', [['name', '=', unique('none')]])).message, {});
      assert.equal((await db.setValue('Customer', name, 'customer_group', 'Wholesale')).message.customer_group, 'Wholesale');
      assert.equal((await db.getDoc('Customer', name)).customer_group, 'Wholesale');
      await fails(db.setValue('Customer', name, 'owner', 'somebody'), 417, 'ValidationError');
    });

    test('renameDoc', async () => {
      const [before, after] = [unique('Before'), unique('After')];
      await db.createDoc('Customer', { customer_name: before });
      assert.equal((await db.renameDoc('Customer', before, after)).message, after);
      assert.equal((await db.getDoc('Customer', after)).name, after);
      await fails(db.getDoc('Customer', before), 404, 'DoesNotExistError');
    });

    test('getSingleValue', async () => {
      assert.equal((await db.getSingleValue('Selling Settings', 'default_currency')).message, 'EUR');
    });

    test('submit, cancel', async () => {
      const [customer, item] = [unique('Buyer'), unique('Thing')];
      await db.createDoc('Customer', { customer_name: customer });
      await db.createDoc('Item', { item_code: item });
      const order = await db.createDoc('Sales Order', { customer, items: [{ item_code: item, qty: 2, rate: 3.25 }] });
      assert.equal(order.grand_total, 6.5);
      const submitted = await db.submit(order);
      assert.equal(submitted.docstatus, 1);
      await fails(db.deleteDoc('Sales Order', order.name), 417, 'ValidationError');
      assert.equal((await db.cancel('Sales Order', order.name)).message.docstatus, 2);
    });

    test('call.get, post, put, delete', async () => {
      const call = app().call();
      const name = unique('Call');
      assert.equal((await call.get('ping')).message, 'pong');
      assert.equal((await call.post('frappe.client.insert', { doc: { doctype: 'Customer', customer_name: name } })).message.name, name);
      assert.deepEqual((await call.get('frappe.client.get_value', { doctype: 'Customer', fieldname: 'name', filters: { name } })).message, { name });
      assert.equal((await call.put('frappe.client.set_value', { doctype: 'Customer', name, fieldname: { customer_group: 'X' } })).message.customer_group, 'X');
      assert.deepEqual(await call.delete('frappe.client.delete', { doctype: 'Customer', name }), {});
      await fails(call.get('frappe.client.get', { doctype: 'Customer', name }), 404, 'DoesNotExistError');
      await fails(call.get('nosuch.method'), 404, 'DoesNotExistError');
    });

    test('file.uploadFile', async () => {
      const name = unique('Attached');
      await db.createDoc('Customer', { customer_name: name });
      const file = new File(['a few words'], 'words.txt', { type: 'text/plain' });
      const answer = await app().file().uploadFile(file, { isPrivate: true, doctype: 'Customer', docname: name });
      const uploaded = answer.data.message;
      assert.equal(uploaded.attached_to_name, name);
      assert.equal(uploaded.is_private, 1);
      assert.equal(uploaded.file_name, 'words.txt');
      const headers = credential === 'cookie session' ? { Cookie: `sid=${credentials.sid}` }
        : { Authorization: credential === 'API key' ? `token ${credentials.key}` : `Bearer ${credentials.token}` };
      assert.equal(await (await fetch(address + uploaded.file_url, { headers })).text(), 'a few words');
      assert.ok((await fetch(address + uploaded.file_url)).status >= 400);
    });

    test('auth.getLoggedInUser', async () => {
      if (credential === 'access token') {
        // A client's own token, without scope openid, speaks for no person.
        await fails(app().auth().getLoggedInUser(), 403, 'PermissionError');
      } else {
        assert.equal(await app().auth().getLoggedInUser(), process.env.USR);
      }
    });
  });
}

test('nobody: 401 with Frappe\'s keys', async () => {
  await fails(guest().db().getDocList('Customer'), 401, 'AuthenticationError');
  await fails(guest().db().createDoc('Customer', { customer_name: unique('x') }), 401, 'AuthenticationError');
});

describe('auth', () => {
  test('loginWithUsernamePassword, getLoggedInUser, logout', async () => {
    const auth = guest().auth();
    const login = await auth.loginWithUsernamePassword({ username: process.env.USR, password: process.env.PASSWORD });
    assert.equal(login.message, 'Logged In');
    assert.ok(login.full_name.length > 0);
    assert.ok(login.home_page.length > 0);

    // What a browser does for the SDK: keep the cookie.
    const answer = await fetch(`${address}/api/method/login`, { method: 'POST', body: new URLSearchParams({ usr: process.env.USR, pwd: process.env.PASSWORD }) });
    const sid = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('sid=')).split(';')[0];
    const signedIn = new sdk.FrappeApp(address, undefined, undefined, { Cookie: sid });
    assert.equal(await signedIn.auth().getLoggedInUser(), process.env.USR);
    await signedIn.auth().logout();
    await fails(signedIn.auth().getLoggedInUser(), 403, 'PermissionError');
  });

  test('loginWithUsernamePassword: wrong password', async () => {
    const error = await guest().auth().loginWithUsernamePassword({ username: process.env.USR, password: 'wrong' }).then(() => assert.fail('It was let in.'), (thrown) => thrown);
    assert.equal(error.httpStatus, 401);
    assert.equal(error.exc_type, 'AuthenticationError');
  });

  test('forgetPassword', async () => {
    // The same for everybody: who has no mailbox here learns nothing.
    await guest().auth().forgetPassword(process.env.USR);
    await guest().auth().forgetPassword(unique('nobody'));
  });
});
