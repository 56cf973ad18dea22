"use strict";
(() => {
  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = document.getElementById("matches");
  const field = document.getElementById("everything") || document.getElementById("search");
  if (!field) return;

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    }
  });

  const everything = () => {
    const MOST = 40;
    const results = document.getElementById("results");
    const styles = { high: "severity high", medium: "severity medium", low: "severity low", unknown: "severity unknown" };
    const entries = JSON.parse(document.getElementById("index").textContent);
    const texts = entries.map((entry) => entry.join(" ").toLowerCase());
    const piece = (tag, name, text) => {
      const node = document.createElement(tag);
      node.className = name;
      node.textContent = text;
      return node;
    };
    const row = ([kind, title, what, address]) => {
      const link = document.createElement("a");
      link.href = address;
      link.append(piece("span", `sort ${styles[kind] || "status plain"}`, kind), piece("strong", "", title), piece("span", "muted", what));
      const item = document.createElement("li");
      item.append(link);
      return item;
    };
    const show = () => {
      const wanted = words(field.value);
      const found = [];
      let count = 0;
      if (wanted.length) {
        for (let index = 0; index < texts.length; index += 1) {
          if (wanted.every((word) => texts[index].includes(word))) {
            count += 1;
            if (found.length < MOST) found.push(entries[index]);
          }
        }
      }
      results.replaceChildren(...found.map(row));
      results.hidden = found.length === 0;
      matches.textContent = !wanted.length ? "" : count > MOST ? `${MOST} of ${count} found` : `${count} found`;
    };
    field.addEventListener("input", show);
    const links = () => [...results.querySelectorAll("a")];
    const step = (event) => {
      const all = links();
      const here = all.indexOf(document.activeElement);
      const next = event.key === "ArrowDown" ? here + 1 : event.key === "ArrowUp" ? here - 1 : null;
      if (event.key === "Escape") {
        field.value = "";
        show();
        field.focus();
      } else if (next !== null && all.length) {
        event.preventDefault();
        (next < 0 ? field : all[Math.min(next, all.length - 1)]).focus();
      }
    };
    field.addEventListener("keydown", step);
    results.addEventListener("keydown", step);
    show();
  };

  const table = () => {
    const body = document.querySelector("#rows tbody");
    if (!body) return;
    const rows = [...body.rows].map((row) => ({ row, text: row.textContent.toLowerCase(), shown: true }));
    const nothing = document.getElementById("nothing");
    const buttons = [...document.querySelectorAll("[data-choose]")];
    const chosen = {};
    const MOST = 100;
    const more = document.getElementById("more");
    let all = false;
    const update = () => {
      const wanted = words(field.value);
      const asked = Object.entries(chosen).filter(([, value]) => value);
      let count = 0;
      for (const item of rows) {
        const fits = wanted.every((word) => item.text.includes(word)) && asked.every(([name, value]) => item.row.dataset[name] === value);
        const shown = fits && (all || count < MOST);
        if (shown !== item.shown) {
          item.row.hidden = !shown;
          item.shown = shown;
        }
        if (fits) count += 1;
      }
      more.hidden = all || count <= MOST;
      more.textContent = `Show all ${count}`;
      body.parentElement.classList.add("ready");
      nothing.hidden = count > 0;
      matches.textContent = wanted.length || asked.length ? `${count} of ${rows.length} ${field.dataset.what}` : "";
    };
    const choose = (name, value) => {
      chosen[name] = chosen[name] === value ? "" : value;
      for (const button of buttons) {
        if (button.dataset.choose === name) button.setAttribute("aria-pressed", String(button.dataset.value === chosen[name]));
      }
      update();
    };
    const everyone = () => {
      all = true;
      update();
    };
    field.addEventListener("input", update);
    more.addEventListener("click", everyone);
    window.addEventListener("beforeprint", everyone);
    for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.choose, button.dataset.value));
    const [name, value] = location.hash.slice(1).split("=");
    if (buttons.some((button) => button.dataset.choose === name && button.dataset.value === value)) choose(name, value);
    else update();
  };

  if (field.id === "everything") everything();
  else table();
})();
