"use strict";
(() => {
  const record = JSON.parse(document.getElementById("record").textContent);
  const list = document.getElementById("list");
  const all = [...list.children];
  const place = new Map(all.map((question, at) => [question, at]));
  const found = document.getElementById("found");
  const search = document.getElementById("search");
  const order = document.getElementById("order");
  const nothing = document.getElementById("nothing");
  const chosen = { outcome: "", kind: "" };
  const words = all.map((question) => question.textContent.toLowerCase());

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const names = ["", "cited", "evidence", "cited, and evidence"];

  // Articles' words only ever enter the page as text nodes.
  const marked = (article, from, to, flags, numbers) => {
    const line = element("blockquote");
    line.dir = "auto";
    const pieces = record.articles[article].pieces;
    const begins = new Map();
    for (const [piece, number] of numbers) begins.set(piece, [...(begins.get(piece) || []), number]);
    let open = line;
    for (let piece = from; piece < to; piece++) {
      const flag = Number(flags[piece - from] || 0);
      const changed = piece === from || flag !== Number(flags[piece - from - 1] || 0);
      if (changed) {
        open = line;
        if (flag) {
          open = element("mark", "m" + flag);
          open.append(element("span", "unseen", "[" + names[flag] + ":] "));
          line.append(open);
        }
      }
      for (const number of begins.get(piece) || []) open.append(element("sup", "", String(number)));
      open.append(pieces[piece]);
    }
    return line;
  };

  const heading = (article, told) => {
    const from = record.articles[article];
    const line = element("p", "source");
    const title = element("cite", "", from.title || "Untitled");
    title.dir = "auto";
    line.append(title);
    if (from.byline) line.append(element("span", "byline", from.byline));
    if (told) line.append(element("span", "told", told));
    return line;
  };

  const fill = (question) => {
    const body = question.querySelector(".body");
    if (body.dataset.filled) return;
    body.dataset.filled = "yes";
    const shown = record.questions[place.get(question)];
    for (const [article, from, to, flags, numbers] of shown.excerpts) {
      const cited = /[13]/.test(flags), gold = /[23]/.test(flags);
      const told = cited && gold ? "" : cited ? "cited; holds none of the evidence" : "evidence; not cited";
      body.append(heading(article, told), marked(article, from, to, flags, numbers));
    }
    for (const [number, quote] of shown.stray) {
      body.append(element("p", "stray", "Citation " + number + " states words that are not at its place: " + quote));
    }
    if (shown.passages.length) {
      const folded = element("details", "passages");
      folded.append(element("summary", "", shown.passages.length + (shown.passages.length === 1 ? " passage" : " passages") + " retrieved"));
      folded.addEventListener("toggle", () => {
        if (folded.childElementCount > 1) return;
        const items = element("ol");
        for (const [article, from, to] of shown.passages) {
          const item = element("li");
          item.append(heading(article, ""), marked(article, from, to, "", []));
          items.append(item);
        }
        folded.append(items);
      });
      body.append(folded);
    }
  };

  const fits = (question, at, wanted) =>
    (!chosen.outcome || question.dataset.outcome === chosen.outcome) &&
    (!chosen.kind || question.dataset.kind === chosen.kind) &&
    wanted.every((word) => words[at].includes(word));

  const filter = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    all.forEach((question, at) => {
      question.hidden = !fits(question, at, wanted);
      if (!question.hidden) count += 1;
    });
    found.textContent = count + " of " + all.length + " shown";
    nothing.hidden = count > 0;
  };

  const sort = () => {
    const way = { given: 0, surest: -1, unsure: 1 }[order.value];
    const sorted = [...all].sort((a, b) => way * (a.dataset.confidence - b.dataset.confidence) || place.get(a) - place.get(b));
    list.append(...sorted);
  };

  const press = (button) => {
    const which = "outcome" in button.dataset ? "outcome" : "kind";
    chosen[which] = button.dataset[which];
    for (const other of document.querySelectorAll("#tools button[data-" + which + "]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    filter();
  };

  const clear = () => {
    search.value = "";
    for (const button of document.querySelectorAll('#tools button[data-outcome=""], #tools button[data-kind=""]')) press(button);
    filter();
  };

  const visit = () => {
    let id;
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const question = document.getElementById(id);
    if (!place.has(question)) return;
    if (question.hidden) clear();
    question.open = true;
    fill(question);
    question.querySelector("summary").focus({ preventScroll: true });
    // Twice, because lines that come into view for the first time may turn out higher than was thought.
    question.scrollIntoView({ behavior: "instant" });
    requestAnimationFrame(() => question.scrollIntoView({ behavior: "instant" }));
  };

  list.addEventListener("toggle", (event) => { if (place.has(event.target) && event.target.open) fill(event.target); }, true);
  document.getElementById("tools").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) press(button);
  });
  document.getElementById("tools").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("clear").addEventListener("click", () => { clear(); search.focus(); });
  search.addEventListener("input", filter);
  order.addEventListener("change", sort);
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); search.focus(); }
    if (event.key === "Escape" && document.activeElement === search) { search.value = ""; filter(); }
  });
  addEventListener("hashchange", visit);
  document.getElementById("tools").hidden = false;
  search.value = "";
  order.value = "given";
  filter();
  visit();
})();
