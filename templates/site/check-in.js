// The check-in page and, in the same file, its service worker. Everything is kept under the address of this one link:
// the list of names and what is waiting to be sent. Each entry has an id made here, so that it counts once however
// often it is sent. A link that is over (404) removes all of it.
"use strict";

var SHELL = "warmbench-check-in-1";

if (typeof ServiceWorkerGlobalScope !== "undefined" && self instanceof ServiceWorkerGlobalScope) {
  worker();
} else {
  page();
}

function worker() {
  self.addEventListener("install", function () { self.skipWaiting(); });
  self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
  self.addEventListener("fetch", function (event) {
    var address = new URL(event.request.url);
    var own = address.origin === self.location.origin;
    var shell = address.pathname.startsWith("/static/") || address.pathname === "/check-in/app.js" ||
      (event.request.mode === "navigate" && address.pathname.startsWith("/check-in/"));
    if (own && shell && event.request.method === "GET") event.respondWith(fresh(event.request));
  });

  function fresh(request) {
    return fetch(request).then(function (answer) {
      var copy = answer.clone();
      return caches.open(SHELL).then(function (kept) {
        if (answer.ok) return kept.put(request, copy).then(function () { return answer; });
        if (answer.status === 404) return kept.delete(request).then(function () { return answer; });
        return answer;
      });
    }, function () {
      return caches.match(request, { ignoreVary: true }).then(function (kept) {
        return kept || Response.error();
      });
    });
  }
}

function page() {
  var root = document.querySelector("[data-door]");
  if (!root) return;
  var door = root.getAttribute("data-door");
  var LIST = "list " + door, WAITING = "waiting ", BATCH = 50;
  var list = null, sending = false, over = false, lastProblem = "";

  function find(name) { return root.querySelector("[data-" + name + "]"); }

  // What is kept on the device. One key for each entry, so that two tabs never overwrite each other's.
  function kept(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (broken) { return null; }
  }
  function keep(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch (full) { return false; }
  }
  function place(id) { return WAITING + door + " " + id; }
  function waiting() {
    var found = [], before = WAITING + door + " ";
    for (var at = 0; at < localStorage.length; at++) {
      var key = localStorage.key(at);
      if (key.indexOf(before) === 0) found.push(kept(key));
    }
    return found.filter(Boolean).sort(function (one, other) { return one.id < other.id ? -1 : 1; });
  }
  function forget() {
    var before = [LIST, WAITING + door];
    Object.keys(localStorage).forEach(function (key) {
      if (before.some(function (start) { return key.indexOf(start) === 0; })) localStorage.removeItem(key);
    });
    list = null;
    if (window.caches) caches.delete(SHELL);
  }

  var DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", last = 0;
  function ulid() {
    var at = last = Math.max(Date.now(), last + 1); // later entries of this device sort behind earlier ones
    var time = "", random = "";
    for (var place = 0; place < 10; place++) { time = DIGITS[at % 32] + time; at = Math.floor(at / 32); }
    crypto.getRandomValues(new Uint8Array(16)).forEach(function (byte) { random += DIGITS[byte % 32]; });
    return time + random;
  }

  function say(text, kind) {
    var line = find("status");
    line.textContent = text;
    line.setAttribute("data-kind", kind || "");
  }
  function status() {
    var count = waiting().length;
    if (over) return say("This link is over or was taken back. Everything was removed from this device.", "late");
    if (lastProblem) return say(lastProblem, "late");
    if (count) return say(count + " waiting to be sent" + (navigator.onLine ? "." : ". You are offline: go on, nothing is lost."), "waiting");
    if (!list) return say(navigator.onLine ? "Loading the list…" : "Open this page once with a network first.", "late");
    say(navigator.onLine ? "Everything is sent." : "You are offline: go on, nothing is lost.");
  }

  function states() {
    var found = {};
    (list ? list.people : []).forEach(function (one) { found[one.id] = one.state === "Attended"; });
    waiting().forEach(function (entry) { if (entry.attendance) found[entry.attendance] = entry.act === "came"; });
    return found;
  }

  function draw() {
    status();
    var shown = !!list && !over;
    ["list", "walk-in", "forget"].forEach(function (name) { find(name).hidden = !shown; });
    if (!shown) { find("people").textContent = ""; find("name").textContent = "Check-in"; find("when").textContent = ""; return; }
    find("name").textContent = list.name;
    find("when").textContent = list.when;
    var came = states(), sought = document.getElementById("seek").value.trim().toLocaleLowerCase();
    var people = list.people.filter(function (one) { return one.name.toLocaleLowerCase().indexOf(sought) >= 0; });
    var walked = waiting().filter(function (entry) { return entry.act === "walk-in"; }).length;
    var number = Object.keys(came).filter(function (id) { return came[id]; }).length + walked;
    find("count").textContent = number + " of " + list.people.length + " are here" + (walked ? " (" + walked + " without a registration)" : "") + ".";
    var rows = document.createDocumentFragment();
    people.forEach(function (one) { rows.appendChild(row(one, !!came[one.id])); });
    if (!people.length) rows.appendChild(nobody(sought));
    find("people").replaceChildren(rows);
  }

  function row(one, here) {
    var line = document.createElement("li"), button = document.createElement("button");
    var name = document.createElement("span"), mark = document.createElement("span");
    button.type = "button";
    button.setAttribute("data-id", one.id);
    button.setAttribute("aria-pressed", here ? "true" : "false");
    name.textContent = one.name;
    mark.className = "mark";
    mark.textContent = here ? "✓ here" : one.state === "Waiting" ? "waiting list" : "tick";
    button.append(name, mark);
    line.appendChild(button);
    return line;
  }
  function nobody(sought) {
    var line = document.createElement("li");
    line.textContent = sought ? "Nobody of that name. Add them below." : "Nobody has registered yet.";
    return line;
  }

  function note(entry) {
    if (!keep(place(entry.id), entry)) {
      lastProblem = "This device has no room left. Connect to a network so that what is waiting can be sent.";
      return draw();
    }
    lastProblem = "";
    draw();
    send();
  }

  function tick(id) {
    var here = states()[id];
    note({ id: ulid(), act: here ? "undo" : "came", attendance: id });
  }

  function problemOf(values) {
    if (!values.first_name) return "Enter the first name.";
    if (!values.last_name) return "Enter the last name.";
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(values.email)) return "Enter an e-mail address like name@example.com.";
    return "";
  }
  function walkIn(event) {
    event.preventDefault();
    var form = event.target, entry = { id: ulid(), act: "walk-in", consent: [] };
    ["first_name", "last_name", "email"].forEach(function (name) { entry[name] = form.elements[name].value.trim(); });
    form.querySelectorAll("[name=consent]:checked").forEach(function (box) { entry.consent.push(box.value); });
    var problem = problemOf(entry), line = find("problem");
    line.hidden = !problem;
    line.textContent = problem;
    if (problem) return;
    form.reset();
    form.elements.first_name.focus();
    note(entry);
  }

  function asked(answer) {
    if (answer.status === 404) { over = true; forget(); draw(); }
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  function send() {
    if (sending || over) return;
    var batch = waiting().slice(0, BATCH);
    if (!batch.length || !navigator.onLine) return;
    sending = true;
    fetch(door + "/people", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(batch) })
      .then(asked)
      .then(function (answer) {
        batch.forEach(function (entry) {
          if (answer.taken.indexOf(entry.id) < 0 && !answer.refused[entry.id]) return;
          if (answer.refused[entry.id]) lastProblem = "One entry was refused. " + answer.refused[entry.id];
          localStorage.removeItem(place(entry.id));
          remember(entry);
        });
        sending = false;
        draw();
        if (answer.taken.length) send();
      })
      .catch(function () { sending = false; draw(); });
  }
  // What was sent shows as done until the list that comes back says so too.
  function remember(entry) {
    if (!list || !entry.attendance) return;
    list.people.forEach(function (one) {
      if (one.id === entry.attendance) one.state = entry.act === "came" ? "Attended" : "Registered";
    });
    keep(LIST, list);
  }

  function load() {
    if (over || waiting().length) return Promise.resolve();
    return fetch(door + "/people").then(asked).then(function (fresh) {
      list = fresh;
      keep(LIST, list);
      consents();
      draw();
    }).catch(draw);
  }

  function consents() {
    var box = find("consent");
    if (!list || box.querySelector("input")) return;
    box.hidden = !list.purposes.length;
    find("consent-text").textContent = list.consent;
    list.purposes.forEach(function (purpose, number) {
      var line = document.createElement("div"), input = document.createElement("input"), label = document.createElement("label");
      line.className = "tick";
      input.type = "checkbox"; input.name = "consent"; input.value = purpose.name; input.id = "purpose-" + number;
      label.htmlFor = input.id;
      label.textContent = purpose.label;
      line.append(input, label);
      box.appendChild(line);
    });
  }

  // The worker takes over only after this page was loaded, so the page itself lays the first copies down.
  function keepShell() {
    var parts = [location.pathname, "/check-in/app.js"];
    document.querySelectorAll("link[rel=stylesheet]").forEach(function (link) { parts.push(link.href); });
    caches.open(SHELL).then(function (kept) { return kept.addAll(parts); }).catch(function () {});
  }

  function expired() { return list && Date.parse(list.until) < Date.now(); }

  list = kept(LIST);
  if (expired()) { over = true; forget(); }
  consents();
  draw();
  find("people").addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (button) tick(button.getAttribute("data-id"));
  });
  document.getElementById("seek").addEventListener("input", draw);
  find("form").addEventListener("submit", walkIn);
  find("forget").addEventListener("click", function () {
    var count = waiting().length;
    if (count && !confirm(count + " entries were not sent yet and would be lost. Forget everything?")) return;
    forget();
    draw();
  });
  window.addEventListener("online", function () { draw(); send(); });
  window.addEventListener("offline", draw);
  setInterval(function () {
    if (expired()) { over = true; forget(); draw(); return; }
    send();
    load();
  }, 20000);
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/check-in/app.js", { scope: "/check-in/" });
    keepShell();
  }
  send();
  load();
}
