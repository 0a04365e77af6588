// The finder on the phone: the same rules as rules.py, the same questions as questions.py. Everything is loaded once, with the page; no
// answer is stored, put into an address or sent. Without this script the page is one plain form.
(function () {
  'use strict';
  const get = (id) => document.getElementById(id);
  const form = get('finder');
  const result = get('result');
  const move = get('move');
  const sets = new Map(Array.from(form.querySelectorAll('fieldset'), (set) => [set.dataset.fact, set]));
  const items = new Map(Array.from(get('items').content.children, (item) => [item.dataset.id, item]));
  let data;
  let english;
  let given = {};
  let asked = [];
  let skipped = new Set();

  const holds = (when, values) => Object.keys(when).every((name) => when[name].includes(values[name]));

  function decide() {
    const values = { ...data.facts, ...given };
    const rules = data.rules.filter((rule) => holds(rule[0], values));
    const [gives, may, warn] = [1, 2, 3].map((kind) => new Set(rules.flatMap((rule) => rule[kind].split(' ').filter(Boolean))));
    gives.forEach((item) => may.delete(item));
    return { rules, gives, may, warn };
  }

  function next() {
    const values = { ...data.facts, ...given };
    const found = data.questions.find(([fact, when]) => !(fact in given) && holds(when, values) && data.rules.some(([rule]) => (
      fact in rule && Object.keys(rule).every((name) => name === fact || !(name in given) || rule[name].includes(given[name]))
    )));
    return found && found[0];
  }

  function item(id, rules) {
    const node = items.get(id).cloneNode(true);
    const because = rules.filter((rule) => rule.slice(1, 4).some((list) => list.split(' ').includes(id)));
    const [flag, why] = get('extra').content.cloneNode(true).children;
    if (because.map((rule) => rule[4]).sort()[0] > 'B' && !node.matches('.unsure')) {
      node.classList.add('unsure');
      node.firstElementChild.after(flag);
    }
    const ask = node.querySelector('[data-where]');
    if (ask && !ask.dataset.where.split(' ').includes(given.nation)) ask.remove();
    if (english) {
      const twin = document.createElement('p');
      twin.className = 'twin';
      twin.lang = 'en';
      twin.dir = 'ltr';
      twin.textContent = english[id];
      node.append(twin);
    }
    const names = new Set(because.flatMap((rule) => Object.keys(rule[0])).filter((name) => name in given));
    if (names.size) {
      why.querySelector('ul').replaceChildren(...Array.from(names, (name) => {
        const row = document.createElement('li');
        const answer = document.createElement('b');
        answer.textContent = sets.get(name).querySelector(`[value="${skipped.has(name) ? '' : given[name]}"]`).nextElementSibling.textContent;
        row.append(sets.get(name).querySelector('legend').textContent, ' ', answer);
        return row;
      }));
    }
    node.append(why);
    return node;
  }

  function render() {
    const { rules, gives, may, warn } = decide();
    const pick = (set, urgent) => Array.from(items).filter(([id, node]) => set.has(id) && ('urgent' in node.dataset) === urgent)
      .map(([id]) => item(id, rules));
    const parts = {
      urgent: [...pick(gives, true), ...pick(may, true), ...pick(warn, true)],
      gives: pick(gives, false),
      may: pick(may, false),
      warn: pick(warn, false),
    };
    get('sections').replaceChildren(...Object.keys(parts).filter((name) => parts[name].length).map((name) => {
      const section = document.querySelector(`template[data-section=${name}]`).content.cloneNode(true).firstElementChild;
      section.querySelector('ul').append(...parts[name]);
      return section;
    }));
  }

  function show(fact) {
    sets.forEach((set, name) => { set.hidden = name !== fact; });
    form.hidden = !fact;
    result.hidden = !!fact;
    move.querySelector('[data-move=back]').hidden = asked.length < 2;
    if (!fact) {
      render();
      result.focus();
    } else if (asked.length > 1) {
      const legend = sets.get(fact).querySelector('legend');
      legend.tabIndex = -1;
      legend.focus();
    }
    window.scrollTo(0, 0);
  }

  function step() {
    const fact = next();
    if (fact) asked.push(fact);
    show(fact);
  }

  function take(skip) {
    const fact = asked[asked.length - 1];
    const chosen = sets.get(fact).querySelector(':checked').value;
    if (!skip && !chosen) return;
    if (skip) skipped.add(fact);
    given[fact] = skip ? data.facts[fact] : { true: true, false: false }[chosen] ?? chosen;
    step();
  }

  function forget() {
    given = {};
    asked = [];
    skipped = new Set();
    form.reset();
    warn();
    get('sections').replaceChildren();
  }

  function warn() {
    get('danger').classList.toggle('loud', !!form.querySelector('[name=in_danger][value=true]:checked'));
  }

  const acts = {
    next: () => take(false),
    skip: () => take(true),
    back() {
      asked.pop();
      const fact = asked[asked.length - 1];
      delete given[fact];
      skipped.delete(fact);
      show(fact);
    },
    again() { forget(); step(); },
    print: () => window.print(),
  };

  function start(loaded) {
    [data, english] = loaded;
    form.classList.add('guided');
    get('see').hidden = true;
    move.hidden = false;
    form.addEventListener('submit', (event) => { event.preventDefault(); take(false); });
    form.addEventListener('change', warn);
    document.addEventListener('click', (event) => {
      const button = event.target.closest('[data-move]');
      if (button) acts[button.dataset.move]();
    });
    window.addEventListener('pagehide', forget);
    window.addEventListener('pageshow', (event) => { if (event.persisted) step(); });
    step();
    // A test holds these two against rules.py and questions.py.
    form.decide = (values) => { given = values; return decide(); };
    form.next = (values) => { given = values; return next(); };
  }

  const load = (address) => fetch(address).then((answer) => answer.json());
  Promise.all([load(form.dataset.rules), document.documentElement.lang === 'en' ? null : load(form.dataset.english)]).then(start, () => {});
}());
