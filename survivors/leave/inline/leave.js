// Quick exit. Runs in <head>, before any content. If it throws or never runs, #qx is still a plain link under a CSS cover.
// The one thing ever stored is the key q of this tab's session, after leaving: Back must not show the page again.
(function () {
var d = document, w = window, l = w.location, r = d.documentElement, gone = 0, count = 0, last = 0, channel;
function q(v) {
try { var s = w.sessionStorage; return v ? s.setItem('q', v) : v === 0 ? s.removeItem('q') : s.getItem('q'); } catch (e) {}
}
function go() { gone = 1; r.classList.add('qx'); l.replace(r.dataset.to); }
function leave(told) {
if (gone) return;
q(1);
d.title = '\u200b';
go();
// The way out is taken; nothing below can stop it. First what can be heard, last the background clean-up.
try {
if (told !== 1) channel.postMessage(1);
} catch (e) {}
try {
d.querySelectorAll('audio,video').forEach(function (m) { m.pause(); });
w.speechSynthesis.cancel();
} catch (e) {}
try {
// Nothing is left to read aloud but one neutral word. It comes a moment after its place, or screen readers miss it.
var word = d.createElement('p');
word.setAttribute('role', 'status');
d.body.textContent = '';
d.body.appendChild(word);
setTimeout(function () { word.textContent = r.dataset.loading; }, 50);
w.fetch('/c', { keepalive: true }).catch(function () {});
} catch (e) {}
}
// Back, Forward, Reload and a reopened tab do not bring the page back after leaving. A link or a typed address does.
// The older of the two interfaces is asked first: it has its answer this early in every engine.
try {
var n = w.performance;
if (q()) { if (n.navigation ? n.navigation.type : n.getEntriesByType('navigation')[0].type !== 'navigate') go(); else q(0); }
} catch (e) {}
try { channel = new BroadcastChannel('q'); channel.onmessage = function () { leave(1); }; } catch (e) {}
// The copy that a browser keeps of a page it leaves is a blank one.
w.addEventListener('pagehide', function () { r.classList.add('qx'); });
w.addEventListener('pageshow', function (e) {
if (e.persisted) { if (q()) go(); else if (gone) l.reload(); else r.classList.remove('qx'); }
});
// A phone tells CSS of a finger late, some only where somebody listens for touches. The focus that is not shown draws the cover.
d.addEventListener('touchstart', function (e) {
var a = e.target.closest('#qx');
if (a) a.focus({ preventScroll: true, focusVisible: false });
}, { passive: true });
d.addEventListener('click', function (e) {
if (e.target.closest('#qx')) { e.preventDefault(); leave(); }
});
d.addEventListener('keydown', function (e) {
var t = e.target, now = Date.now();
if (e.repeat) return;
if (e.key === ' ' && t.id === 'qx') { e.preventDefault(); leave(); }
// Keyboards on a screen send no code, and Shift in a text field is writing: neither counts, nor does Shift with another key.
if (e.key !== 'Shift' || !e.code || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) || t.isContentEditable) { count = 0; return; }
count = now - last > 5000 ? 1 : count + 1;
last = now;
if (count > 2) leave();
});
})();
