// A new record stays on this device, with its photos, until the server has it; without a network it waits here.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const LONGEST_SIDE = 2048, SMALL_ENOUGH = 700 * 1024, RETRY = 15000, PATIENCE = 10000;
  const now = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

  // --- Files of drafts: localStorage holds text only ---
  const store = new Promise((ready) => {
    const opening = indexedDB.open("drafts", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files");
    opening.onsuccess = () => ready(opening.result);
    opening.onerror = () => ready(null); // a private window may refuse; text is kept all the same
  });
  async function files(mode, act) {
    const db = await store;
    if (!db) return undefined;
    return new Promise((done) => {
      const request = act(db.transaction("files", mode).objectStore("files"));
      request.onsuccess = () => done(request.result);
      request.onerror = () => done(undefined);
    });
  }
  const keepFiles = (key, list) => files("readwrite", (box) => (list.length ? box.put(list, key) : box.delete(key)));
  const keptFiles = (key) => files("readonly", (box) => box.get(key));

  function give(input, list) {
    const bag = new DataTransfer();
    list.forEach((file) => bag.items.add(file));
    input.files = bag.files;
  }

  // --- Photos: a phone's camera makes 5 MB of what a report prints at 300 kB ---
  async function smaller(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= SMALL_ENOUGH) return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
    if (!picture) return file; // the server says what is wrong with it
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: picture.width * scale, height: picture.height * scale });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  }

  function photos(input, key) {
    let busy = Promise.resolve();
    input.addEventListener("change", () => {
      if (input.dataset.prepared) { delete input.dataset.prepared; return; }
      busy = (async () => {
        const list = await Promise.all([...input.files].map(smaller));
        give(input, list);
        await keepFiles(`${key}:${input.name}`, list);
        input.dataset.prepared = "yes";
        input.dispatchEvent(new Event("change", { bubbles: true }));
      })();
    });
    if (input.files.length) input.dispatchEvent(new Event("change", { bubbles: true })); // chosen before this was loaded
    return () => busy;
  }

  // A draft may have more rows than the empty form: press "add" until each has its place.
  function addMissingRows(form, names) {
    for (const button of all("[data-add-row]", form)) {
      const prefix = button.dataset.addRow;
      const last = Math.max(-1, ...names.filter((n) => n.startsWith(`${prefix}-`)).map((n) => parseInt(n.slice(prefix.length + 1), 10) || 0));
      while (Number(document.getElementById(`id_${prefix}-TOTAL_FORMS`).value) <= last) button.click();
    }
  }

  function fill(form, fields, stored) {
    addMissingRows(form, Object.keys(stored.values));
    for (const field of fields()) {
      if (!(field.name in stored.values)) continue;
      const value = stored.values[field.name];
      if (["checkbox", "radio"].includes(field.type)) field.checked = value.includes(field.value);
      else {
        const label = stored.labels[field.name];
        if (label && !all("option", field).some((o) => o.value === value[0])) field.append(new Option(label, value[0]));
        field.value = value[0];
      }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function keepDraft(form) {
    const key = `draft:${document.body.dataset.user}:${form.dataset.draft}`;
    const note = document.querySelector("[data-draft-note]");
    const say = (text) => { if (note) note.textContent = text; };
    const fields = () => all("input, select, textarea", form).filter((f) => f.name && !["file", "hidden", "password"].includes(f.type));
    const hasErrors = form.querySelector(".is-invalid, .alert-danger, .invalid-feedback, .errorlist");
    const stored = JSON.parse(localStorage.getItem(key) || "null");
    if (stored && !hasErrors) {
      fill(form, fields, stored);
      say(`${note?.dataset.restored} ${stored.at}`);
    }
    const ready = all("input[type=file]", form).map((input) => {
      const waiting = photos(input, key);
      keptFiles(`${key}:${input.name}`).then((list) => {
        if (!list?.length || input.files.length || !stored) return; // also after a refusal: the server sends no file back
        give(input, list);
        input.dataset.prepared = "yes";
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
      return waiting;
    });

    let timer;
    const keep = () => {
      const values = {}, labels = {};
      for (const field of fields()) {
        values[field.name] ??= [];
        if (["checkbox", "radio"].includes(field.type)) { if (field.checked) values[field.name].push(field.value); }
        else if (field.multiple) values[field.name].push(...[...field.selectedOptions].map((o) => o.value));
        else values[field.name].push(field.value);
        if (field.matches("[data-picker]")) labels[field.name] = field.selectedOptions[0]?.text;
      }
      const at = now();
      localStorage.setItem(key, JSON.stringify({ at, values, labels }));
      say(`${note?.dataset.saved} ${at}`);
    };
    const keepSoon = () => { clearTimeout(timer); timer = setTimeout(keep, 600); };
    form.addEventListener("input", keepSoon);
    form.addEventListener("change", keepSoon); // pickers only say this

    sendWhenThereIsANetwork(form, () => Promise.all(ready.map((waiting) => waiting())), keep);
    form.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) sessionStorage.setItem("sent-draft", key);
    });
  }

  // --- Sending: the page stays until the server can be reached, and then sends by itself ---
  function sendWhenThereIsANetwork(form, filesReady, keep) {
    const bar = Object.assign(document.createElement("p"), { className: "waiting-note", hidden: true });
    bar.setAttribute("role", "status");
    form.querySelector(".form-actions").before(bar);
    let asking = false, timer, button;

    const reachable = () => fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).then((r) => r.ok, () => false);
    async function tryToSend() {
      if (asking) return;
      asking = true;
      clearTimeout(timer);
      await filesReady();
      const there = navigator.onLine && await reachable();
      asking = false;
      if (there) {
        form.dataset.reachable = "yes";
        form.requestSubmit(button);
        return;
      }
      keep();
      bar.textContent = `${form.dataset.waiting} (${now()})`;
      bar.hidden = false;
      timer = setTimeout(tryToSend, RETRY);
    }
    window.addEventListener("online", () => { if (!bar.hidden) tryToSend(); });
    form.addEventListener("submit", (event) => {
      if (form.dataset.reachable) { delete form.dataset.reachable; return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      button = event.submitter || button;
      tryToSend();
    }, { capture: true });
  }

  // The draft goes once the server says that it has the record; a sign-in page or an error that comes instead keeps it.
  const sent = sessionStorage.getItem("sent-draft");
  if (sent && document.querySelector("[data-told=success], [data-told=info]") && !document.querySelector("form[data-draft] .errorlist")) {
    localStorage.removeItem(sent);
    files("readwrite", (box) => box.delete(IDBKeyRange.bound(`${sent}:`, `${sent}:\uffff`)));
    sessionStorage.removeItem("sent-draft");
  }

  document.addEventListener("DOMContentLoaded", () => all("form[data-draft]").forEach(keepDraft));
})();
