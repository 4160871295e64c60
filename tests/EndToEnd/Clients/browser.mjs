// A browser without JavaScript: keeps cookies, fills in forms, follows redirects within the site and stops at those that leave it.
const unescape = (text) => text.replace(/&quot;/g, '"').replace(/&#x27;|&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&#x2B;/g, '+').replace(/&amp;/g, '&');

export class Browser {
  #cookies = new Map();

  constructor(address) {
    this.address = address;
  }

  get(url) {
    return this.#follow(url, { method: 'GET' });
  }

  // Sends the first form of a page, with its hidden fields and these.
  submit(page, fields) {
    const action = unescape(/<form method="post" action="([^"]*)"/.exec(page.text)[1]);
    const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [unescape(name), unescape(value)]);
    return this.#follow(new URL(action, this.address), { method: 'POST', body: new URLSearchParams([...hidden, ...Object.entries(fields)]) });
  }

  // Opens an address, and signs in and agrees wherever it is asked to. Returns the address of the client that it was sent to at last, or the last page.
  async authorize(url, { username, password, decision = 'allow' }) {
    let page = await this.get(url);
    if (page.text?.includes('name="pwd"')) {
      page = await this.submit(page, { usr: username, pwd: password });
    }

    return page.text?.includes('value="allow"') ? this.submit(page, { decision }) : page;
  }

  async #follow(url, request) {
    for (let hops = 0; hops < 10; hops++) {
      const response = await fetch(url, { ...request, redirect: 'manual', headers: { Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]*)=([^;]*)/.exec(line);
        value ? this.#cookies.set(name, value) : this.#cookies.delete(name);
      }

      const location = response.headers.get('Location');
      if (!location) {
        return { status: response.status, text: await response.text() };
      }

      url = new URL(location, url);
      if (url.origin !== new URL(this.address).origin) {
        return { status: response.status, url };
      }

      request = { method: 'GET' };
    }

    throw new Error(`Too many redirects, the last one to ${url}`);
  }
}
