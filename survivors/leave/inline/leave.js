// Quick exit. Runs in <head>, before any content. If it throws or never runs, #qx is still a plain link under a CSS cover.
// The one thing ever stored is the key q of this tab's session, after leaving: Back must not show the page again.
(function () {
var d = document, w = window, r = d.documentElement, gone = 0, count = 0, last = 0, channel;
function q(value) {
try { if (value === undefined) return w.sessionStorage.getItem('q'); if (value) w.sessionStorage.setItem('q', value); else w.sessionStorage.removeItem('q'); } catch (e) {}
}
function hide() { r.classList.add('qx'); }
function go() { w.location.replace(r.getAttribute('data-to')); }
function leave(told) {
if (gone) return;
gone = 1;
hide();
d.title = '\u200b';
q('1');
try { d.querySelectorAll('audio,video').forEach(function (m) { m.pause(); }); w.speechSynthesis && w.speechSynthesis.cancel(); } catch (e) {}
try { if (told !== 1 && channel) channel.postMessage(1); } catch (e) {}
go();
// After the way out is taken: nothing sensitive for screen readers, one neutral word; then the background clean-up.
try {
var word = d.createElement('p');
word.setAttribute('role', 'status');
word.textContent = r.getAttribute('data-loading');
d.body.replaceChildren(word);
w.fetch('/c', { keepalive: true }).catch(function () {});
} catch (e) {}
}
try {
var entry = w.performance.getEntriesByType('navigation')[0];
if (q()) {
if (entry && entry.type === 'back_forward') { hide(); gone = 1; go(); } else q(0);
}
} catch (e) {}
try { channel = new BroadcastChannel('q'); channel.onmessage = function () { leave(1); }; } catch (e) {}
w.addEventListener('pagehide', hide);
w.addEventListener('pageshow', function (e) {
if (!e.persisted) return;
if (q()) { hide(); go(); } else { gone = 0; r.classList.remove('qx'); }
});
d.addEventListener('click', function (e) {
var a = e.target.closest && e.target.closest('#qx');
if (a) { e.preventDefault(); leave(); }
});
d.addEventListener('keydown', function (e) {
var t = e.target, now = Date.now();
if (e.key === ' ' && t.id === 'qx') { e.preventDefault(); leave(); return; }
// Keyboards on a screen send no code, and Shift in a text field is writing: neither counts.
if (e.key !== 'Shift' || !e.code || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) || t.isContentEditable) { if (!e.repeat) count = 0; return; }
if (e.repeat) return;
count = now - last > 5000 ? 1 : count + 1;
last = now;
if (count > 2) leave();
});
})();
