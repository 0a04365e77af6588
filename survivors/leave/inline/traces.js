// "Leave fewer traces" (QX-26): inside the site, each page takes the place of the one before, so fewer are listed.
// The switch belongs to this tab and is kept in the address after #, which never goes over the network and is never stored by us.
(function () {
var d = document, w = window, l = w.location, box = d.getElementById('fewer');
if (!box) return;
// Anybody can write an address: only paths of this site count, never another host or a script.
function isPath(text) { return /^\/([\w-]+\/)*$/.test(text); }
var on = l.hash.slice(0, 2) === '#~', past = on ? l.hash.slice(2).split('~').filter(isPath) : [];
var button = box.querySelector('button'), back = d.getElementById('back');
function state(list) { return '#~' + list.slice(-8).join('~'); }
function show() {
box.hidden = false;
button.setAttribute('aria-pressed', on);
back.hidden = !(on && past.length);
}
button.addEventListener('click', function () {
on = !on; past = [];
// Switched on, the address changes with the next link only: a change here would list this page for good.
if (!on) w.history.replaceState(null, '', l.pathname);
show();
});
back.addEventListener('click', function () {
var to = past.pop();
l.replace(to + state(past));
});
d.addEventListener('click', function (e) {
var a = e.target.closest('a[href]');
if (!on || !a || a.origin !== l.origin || e.ctrlKey || e.metaKey || e.shiftKey || e.defaultPrevented) return;
e.preventDefault();
if (a.pathname !== l.pathname) { l.replace(a.pathname + state(past.concat(l.pathname))); return; }
// A jump inside the page would be one more entry of its own.
var part = d.getElementById(a.hash.slice(1));
if (part) { part.scrollIntoView(); part.focus(); } else w.scrollTo(0, 0);
});
show();
})();
