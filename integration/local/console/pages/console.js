// Lists change at once when another is chosen; deleting asks first; a page at work refreshes itself while it is seen.
for (const select of document.querySelectorAll('[data-submit]')) {
    select.addEventListener('change', () => select.form.requestSubmit());
}
for (const form of document.querySelectorAll('[data-ask]')) {
    form.addEventListener('submit', (event) => {
        if (!window.confirm(form.dataset.ask)) event.preventDefault();
    });
}
const working = document.querySelector('[data-refresh]');
if (working) {
    setInterval(() => {
        if (!document.hidden) window.location.reload();
    }, Number(working.dataset.refresh) * 1000);
}
