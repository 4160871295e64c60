// Passkeys: signs in with one on the pages of the login, and adds one on the page of the account.
"use strict";
(() => {
  const login = document.getElementById("passkey-login");
  const add = document.getElementById("passkey-add");
  const problem = document.getElementById("passkey-error");
  const can = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON && PublicKeyCredential.parseCreationOptionsFromJSON;

  const tell = text => {
    problem.textContent = text;
    problem.hidden = !text;
  };

  const send = async (path, body, csrfToken) => {
    const headers = { "Content-Type": "application/json" };
    if (csrfToken) {
      headers["X-Frappe-CSRF-Token"] = csrfToken;
    }
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    const content = await answer.json();
    if (!answer.ok) {
      throw new Error(typeof content.message === "string" ? content.message : "It did not work. Try again.");
    }
    return content;
  };

  const run = async (control, work) => {
    tell("");
    control.disabled = true;
    try {
      await work();
    } catch (error) {
      tell(error.name === "NotAllowedError" ? "Cancelled, or there is no passkey for this site here." : error.message);
    }
    control.disabled = false;
  };

  if (login && can) {
    login.hidden = false;
    login.addEventListener("click", () => run(login, async () => {
      const options = await send("/login/passkey/options", {});
      const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      const answer = await send("/login/passkey", { credential: credential.toJSON(), redirect_to: login.dataset.redirectTo });
      location.assign(answer.redirect_to);
    }));
  }

  if (add) {
    const button = add.querySelector("button");
    button.disabled = !can;
    if (!can) {
      tell("This browser has no passkeys.");
    }
    add.addEventListener("submit", event => {
      event.preventDefault();
      run(button, async () => {
        const options = await send("/account/passkeys/options", {}, add.dataset.csrf);
        const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
        await send("/account/passkeys", { credential: credential.toJSON(), name: document.getElementById("passkey-name").value }, add.dataset.csrf);
        location.reload();
      });
    });
  }
})();
