// What a page can do beyond its forms: local times, the live stream, keys, and drafts that survive a login.
(() => {
  "use strict";
  const all = (what, within = document) => [...within.querySelectorAll(what)];

  // Times: how long ago, and on hover the exact instant here and in UTC.
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });
  const here = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  function times() {
    for (const time of all("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (isNaN(at)) continue;
      if (time.classList.contains("ago")) {
        const seconds = Math.round((at - Date.now()) / 1000);
        const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) || units[3];
        // "in 3 hr." ends no sentence: the page says where one ends
        time.textContent = relative.format(Math.trunc(seconds / size), unit).replace(".", "");
      } else {
        time.textContent = here.format(at);
      }
      time.title = here.format(at) + " (" + zone + ") · " + at.toISOString();
    }
  }

  // Fields for a time are read in this computer's zone, and say so.
  for (const field of all("[data-zone]")) {
    if (field.tagName === "INPUT") field.value = zone;
    else field.textContent = zone;
  }

  // Live: the stream only names what changed. Lists show a bar, so no row jumps under the pointer.
  const sign = document.getElementById("live");
  let stream = null;
  let heard = 0;
  let frozen = false;
  const missed = new Map(); // what changed while the page was frozen
  function say(state, words) {
    if (sign && sign.dataset.state !== state) {
      sign.dataset.state = state;
      sign.querySelector(".say").textContent = words;
    }
  }
  // The figures are of when the page, or its last part, was fetched; a stream that is gone is said above them.
  function fetched() {
    const at = document.getElementById("asof");
    if (!at) return;
    at.dateTime = new Date().toISOString();
    times();
  }
  function stale(since) {
    const shown = document.getElementById("stale");
    if (!since) { if (shown) shown.remove(); return; }
    const main = document.getElementById("main");
    if (shown || !main) return;
    const note = document.createElement("p");
    note.id = "stale";
    note.className = "notice bad";
    note.setAttribute("role", "alert");
    note.textContent = "Nothing was heard of the hub since " + here.format(new Date(since)) + ": what is shown may be out of date.";
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Load again";
    again.addEventListener("click", () => location.reload());
    note.append(again);
    main.prepend(note);
  }
  const freeze = document.getElementById("freeze");
  if (freeze) {
    freeze.hidden = false;
    freeze.addEventListener("click", () => {
      frozen = !frozen;
      freeze.setAttribute("aria-pressed", String(frozen));
      freeze.textContent = frozen ? "Frozen" : "Freeze";
      if (!frozen) { const names = [...missed]; missed.clear(); names.forEach(([topic, more]) => changed(topic, more)); }
    });
  }
  function changed(topic, more) {
    if (frozen) {
      missed.set(topic, (missed.get(topic) || 0) + more);
      freeze.textContent = "Frozen, " + missed.size + " changed";
      return;
    }
    for (const place of all('[data-live="' + topic + '"]')) {
      const fresh = Number(place.dataset.fresh || 0) + more;
      place.dataset.fresh = fresh;
      const words = fresh > 0 ? fresh.toLocaleString() + " new. Show " + (fresh === 1 ? "it" : "them") : "Something changed. Show it";
      if (place.firstChild) { place.firstChild.textContent = words; continue; }
      const bar = document.createElement("button");
      bar.type = "button";
      bar.className = "news";
      bar.textContent = words;
      bar.addEventListener("click", () => {
        bar.remove();
        delete place.dataset.fresh;
        if (document.querySelector('[hx-trigger*="serai:show"]')) document.body.dispatchEvent(new Event("serai:show"));
        else location.reload();
      });
      place.append(bar);
    }
    document.body.dispatchEvent(new Event("serai:" + topic));
  }
  function listen() {
    if (!sign || stream || document.hidden) return;
    stream = new EventSource("/console/live");
    stream.addEventListener("changed", (event) => {
      heard = Date.now();
      say("on", "live");
      stale(0);
      if (event.data !== "still" && event.data !== "hello") {
        for (const topic of event.data.split(" ")) { const [name, more] = topic.split("+"); changed(name, Number(more || 0)); }
      }
    });
    stream.onerror = () => {
      say("lost", "not live, trying again");
      if (stream.readyState === EventSource.CLOSED) {
        stream = null;
        setTimeout(listen, 5000);
      }
    };
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && stream) {
      stream.close();
      stream = null;
      say("off", "paused");
    } else {
      listen();
      // What happened meanwhile is asked for once.
      if (heard && !document.hidden) ["dead-letters", "jobs", "orders"].forEach((topic) => changed(topic, 0));
    }
  });
  setInterval(() => {
    if (!document.hidden && heard && Date.now() - heard > 15000) {
      say("lost", "not live, trying again");
      stale(heard);
    }
  }, 5000);

  // Drafts: what was typed is kept until it is saved, over an expired session too.
  function drafts() {
    for (const form of all("form[data-draft]")) {
      const key = "serai:" + form.dataset.draft;
      const field = form.elements.text;
      const reason = form.elements.reason;
      const shown = field.value;
      const kept = JSON.parse(sessionStorage.getItem(key) || "null");
      if (kept && kept.text !== shown && kept.from === shown.length) {
        field.value = kept.text;
        if (!reason.value) reason.value = kept.reason || "";
        const note = document.createElement("p");
        note.className = "notice good";
        note.textContent = "What you typed before is here again. ";
        const back = document.createElement("button");
        back.type = "button";
        back.textContent = "Show what is stored instead";
        back.addEventListener("click", () => { field.value = shown; sessionStorage.removeItem(key); note.remove(); });
        note.append(back);
        form.before(note);
      }
      form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify({ text: field.value, reason: reason.value, from: shown.length })));
    }
  }

  // Keys: none of them changes anything.
  let row = -1;
  let going = false;
  function move(step) {
    const rows = all("table.rows tbody tr");
    if (!rows.length) return;
    rows.forEach((one) => one.classList.remove("at"));
    row = Math.min(Math.max(row + step, 0), rows.length - 1);
    rows[row].classList.add("at");
    rows[row].scrollIntoView({ block: "nearest" });
    const link = rows[row].querySelector("a.open");
    if (link) link.focus({ preventScroll: true });
  }
  function press(key) {
    const target = document.querySelector('[data-key="' + key + '"]');
    if (!target) return;
    if (target.tagName === "DETAILS") {
      target.open = true;
      const first = target.querySelector("input:not([type=hidden]), select, button");
      if (first) first.focus();
    } else target.click();
  }
  // Any page by its name; what is no page is searched for.
  const palette = document.getElementById("palette");
  const wanted = document.getElementById("goto");
  function narrow() {
    const words = wanted.value.trim().toLowerCase();
    let first = null;
    for (const link of all("li a", palette)) {
      const fits = link.textContent.toLowerCase().includes(words);
      link.parentElement.hidden = !fits;
      link.classList.remove("first");
      if (fits && !first) first = link;
    }
    if (first) first.classList.add("first");
    return first;
  }
  if (palette) {
    wanted.addEventListener("input", narrow);
    wanted.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.repeat) return;
      event.preventDefault();
      const first = narrow();
      if (first) first.click();
      else if (wanted.value.trim()) location.assign("/console/orders?q=" + encodeURIComponent(wanted.value.trim()));
    });
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") {
      if (document.querySelector("dialog[open]")) return; // it closes by itself
      if (typing) typing.blur();
      else {
        const open = all("details.action[open]").pop();
        const up = all(".crumbs a").pop();
        if (open) { open.open = false; open.querySelector("summary").focus(); }
        else if (up && !event.repeat) up.click();
      }
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) {
      event.preventDefault();
      if (!palette.open) { palette.showModal(); wanted.value = ""; narrow(); wanted.focus(); }
      return;
    }
    if (typing || event.repeat && !"jk".includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (going) {
      going = false;
      const link = document.querySelector('[data-go="' + event.key + '"]');
      if (link) { event.preventDefault(); link.click(); return; }
    }
    switch (event.key) {
      case "/": event.preventDefault(); document.getElementById("q")?.focus(); break;
      case "?": document.getElementById("keys")?.showModal(); break;
      case "g": going = true; setTimeout(() => { going = false; }, 1500); break;
      case "j": move(1); break;
      case "k": move(-1); break;
      case "x": { const tick = document.querySelector("tr.at input[type=checkbox]"); if (tick) tick.checked = !tick.checked; break; }
      case "r": case "e": case "d": event.preventDefault(); press(event.key); break;
    }
  });

  // Filters of several words: the one that is typed now is completed, those before it stay.
  for (const field of all("input[data-words]")) {
    const words = all("option", field.list).map((one) => one.value);
    field.addEventListener("input", () => {
      const before = field.value.slice(0, field.value.lastIndexOf(" ") + 1);
      field.list.replaceChildren(...words.map((word) => new Option("", before + word)));
    });
  }

  // A range: tick one, then another with shift.
  let ticked = null;
  document.addEventListener("click", (event) => {
    const tick = event.target.closest('td.tick input[type="checkbox"]');
    if (!tick) return;
    const ticks = all('td.tick input[type="checkbox"]');
    if (event.shiftKey && ticks.includes(ticked)) {
      const [from, to] = [ticks.indexOf(ticked), ticks.indexOf(tick)].sort((a, b) => a - b);
      ticks.slice(from, to + 1).forEach((one) => { one.checked = tick.checked; });
    }
    ticked = tick;
  });

  document.addEventListener("change", (event) => {
    const name = event.target.dataset && event.target.dataset.all;
    if (name) all('input[name="' + name + '"]').forEach((tick) => { tick.checked = event.target.checked; });
  });
  // A second press of a button is no second wish.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
    if (event.target.dataset.draft && event.submitter && event.submitter.value === "save") {
      sessionStorage.setItem("serai:saving", "serai:" + event.target.dataset.draft);
    }
  });
  window.addEventListener("pageshow", () => {
    all("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
    // The edit was taken when the very next page says so; a login in between says that it was not.
    const saving = sessionStorage.getItem("serai:saving");
    if (saving) {
      sessionStorage.removeItem("serai:saving");
      if (document.querySelector(".notice.good[role=status]")) sessionStorage.removeItem(saving);
    }
  });
  // What scrolls sideways can be reached by keyboard, and only that.
  function reach() {
    for (const part of all(".scroll")) {
      if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
    }
  }
  document.addEventListener("htmx:afterSwap", () => {
    fetched();
    times();
    reach();
    // The brake of a replay is drawn again only when the state is another: somebody may be typing there.
    const job = document.getElementById("job");
    const brake = document.getElementById("brake");
    if (job && brake && job.dataset.state !== brake.dataset.state) document.body.dispatchEvent(new Event("serai:brake"));
  });
  addEventListener("resize", reach);
  times();
  reach();
  drafts();
  listen();
  setInterval(times, 15000);
})();
