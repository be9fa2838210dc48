"use strict";
(() => {
  const rows = JSON.parse(document.getElementById("rows").textContent);
  const box = document.getElementById("search"), ask = document.getElementById("ask");
  const list = document.getElementById("found"), count = document.getElementById("count"), all = document.getElementById("all");
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const index = rows.map((row) => plain(row.slice(1).join(" ")));
  const most = 60;
  box.hidden = false;
  function show() {
    const words = plain(ask.value).split(/\s+/).filter(Boolean);
    all.hidden = words.length > 0;
    list.replaceChildren();
    count.textContent = "";
    if (!words.length) return;
    const hits = [];
    for (let place = 0; place < rows.length; place += 1) {
      if (words.every((word) => index[place].includes(word))) hits.push(rows[place]);
    }
    count.textContent = hits.length > most ? `${hits.length} hits, the first ${most}` : `${hits.length} ${hits.length === 1 ? "hit" : "hits"}`;
    for (const [page, name, text, who, means] of hits.slice(0, most)) {
      const line = document.createElement("li"), left = document.createElement(page ? "a" : "span");
      const right = document.createElement("span");
      if (page) left.href = page;
      left.textContent = name;
      right.textContent = (who ? `${who}: ${text}` : text) + (means ? ` → ${means}` : "");
      line.append(left, right);
      list.append(line);
    }
  }
  ask.addEventListener("input", show);
  show();
})();
