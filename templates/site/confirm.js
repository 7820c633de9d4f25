// One human click is enough: the one in the mail. The first sign of a person on this page (pointer, touch, key, wheel)
// sends the form; programs that open every address of a mail give none, and nothing happens. The button stays.
(function () {
  var form = document.querySelector("form[data-confirm]");
  var note = document.querySelector("[data-confirm-note]");
  if (!form || navigator.webdriver) return;
  var opened = Date.now();
  var sent = false;
  note.hidden = false;
  function confirm(event) {
    if (sent || !event.isTrusted || document.visibilityState !== "visible" || Date.now() - opened < 700) return;
    sent = true;
    form.submit();
  }
  ["pointermove", "pointerdown", "touchstart", "wheel", "keydown"].forEach(function (kind) {
    document.addEventListener(kind, confirm, { passive: true });
  });
})();
