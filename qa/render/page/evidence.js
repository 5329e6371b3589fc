"use strict";
(() => {
  // SHA-256 as FIPS 180-4 has it; a page opened from a disk may not be given crypto.subtle.
  const K = new Uint32Array([
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ]);
  const START = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

  const sha256 = (bytes) => {
    const size = ((bytes.length + 8) >> 6) + 1 << 6;
    const data = new Uint8Array(size);
    data.set(bytes);
    data[bytes.length] = 0x80;
    const view = new DataView(data.buffer);
    view.setUint32(size - 8, Math.floor(bytes.length / 0x20000000));
    view.setUint32(size - 4, bytes.length << 3);
    const sum = new Uint32Array(START);
    const w = new Uint32Array(64);
    const turn = (x, n) => x >>> n | x << 32 - n;
    for (let at = 0; at < size; at += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + 4 * i);
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + w[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10);
      }
      let [a, b, c, d, e, f, g, h] = sum;
      for (let i = 0; i < 64; i++) {
        const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + K[i] + w[i] | 0;
        const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
        h = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((value, i) => { sum[i] += value; });
    }
    return [...sum].map((value) => value.toString(16).padStart(8, "0")).join("");
  };

  // A sign stands for a character that a page cannot hold; it counts only while it shows that character's own sign.
  const sign = (code) => {
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return { 0x7f: "\u2421", 0xad: "\u2027" }[code] || "\u27e8U+" + code.toString(16).toUpperCase().padStart(4, "0") + "\u27e9";
  };
  const words = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    if ("code" in node.dataset) {
      const code = parseInt(node.dataset.code, 16), shown = node.textContent;
      if (code <= 0x10ffff && (shown === sign(code) || (code === 0x0d && shown === ""))) return String.fromCodePoint(code);
    }
    return [...node.childNodes].map(words).join("");
  };
  const marked = (root, number) => [...root.querySelectorAll('mark[data-cites~="' + number + '"]')].map(words).join("");

  const told = [];
  const tell = (kind, place, right, yes, no) => {
    const state = place.querySelector(".state");
    state.dataset.state = right ? "good" : "bad";
    state.textContent = (right ? "\u2713 " + yes : "\u2717 " + no);
    told.push({ kind, place, right });
    return right;
  };

  // Offsets count code points, as the records do; a JavaScript string counts UTF-16 units.
  const texts = new Map();
  for (const article of document.querySelectorAll(".source")) {
    const body = article.querySelector(".words"), text = words(body);
    const right = sha256(new TextEncoder().encode(text)) === article.querySelector(".digest").textContent;
    tell("article", article, right, "text matches its SHA-256", "text does not match its SHA-256");
    texts.set(article.dataset.article, { body, points: Array.from(text), right });
  }
  for (const passage of document.querySelectorAll(".passage")) {
    const source = texts.get(passage.dataset.article);
    const slice = (start, end) => source.points.slice(start, end).join("");
    const excerpt = passage.querySelector(".words"), from = Number(excerpt.dataset.from), shown = words(excerpt);
    const quote = marked(excerpt, passage.dataset.number);
    const [start, end] = ["start", "end"].map((side) => Number(passage.querySelector("." + side).textContent));
    // Where the words around a quote differ and the article is the damaged one, the quote is not to blame.
    const around = shown === slice(from, from + Array.from(shown).length) || !source.right;
    const right = quote !== "" && quote === slice(start, end) && quote === marked(source.body, passage.dataset.number) && around;
    tell("quote", passage, right, "in its place", "not in its place");
  }
  for (const statement of document.querySelectorAll(".statement[data-verbatim]")) {
    const passage = statement.querySelector('.passage[data-number="' + statement.dataset.verbatim + '"]');
    const right = words(statement.querySelector(".claim")) === marked(passage, statement.dataset.verbatim);
    tell("statement", statement, right, "word for word", "not word for word");
  }

  const counted = (number, noun) => number + " " + noun + (number === 1 ? "" : "s");
  const result = document.getElementById("result");
  if (result && told.length) {
    const wrong = told.filter((one) => !one.right);
    const number = (kind) => told.filter((one) => one.kind === kind).length;
    result.dataset.state = wrong.length ? "bad" : "good";
    result.querySelector("b").textContent = wrong.length
      ? "\u2717 Evidence damaged: " + wrong.length + " of " + counted(told.length, "check") + " failed."
      : "\u2713 Evidence intact: all " + told.length + " checks passed.";
    const rest = result.querySelector("span");
    if (wrong.length) {
      rest.textContent = "Changed since this page was made: ";
      wrong.forEach((one, at) => {
        const link = document.createElement("a");
        const number = one.kind === "article" ? one.place.dataset.article : one.place.dataset.number;
        link.href = "#" + (one.place.id || one.kind + "-" + number);
        link.textContent = one.kind + " " + number;
        rest.append(at ? ", " : "", link);
      });
      rest.append(".");
    } else {
      rest.textContent = "Just now, in this browser: " + counted(number("article"), "text") + " hashed, " +
        counted(number("quote"), "quote") + " looked up, to the character.";
    }
  }

  const visit = () => {
    const place = document.getElementById(location.hash.slice(1));
    const folded = place && place.closest("details");
    if (!folded || folded.open) return;
    folded.open = true;
    place.scrollIntoView();
  };
  addEventListener("hashchange", visit);
  visit();
})();
