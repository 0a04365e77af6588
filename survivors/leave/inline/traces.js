// "Leave fewer traces" (QX-26): inside the site, each page takes the place of the one before, so fewer are listed.
// The switch belongs to this tab and is kept in the address after #, which never goes over the network and is never stored by us.
(function () {
var d = document, w = window, box = d.getElementById('fewer');
if (!box) return;
var on = w.location.hash.slice(0, 2) === '#~', past = on ? w.location.hash.slice(2).split('~').filter(Boolean) : [];
var button = box.querySelector('button'), back = d.getElementById('back');
function state(list) { return '#~' + list.slice(-8).join('~'); }
function show() {
box.hidden = false;
button.setAttribute('aria-pressed', on ? 'true' : 'false');
back.hidden = !(on && past.length);
}
button.addEventListener('click', function () {
on = !on; past = [];
w.history.replaceState(null, '', on ? state(past) : w.location.pathname);
show();
});
back.addEventListener('click', function () {
var to = past.pop();
w.location.replace(to + state(past));
});
d.addEventListener('click', function (e) {
var a = e.target.closest && e.target.closest('a[href]');
if (!on || !a || a.id === 'qx' || a.origin !== w.location.origin || e.ctrlKey || e.metaKey || e.shiftKey || e.defaultPrevented) return;
if (a.pathname === w.location.pathname && a.hash) return;
e.preventDefault();
w.location.replace(a.pathname + state(past.concat(w.location.pathname)));
});
show();
})();
