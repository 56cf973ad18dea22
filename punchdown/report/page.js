"use strict";
(() => {
  const search = document.getElementById("search");
  const matches = document.getElementById("matches");
  const nothing = document.getElementById("nothing");
  const rows = [...document.querySelectorAll("tbody tr[data-device]")];
  const sections = new Map([...document.querySelectorAll("section.device")].map((s) => [s.dataset.device, s]));
  const buttons = [...document.querySelectorAll("[data-filter]")];
  const text = new Map();
  const textOf = (node) => {
    if (!text.has(node)) text.set(node, node.textContent.toLowerCase());
    return text.get(node);
  };
  let status = "";

  const showSection = (section, words, rowMatches, visible) => {
    for (const item of section.querySelectorAll("[data-text]")) {
      item.hidden = !rowMatches && !words.every((word) => textOf(item).includes(word));
    }
    section.hidden = !visible;
  };

  const update = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const section = sections.get(row.dataset.device);
      const rowMatches = words.every((word) => textOf(row).includes(word));
      const whole = textOf(row) + " " + (section ? textOf(section) : "");
      const visible = (!status || row.dataset.status === status) && words.every((word) => whole.includes(word));
      row.hidden = !visible;
      if (section) {
        const items = [...section.querySelectorAll("[data-text]")];
        const oneItem = items.some((item) => words.every((word) => textOf(item).includes(word)));
        showSection(section, words, rowMatches || !oneItem, visible);
      }
      if (visible) shown += 1;
    }
    const filtered = words.length > 0 || status !== "";
    matches.textContent = filtered ? `${shown} of ${rows.length} ${search.dataset.what || "devices"}` : "";
    nothing.hidden = shown > 0 || rows.length === 0;
  };

  search.addEventListener("input", update);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      status = status === button.dataset.filter ? "" : button.dataset.filter;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other.dataset.filter === status));
      update();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
  });
})();
