// Small manners of every page: confirm before acting, no double sends, pickers, steppers.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Ask before an action that says what it will change.
  function askFirst(form) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const dialog = document.getElementById("confirm");
      dialog.querySelector("p").textContent = form.dataset.confirm;
      dialog.returnValue = "no";
      dialog.showModal();
      dialog.addEventListener("close", () => {
        if (dialog.returnValue !== "yes") return;
        form.dataset.confirmed = "yes";
        form.requestSubmit(event.submitter);
      }, { once: true });
    });
  }

  // A second tap on "save" sends nothing.
  function sendOnce(form) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) return event.preventDefault();
      if (event.defaultPrevented) return;
      form.dataset.sent = "yes";
      all("button", form).forEach((button) => button.setAttribute("aria-busy", "true"));
    });
    window.addEventListener("pageshow", () => delete form.dataset.sent);
  }

  function stepper(box) {
    const input = box.querySelector("input");
    all("button", box).forEach((button) => button.addEventListener("click", () => {
      input.value = Math.max(0, (parseInt(input.value, 10) || 0) + Number(button.dataset.step));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }));
  }

  // A day is typed as 15/4/2023; the browser's calendar opens from the button beside it.
  function dayBox(input) {
    const frame = Object.assign(document.createElement("div"), { className: "day-box" });
    const calendar = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1, className: "day-calendar" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "day-button" });
    button.setAttribute("aria-label", "Mở lịch");
    calendar.setAttribute("aria-hidden", "true");
    input.replaceWith(frame);
    frame.append(input, button, calendar);
    // The days it takes stand below; a typed one that is none of them is told at once, and refused by the server.
    const { from, until } = input.dataset, hint = document.getElementById(`${input.id}_helptext`);
    Object.assign(calendar, { min: from ?? "", max: until ?? "" });
    if (from && hint) input.addEventListener("input", () => {
      const typed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(input.value.trim());
      const day = typed && [typed[3], typed[2].padStart(2, "0"), typed[1].padStart(2, "0")].join("-");
      hint.classList.toggle("is-broken", Boolean(day) && (day < from || day > until));
    });
    button.addEventListener("click", () => {
      const [day, month, year] = input.value.split("/").map(Number);
      if (year) calendar.value = [year, String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
      calendar.showPicker();
    });
    calendar.addEventListener("change", () => {
      const [year, month, day] = calendar.value.split("-");
      input.value = year ? `${day}/${month}/${year}` : "";
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // The browser's own file box speaks the browser's language and is small for a thumb: a labelled box stands in for it.
  function fileBox(input) {
    const label = Object.assign(document.createElement("label"), { className: "file-box", htmlFor: input.id });
    const verb = /jpg|png|image/.test(input.accept) ? "Chụp ảnh hoặc chọn tệp" : "Chọn tệp";
    const empty = input.multiple ? `${verb} (chọn được nhiều tệp)` : verb;
    label.textContent = empty;
    input.classList.add("visually-hidden");
    input.after(label);
    input.addEventListener("change", () => {
      const names = [...input.files].map((file) => file.name).join(", ");
      label.textContent = names || empty;
      label.classList.toggle("is-chosen", Boolean(names));
    });
  }

  // Of many choices the first few show; the rest open with one tap.
  function fewFirst(chips) {
    const rest = all(":scope > div", chips).slice(Number(chips.dataset.few)).filter((part) => !part.querySelector("input").checked);
    if (!rest.length) return;
    rest.forEach((part) => { part.hidden = true; });
    const more = Object.assign(document.createElement("button"), { type: "button", className: "chip-more", textContent: "Khác…" });
    more.addEventListener("click", () => { rest.forEach((part) => { part.hidden = false; }); more.remove(); });
    chips.append(more);
  }

  // The picker's library is fetched only where a page has a picker.
  let library;
  function pickerLibrary() {
    library ??= new Promise((ready) => {
      const { pickerScript, pickerStyle } = document.body.dataset;
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: pickerStyle }));
      document.head.append(Object.assign(document.createElement("script"), { src: pickerScript, onload: ready }));
    });
    return library;
  }

  async function picker(select) {
    await pickerLibrary();
    const remote = select.dataset.url;
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (label) select.setAttribute("aria-label", label.textContent.trim());
    const found = new Map();  // what the server answered to each query; options of other queries stay out of sight
    new TomSelect(select, {
      maxOptions: 50,
      plugins: [],
      searchField: remote ? [] : ["text"],
      render: { no_results: () => Object.assign(document.createElement("div"), { className: "no-results", textContent: select.dataset.none || "Không thấy" }) },
      ...(remote && {
        load: (query, done) => {
          const url = new URL(remote, location.origin);
          url.searchParams.set("q", query);
          fetch(url).then((r) => r.json()).then((data) => {
            found.set(query, new Set(data.results.map((option) => String(option.value))));
            done(data.results);
          }).catch(() => done());
        },
        shouldLoad: (query) => query.length > 1,
        valueField: "value", labelField: "text",
        score: (query) => (option) => (found.get(query)?.has(String(option.value)) ? 1 : 0),
      }),
    });
  }

  // Show only the fields that belong to the chosen option: [data-when="name=value"], or "name=one|other".
  function showWhen(form) {
    const update = () => all("[data-when]", form).forEach((part) => {
      const [name, values] = part.dataset.when.split("=");
      const chosen = form.querySelector(`[name="${name}"]:checked, select[name="${name}"], input[type="hidden"][name="${name}"]`);
      part.hidden = !chosen || !values.split("|").includes(chosen.value);
    });
    form.addEventListener("change", update);
    update();
  }

  // An asterisk stands at a box only while it is needed: [data-needed="kind=books|devices !other"], see forms/base.py.
  function markNeeded(form) {
    const typed = (name) => all(`[name="${name}"]`, form).filter((box) => !/radio|checkbox/.test(box.type) || box.checked).map((box) => box.value).join("").trim();
    const holds = (part) => {
      const [, empty, boxes, values] = /^(!?)([^=]+)=?(.*)$/.exec(part);
      if (values) return values.split("|").includes(typed(boxes));
      return boxes.split("|").some(typed) === !empty;
    };
    const update = () => all("[data-needed]", form).forEach((box) => {
      const label = document.getElementById(`div_${box.id}`)?.querySelector("label");
      if (!label) return;
      const isNeeded = box.dataset.needed.split(" ").every(holds), star = label.querySelector(".asteriskField");
      if (isNeeded && !star) {
        label.lastChild.textContent = label.lastChild.textContent.trimEnd();
        label.append(Object.assign(document.createElement("span"), { className: "asteriskField", textContent: "*" }));
      }
      if (!isNeeded) star?.remove();
      box.setAttribute("aria-required", isNeeded);
    });
    ["input", "change"].forEach((name) => form.addEventListener(name, update));
    update();
  }

  // Teachers of one's own school, to tick rather than to type: each becomes a line of the box.
  function rosterPick(box) {
    const pick = Object.assign(document.createElement("details"), { className: "roster-pick" });
    const summary = Object.assign(document.createElement("summary"), { className: "btn btn-sm", textContent: box.dataset.rosterLabel });
    const search = Object.assign(document.createElement("input"), { type: "search", className: "form-control", placeholder: "Gõ tên" });
    const list = Object.assign(document.createElement("div"), { className: "roster-list" });
    search.setAttribute("aria-label", "Tìm giáo viên");
    pick.append(summary, search, list);
    box.after(pick);
    const lines = () => box.value.split("\n").filter((line) => line.trim());
    const names = (line) => line.split(/\s[–-]|[;,:(]/)[0].trim();
    const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
    const show = (name) => {
      const label = document.createElement("label"), tick = document.createElement("input");
      tick.type = "checkbox";
      tick.checked = lines().some((line) => names(line) === name);
      tick.addEventListener("change", () => {
        box.value = tick.checked ? [...lines(), name].join("\n") : lines().filter((line) => names(line) !== name).join("\n");
        box.dispatchEvent(new Event("input", { bubbles: true }));
      });
      label.append(tick, name);
      list.append(label);
    };
    pick.addEventListener("toggle", async () => {
      if (!pick.open || list.childElementCount) return;
      const answer = await fetch(box.dataset.roster).then((r) => r.json(), () => ({ names: [] }));
      answer.names.forEach(show);
      if (!answer.names.length) list.textContent = "Trường chưa có giáo viên nào trong danh sách; hãy gõ hoặc dán tên.";
    });
    search.addEventListener("input", () => all("label", list).forEach((label) => { label.hidden = !plain(label.textContent).includes(plain(search.value)); }));
  }

  // What the browser itself refuses is told in Vietnamese, whatever language the browser speaks.
  function refusal(field) {
    const wrong = field.validity, number = (text) => Number(text).toLocaleString("vi-VN");
    if (wrong.valueMissing) return field.type === "file" ? "Hãy chọn tệp." : field.matches("select, [type=radio], [type=checkbox]") ? "Hãy chọn mục này." : "Hãy điền mục này.";
    if (wrong.badInput) return "Hãy ghi bằng chữ số.";
    if (wrong.rangeUnderflow) return `Hãy ghi số từ ${number(field.min)} trở lên.`;
    if (wrong.rangeOverflow) return `Hãy ghi số không quá ${number(field.max)}.`;
    if (wrong.stepMismatch) return "Hãy ghi số nguyên, không có phần lẻ.";
    if (wrong.typeMismatch) return field.type === "url" ? "Hãy ghi liên kết đầy đủ, bắt đầu bằng https://" : "Hãy ghi địa chỉ thư, ví dụ ten@truong.edu.vn.";
    if (wrong.tooLong) return `Hãy rút gọn còn ${number(field.maxLength)} chữ.`;
    if (wrong.patternMismatch && field.dataset.wrong) return field.dataset.wrong;
    return wrong.valid ? "" : "Hãy ghi lại mục này cho đúng.";
  }

  document.addEventListener("invalid", ({ target }) => {
    target.setCustomValidity("");
    target.setCustomValidity(refusal(target));
  }, true);
  ["input", "change"].forEach((name) => document.addEventListener(name, ({ target }) => {
    [...(target.form?.elements ?? [])].forEach((field) => field.setCustomValidity(""));
  }, true));

  // Copy the empty row of a formset: [data-add-row="prefix"].
  function addRow(button) {
    button.addEventListener("click", () => {
      const prefix = button.dataset.addRow;
      const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
      const template = document.getElementById(`${prefix}-empty`);
      const holder = document.createElement("div");
      holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
      total.value = Number(total.value) + 1;
      const row = holder.firstElementChild;
      button.before(row);
      prepare(row);
      row.querySelector("select, input")?.focus();
    });
  }

  // A number far from last year's is said to be, before it is saved; it may be right all the same.
  function doubtNumber(input) {
    const hint = input.parentElement.querySelector(".doubt"), last = Number(input.dataset.last);
    const update = () => {
      const typed = input.value.replace(/[.\s]/g, "");
      hint.hidden = !/^\d+$/.test(typed) || Math.abs(Number(typed) - last) * 2 <= last;
    };
    input.addEventListener("input", update);
    update();
  }

  // One box ticks all of a name; a count beside it says how many are.
  function checkAll(box) {
    const name = box.dataset.checkAll, form = box.form;
    const boxes = () => all(`input[type=checkbox][name="${name}"]`, form);
    const count = form.querySelector(`[data-checked="${name}"]`);
    const tell = () => {
      const ticked = boxes().filter((b) => b.checked).length;
      box.checked = ticked === boxes().length;
      box.indeterminate = ticked > 0 && !box.checked;
      if (count) count.textContent = `${ticked.toLocaleString("vi-VN")} ${count.dataset.text}`;
    };
    box.addEventListener("change", () => { const on = box.checked; boxes().forEach((b) => { b.checked = on; }); tell(); });
    form.addEventListener("change", (event) => { if (event.target.name === name) tell(); });
    tell();
  }

  function prepare(root) {
    all("select[data-picker]", root).forEach(picker);
    all("input[data-day]", root).forEach(dayBox);
    all("input[type=file]", root).forEach(fileBox);
    all("[data-few]", root).forEach(fewFirst);
    all(".stepper", root).forEach(stepper);
    all("textarea[data-roster]", root).forEach(rosterPick);
    all("input[data-last]", root).forEach(doubtNumber);
    all("[data-add-row]", root).forEach(addRow);
    all("[data-check-all]", root).forEach(checkAll);
    all("form", root).forEach(showWhen);
    all("form", root).forEach(markNeeded);
    all("form[data-confirm]", root).forEach(askFirst);
    all("form[data-once]", root).forEach(sendOnce);
    all("[data-autosubmit]", root).forEach((field) => field.addEventListener("change", () => field.form.requestSubmit()));
  }

  document.addEventListener("DOMContentLoaded", () => {
    prepare(document);
    // After a refusal the first thing one sees is what to mend.
    document.querySelector(".errorlist, .is-invalid, .invalid-feedback")?.scrollIntoView({ block: "center" });
  });

  // An open menu closes when one looks elsewhere.
  document.addEventListener("click", (event) => {
    all("details.menu-drop[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details.menu-drop[open]").forEach((menu) => { menu.open = false; });
  });
})();
