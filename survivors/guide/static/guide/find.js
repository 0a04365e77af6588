// Search on the phone: the index is loaded once, when the field is first touched; what is typed goes nowhere (PRIV-15).
(function () {
  'use strict';
  const box = document.getElementById('find');
  const field = document.getElementById('word');
  const found = document.getElementById('found');
  const rows = Array.from(document.querySelectorAll('.az li'));
  let words = null;

  // The same letter in several shapes is one letter: accents, Arabic alef, ya, kaf, ta marbuta and vowel marks, joiners nobody sees.
  function fold(text) {
    return text.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640\u00ad\u200b-\u200f]/g, '')
      .replace(/[\u0622\u0623\u0625]/g, '\u0627').replace(/[\u0649\u06cc]/g, '\u064a').replace(/\u06a9/g, '\u0643').replace(/\u0629/g, '\u0647')
      .replace(/đ/g, 'd').replace(/[\u2018\u2019\u02bc]/g, "'").replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 15);
  }
  function load() {
    if (words || !box.dataset.words) return;  // a list that holds all its words needs no index
    words = {};
    fetch(box.dataset.words).then((answer) => answer.json()).then((index) => {
      Object.keys(index).forEach((path) => { words[path] = fold(index[path]); });
      filter();
    }).catch(() => { words = null; });
  }
  function filter() {
    const parts = fold(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row) => {
      const text = fold(row.textContent) + ' ' + ((words && words[row.dataset.path]) || '');
      row.hidden = !parts.every((part) => text.includes(part));
      if (!row.hidden) shown += 1;
    });
    found.textContent = shown ? '' : found.dataset.none;
  }
  field.addEventListener('focus', load);
  field.addEventListener('input', filter);
  box.hidden = false;
}());
