// A form in a dialog: opened, checked, sent, and given back with what is wrong tied to each field.

import { element } from "./conversation.js";
import { words } from "./words.js";

export class Sheet {
  /** `send(form, values)` returns { errors } or throws; an empty `errors` closes the sheet. */
  constructor(dialog, send) {
    this.dialog = dialog;
    this.send = send;
    this.sheet = dialog.querySelector("#sheet");
    this.trouble = dialog.querySelector("#form-trouble");
    this.sheet.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(event.target);
    });
    this.sheet.addEventListener("click", (event) => {
      if (event.target.closest("[data-cancel]")) dialog.close();
    });
    dialog.addEventListener("cancel", (event) => {
      if (this.sheet.querySelector('[aria-busy="true"]')) event.preventDefault();
    });
    dialog.addEventListener("close", () => {
      this.sheet.replaceChildren();
      if (document.activeElement !== document.body) return; // the browser found the way back
      (this.opener?.isConnected ? this.opener : document.getElementById("log")).focus();
    });
  }

  /** Open a form as the server drew it. */
  open(html, language, opener) {
    this.language = language;
    this.opener = opener;
    this.trouble.textContent = "";
    this.dialog.lang = language;
    this.sheet.innerHTML = html; // drawn and escaped by Wayfinder, never by a person
    const form = this.sheet.querySelector("form");
    if (form.querySelector("[required], [data-required]")) {
      const note = element("p", "required-note", words(language).required);
      form.querySelector(".form-title").after(note);
    }
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
    form.querySelector(".form-title").focus();
  }

  async submit(form) {
    if (form.getAttribute("aria-busy") === "true") return;
    this.trouble.textContent = "";
    const missing = this.missing(form);
    if (Object.keys(missing).length) return this.show(form, missing);
    this.busy(form, true);
    try {
      const { errors } = await this.send(form, values(form));
      this.busy(form, false);
      if (Object.keys(errors).length) this.show(form, errors);
      else this.dialog.close();
    } catch (failure) {
      this.busy(form, false);
      this.trouble.textContent = failure.message;
    }
  }

  busy(form, on) {
    form.setAttribute("aria-busy", String(on));
    for (const button of form.querySelectorAll("button")) button.disabled = on;
  }

  missing(form) {
    const told = words(this.language).missing;
    const given = values(form);
    const wrong = {};
    for (const field of form.querySelectorAll("[data-field]")) {
      const needed = field.matches("[data-required]") || field.querySelector("[required]");
      if (needed && !given[field.dataset.field]?.trim()) wrong[field.dataset.field] = told;
    }
    return wrong;
  }

  /** Show what is wrong beside each field, and go to the first. */
  show(form, errors) {
    let first = null;
    const elsewhere = { ...errors };
    for (const field of form.querySelectorAll("[data-field]")) {
      const told = errors[field.dataset.field] ?? "";
      delete elsewhere[field.dataset.field];
      const place = field.querySelector(".error");
      place.textContent = told;
      place.hidden = !told;
      for (const control of field.querySelectorAll("input:not([type=radio]), select, textarea")) {
        if (told) control.setAttribute("aria-invalid", "true");
        else control.removeAttribute("aria-invalid");
      }
      if (told) first ??= field.querySelector("input, select, textarea");
    }
    this.trouble.textContent = Object.values(elsewhere).join(" ");
    first?.focus();
  }
}

/** Read a form's values by name; several values are joined by a comma, none is empty. */
function values(form) {
  const given = new FormData(form);
  const names = [...form.querySelectorAll("[data-field]")].map((field) => field.dataset.field);
  return Object.fromEntries(names.map((name) => [name, given.getAll(name).join(",")]));
}
