// Copies what an open dialog would do, as a command for a terminal or a request for curl.
(() => {
  "use strict";
  let known = null; // form -> its twins, from twins.json
  const quoted = (text) => /^[\w@%+=:,./-]+$/.test(text) ? text : "'" + text.replaceAll("'", "'\\''") + "'";

  // The form's address as the table has it, with what stands in its place holders.
  function twinOf(address) {
    const path = address.replace(/^.*?\/console(?=\/)/, "").replace(/\?.*$/, "");
    for (const [pattern, twin] of Object.entries(known)) {
      const names = [...pattern.matchAll(/\{(\w+)\}/g)].map((name) => name[1]);
      const found = path.match(new RegExp("^" + pattern.replace(/\{\w+\}/g, "([^/]+)") + "$"));
      if (found && (names.length || pattern === path)) return [twin, Object.fromEntries(names.map((name, n) => [name, decodeURIComponent(found[n + 1])]))];
    }
    return null;
  }
  function values(form, path) {
    const all = { ...path };
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.trim() && name !== "_csrf") all[name] = value.trim();
    // What is ticked is meant, not the whole group.
    const ticked = [...form.querySelectorAll("input[name=id]:checked, input[type=hidden][name=kept]")].map((tick) => tick.value);
    if (ticked.length) { all.ids = ticked; delete all.fingerprint; delete all.q; }
    return all;
  }
  // What has no value is left out, at every depth.
  function filled(part, given) {
    if (Array.isArray(part)) {
      const list = part.map((one) => filled(one, given)).filter((one) => one !== undefined);
      return list.length ? list : undefined;
    }
    if (typeof part === "object") {
      const entries = Object.entries(part).map(([name, one]) => [name, filled(one, given)]).filter(([, one]) => one !== undefined);
      return entries.length ? Object.fromEntries(entries) : undefined;
    }
    if (part.startsWith("=")) return part === "=true" ? true : part.slice(1);
    const value = given[part.replace(/^(#|json:)?\{(\w+)\}$/, "$2")];
    if (value === undefined) return undefined;
    if (part.startsWith("#")) return Number(value.replaceAll(",", ""));
    if (part.startsWith("json:")) { try { return JSON.parse(value); } catch { return value; } }
    return value;
  }
  function command(twin, given) {
    const some = (text) => text.replace(/\{(\w+)\}/g, (all, name) => given[name] === undefined ? "…" : [given[name]].flat().map(quoted).join(" "));
    return "./serai " + some(twin.cli.replace(/ ?\[([^\]]*)\]/g, (all, inner) =>
      [...inner.matchAll(/\{(\w+)\}/g)].every((name) => given[name[1]] !== undefined) ? all.replace(/[[\]]/g, "") : ""));
  }
  function request(twin, given) {
    const [method, path] = twin.api.split(" ");
    const address = path.replace(/\{(\w+)\}/g, (all, name) => encodeURIComponent(given[name] || ""));
    const key = twin.key && given[twin.key.slice(1, -1)];
    return "curl -X " + method + " \"$SERAI_URL/api/v1" + address + "\" -H \"Authorization: Bearer $SERAI_API_TOKEN\""
      + (key ? " -H " + quoted("Idempotency-Key: " + key) : "")
      + " -H 'Content-Type: application/json' -d " + quoted(JSON.stringify(filled(twin.body, given) || {}));
  }
  function offer(place, form, address) {
    const found = twinOf(address);
    if (!found || place.querySelector(".copies")) return;
    const row = document.createElement("p");
    row.className = "copies";
    for (const [words, text] of [["Copy as command", command], ["Copy as cURL", request]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = words;
      button.addEventListener("click", async () => {
        const copied = text(found[0], values(form, found[1]));
        let pre = row.querySelector("pre");
        if (!pre) {
          pre = document.createElement("pre");
          pre.className = "code wrap";
          pre.tabIndex = 0;
          row.append(pre);
        }
        pre.textContent = copied;
        try {
          await navigator.clipboard.writeText(copied);
          button.textContent = "Copied";
        } catch {
          button.textContent = "Copy it from below";
        }
        setTimeout(() => { button.textContent = words; }, 2000);
      });
      row.append(button, " ");
    }
    place.append(row);
  }
  // Asked for when the first dialog opens: a page that is only read needs none of it.
  async function opened(details) {
    known = known || await (await fetch(document.body.dataset.twins)).json();
    const form = details.closest("form[method=post]") || details.querySelector("form[method=post]");
    if (!form) return;
    const other = details.querySelector("[formaction]");
    offer(details.querySelector("fieldset") || form, form, other ? other.getAttribute("formaction") : form.getAttribute("action"));
  }
  document.addEventListener("toggle", (event) => {
    if (event.target.matches && event.target.matches("details.action[open]") && document.body.dataset.twins) opened(event.target);
  }, true);
})();
