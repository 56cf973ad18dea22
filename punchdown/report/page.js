"use strict";
(() => {
  const search = document.getElementById("search");
  const matches = document.getElementById("matches");
  const nothing = document.getElementById("nothing");
  const rows = [...document.querySelectorAll("tbody tr[data-device]")];
  const sections = new Map([...document.querySelectorAll("section.device")].map((s) => [s.dataset.device, s]));
  const parts = new Map([...sections.values()].map((section) => [section, [...section.querySelectorAll("[data-text]")]]));
  const loose = [...document.querySelectorAll("[data-text]")].filter((node) => !node.closest("section.device"));
  const around = new Set(loose.map((node) => node.closest("section")).filter((node) => node && !node.querySelector("tr[data-device]")));
  const buttons = [...document.querySelectorAll("[data-filter]")];
  const text = new Map();
  const textOf = (node) => {
    if (!text.has(node)) text.set(node, node.textContent.toLowerCase());
    return text.get(node);
  };
  const hide = (node, hidden) => {
    if (node.hidden !== hidden) node.hidden = hidden;
  };
  const more = document.getElementById("more");
  const MOST = 100;
  let all = !more;
  let status = "";

  const update = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (whole) => words.every((word) => whole.includes(word));
    const filtered = words.length > 0 || status !== "";
    let shown = 0;
    for (const row of rows) {
      const section = sections.get(row.dataset.device);
      const rowMatches = has(textOf(row));
      const visible = (!status || row.dataset.status === status) && has(textOf(row) + " " + (section ? textOf(section) : ""));
      hide(row, !(visible && (all || shown < MOST)));
      if (section) {
        const items = parts.get(section);
        const whole = rowMatches || !items.some((item) => has(textOf(item)));
        for (const item of items) hide(item, !whole && !has(textOf(item)));
        hide(section, !visible);
      }
      if (visible) shown += 1;
      const fold = row.closest("details");
      if (fold && visible && filtered) fold.open = true;
    }
    for (const node of loose) hide(node, !has(textOf(node)));
    for (const section of around) hide(section, !section.querySelector("[data-text]:not([hidden])"));
    matches.textContent = filtered ? `${shown} of ${rows.length} ${search.dataset.what || "devices"}` : "";
    if (more) {
      more.hidden = all || shown <= MOST;
      more.textContent = `Show all ${shown}`;
    }
    nothing.hidden = shown > 0 || rows.length === 0;
  };

  if (more) {
    const everyone = () => {
      all = true;
      update();
    };
    rows.slice(MOST).forEach((row) => hide(row, true));
    document.getElementById("rows").classList.add("ready");
    more.hidden = rows.length <= MOST;
    more.textContent = `Show all ${rows.length}`;
    more.addEventListener("click", everyone);
    window.addEventListener("beforeprint", everyone);
  }
  search.addEventListener("input", update);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      status = status === button.dataset.filter ? "" : button.dataset.filter;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other.dataset.filter === status));
      update();
    });
  }
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    }
  });
})();
