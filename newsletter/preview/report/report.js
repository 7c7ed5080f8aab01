'use strict';
// The report and the live preview share this: what is shown on the desk is a picture or a frame, by mode and edition.
(() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const live = 'live' in document.body.dataset;
  const stored = find('#data');
  const data = stored ? JSON.parse(stored.textContent) : {pictures: {}, documents: {}, images: {}};
  const tools = find('#tools'), desk = find('#desk'), device = find('#device');
  const frame = find('#live'), after = find('#after'), before = find('#before');
  const mark = find('#mark'), seam = find('#seam'), slider = find('#slider'), slide = find('#slide');
  const say = text => { find('#status').textContent = text; };
  const chosen = name => { const input = tools && find(`input[name=${name}]:checked`, tools); return input ? input.value : ''; };
  const radio = (name, value) => tools && all(`input[name=${name}]`, tools).find(input => input.value === value);
  const choose = (name, value) => { const input = radio(name, value); if (input && !input.disabled) input.checked = true; return input; };
  const page = () => chosen('page') || (find('[data-first]') || {dataset: {}}).dataset.first || '';
  const key = () => `${page()}/${chosen('mode')}`;
  let marked = '', loaded = '', panel = 'findings';

  // What the address says, and what it is made to say: a link leads to what was looked at.
  const place = live ? 'search' : 'hash';
  function read() {
    const asked = new URLSearchParams(location[place].slice(1));
    for (const name of ['page', 'mode', 'view']) if (asked.has(name)) choose(name, asked.get(name));
    if (asked.has('tab')) panel = asked.get('tab');
    open(tabOf(panel));
  }
  function write() {
    const said = new URLSearchParams();
    for (const name of ['page', 'mode', 'view']) if (chosen(name)) said.set(name, chosen(name));
    said.set('tab', panel);
    history.replaceState(null, '', (live ? '?' : '#') + said);
  }

  function show() {
    if (!tools) return;
    const picture = data.pictures[key()], mode = find('input[name=mode]:checked', tools);
    for (const label of all('[data-needs=before]', tools)) {
      const input = find('input', label);
      input.disabled = !(picture && picture.before);
      label.title = input.disabled ? 'Nothing differs in this mode' : '';
      if (input.disabled && input.checked) choose('view', 'after');
    }
    const view = picture ? chosen('view') || 'after' : 'live';
    const width = Number(mode.dataset.width);
    device.style.width = `${width}px`;
    device.classList.toggle('small', width < 500);
    device.classList.toggle('comparing', view === 'slider');
    frame.hidden = view !== 'live';
    after.hidden = view === 'live' || view === 'before';
    before.hidden = !(view === 'before' || view === 'slider');
    device.classList.toggle('differing', view === 'difference');
    find('#areas').toggleAttribute('hidden', view !== 'difference');
    seam.hidden = slide.hidden = view !== 'slider';
    const what = mode.nextElementSibling.textContent;
    if (picture) {
      after.src = picture.after;
      if (view === 'difference') {
        find('#areas').setAttribute('viewBox', `0 0 ${picture.pixels.join(' ')}`);
        find('#areas path').setAttribute('d', picture.areas);
      }
      after.alt = view === 'difference' ? `${what}: what differs is marked, the rest paled` : `${what}: the email in a picture; its words are under Text`;
      if (picture.before) { before.src = picture.before; before.alt = `${what}: the earlier state in a picture`; }
    }
    find('#note').textContent = mode.dataset.note;
    if (view === 'live') load(); else mend();
    write();
  }

  // The frame: a document of its own without scripts; the pictures stand once in the report and are put in here.
  async function load() {
    if (live) { await fetched(); return; }
    const wanted = key();
    if (loaded !== wanted && data.documents[wanted]) {
      loaded = wanted;
      frame.onload = fit;
      frame.srcdoc = data.documents[wanted].replace(/picture:[\w.]+/g, name => data.images[name] || name);
    } else fit();
  }
  function fit() {
    const inner = frame.contentDocument;
    if (!inner || !inner.body) return;
    const at = desk.scrollTop;
    frame.style.height = '10px';
    frame.style.height = `${Math.max(inner.documentElement.scrollHeight, inner.body.scrollHeight)}px`;
    desk.scrollTo({top: at, behavior: 'instant'});
    mend();
  }

  // The mark around a block.
  function box(block) {
    if (!frame.hidden) {
      const inner = frame.contentDocument;
      const element = inner && find(`[data-newsletter-block~="${CSS.escape(block)}"]`, inner);
      return element && (r => [r.x, r.y, r.width, r.height])(element.getBoundingClientRect());
    }
    const picture = data.pictures[key()];
    if (!picture || chosen('view') === 'before') return null;
    const name = Object.keys(picture.boxes).find(keys => keys.split(' ').includes(block));
    const scale = device.clientWidth / picture.width;
    return name && picture.boxes[name].map(number => number * scale);
  }
  function mend() {
    const at = marked && box(marked);
    mark.hidden = !at;
    if (at) [mark.style.left, mark.style.top, mark.style.width, mark.style.height] = at.map(number => `${number}px`);
    return at;
  }
  async function point(block, name) {
    const inbox = block === 'inbox';
    const mode = chosen('mode');
    if (inbox) choose('mode', 'inbox');
    else if (mode === 'inbox' || mode === 'text') choose('mode', 'desktop');
    if (chosen('view') === 'before') choose('view', 'after');
    marked = inbox ? '' : block;
    show();
    if (!frame.hidden) await new Promise(done => setTimeout(done, 60));
    if (after.src && !after.hidden) await after.decode().catch(() => null);
    const at = mend();
    if (at) desk.scrollTo({top: Math.max(0, device.offsetTop - desk.offsetTop + at[1] - Math.max(24, (desk.clientHeight - at[3]) / 3))});
    if (innerWidth <= 1000) desk.scrollIntoView({block: 'start'});
    say(at || inbox ? `${name} is marked in the email` : `${name} cannot be found in this view`);
  }

  // Tabs, as https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ has them.
  const tabOf = name => find(`#tab-${CSS.escape(name)}`);
  function open(tab, focus) {
    if (!tab) return;
    panel = tab.id.slice(4);
    for (const other of all('[role=tab]')) {
      const mine = other === tab;
      other.setAttribute('aria-selected', mine);
      other.tabIndex = mine ? 0 : -1;
      find(`#${other.getAttribute('aria-controls')}`).hidden = !mine;
    }
    if (focus) tab.focus();
  }

  document.addEventListener('click', event => {
    const target = event.target.closest('button');
    if (!target) return;
    if (target.role === 'tab' || target.getAttribute('role') === 'tab') { open(target); write(); return; }
    if (target.dataset.mode) {
      if (target.dataset.page) choose('page', target.dataset.page);
      choose('mode', target.dataset.mode);
      show();
      choose('view', target.dataset.compare);
      show();
      return;
    }
    if (target.dataset.block) {
      all('.finding.now').forEach(other => other.classList.remove('now'));
      const finding = target.closest('.finding');
      if (finding) finding.classList.add('now');
      point(target.dataset.block, finding ? 'What the finding is about' : target.textContent);
    }
  });

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const tab = event.target.closest('[role=tab]');
    if (tab) {
      const tabs = all('[role=tab]'), at = tabs.indexOf(tab);
      const next = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1}[event.key];
      if (next !== undefined) { open(tabs[(next + tabs.length) % tabs.length], true); write(); event.preventDefault(); }
      return;
    }
    if (event.target.matches('input[type=range],input[type=text],textarea')) return;
    const modes = tools ? all('input[name=mode]', tools) : [];
    if (/^[1-9]$/.test(event.key) && modes[event.key - 1]) { modes[event.key - 1].checked = true; show(); }
    if (event.key === '[' || event.key === ']') {
      const shown = all('.findings .show');
      if (!shown.length) return;
      open(find('#tab-findings'));
      const at = shown.findIndex(button => button.closest('.finding').classList.contains('now'));
      const next = at < 0 ? (event.key === ']' ? 0 : shown.length - 1) : (at + (event.key === ']' ? 1 : -1) + shown.length) % shown.length;
      shown[next].focus();
      shown[next].click();
    }
  });

  if (tools) {
    tools.addEventListener('change', show);
    tools.addEventListener('submit', event => event.preventDefault());
    const slid = () => device.style.setProperty('--at', `${slider.value}%`);
    slider.addEventListener('input', slid);
    const dragged = event => {
      const edge = device.getBoundingClientRect();
      slider.value = Math.round((event.clientX - edge.left) * 100 / edge.width);
      slid();
    };
    device.addEventListener('pointerdown', event => {
      if (!device.classList.contains('comparing')) return;
      event.preventDefault();
      device.setPointerCapture(event.pointerId);
      dragged(event);
      device.onpointermove = dragged;
      device.onpointerup = device.onpointercancel = () => { device.onpointermove = null; };
    });
    addEventListener('resize', () => (frame.hidden ? mend() : fit()));
    frame.addEventListener('load', fit);
  }

  // The live preview: the server says that something has changed; the body is swapped in place and scroll stays.
  let revision = '', said = '';
  async function fetched() {
    const wanted = `/email?page=${encodeURIComponent(page())}&mode=${encodeURIComponent(chosen('mode'))}`;
    const inner = frame.contentDocument;
    if (loaded !== wanted || !inner || !inner.body) {
      loaded = wanted;
      frame.onload = fit;
      frame.src = `${wanted}&revision=${revision}`;
      return;
    }
    const answer = await fetch(wanted);
    if (!answer.ok || loaded !== wanted) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    inner.head.replaceWith(inner.adoptNode(fresh.head));
    inner.body.replaceWith(inner.adoptNode(fresh.body));
    fit();
    document.documentElement.dataset.swapped = revision;
  }
  function told(message) {
    const editions = tools ? all('input[name=page]', tools).map(input => input.value) : [];
    if (message.pages.length && message.pages.join() !== (editions.length ? editions.join() : device.dataset.first)) {
      location.reload();
      return;
    }
    const trouble = find('#trouble');
    trouble.hidden = !message.trouble;
    trouble.innerHTML = message.trouble || '';
    if (message.revision !== revision) {
      revision = message.revision;
      fetched();
    }
    const words = message.panels && message.head + message.panels;
    if (words && words !== said) {
      said = words;
      const at = find('#about').scrollTop;
      const focused = document.activeElement && document.activeElement.id;
      find('#top').innerHTML = message.head;
      find('#about').innerHTML = message.panels;
      // A panel may be missing while nothing can be built, and come back.
      const asked = panel;
      open(tabOf(asked) || find('[role=tab]'));
      panel = asked;
      find('#about').scrollTop = at;
      if (focused && find(`#${CSS.escape(focused)}`)) find(`#${CSS.escape(focused)}`).focus();
    }
  }
  if (live) {
    let events = null, lost = 0;
    const gone = () => {
      find('#trouble').textContent = 'The preview does not answer. Is “newsletter preview” still running in the terminal? If it was started again, open the address that it shows there.';
      find('#trouble').hidden = false;
    };
    // Browsers keep six connections to a server: a tab that nobody sees leaves them to the others.
    const listen = () => {
      clearTimeout(lost);
      if (events) events.close();
      events = document.hidden ? null : new EventSource('/changes');
      if (!events) return;
      events.onmessage = event => { clearTimeout(lost); told(JSON.parse(event.data)); };
      // Started again it counts from the beginning: what it says first is news, whatever its number.
      events.onerror = () => {
        revision = '';
        clearTimeout(lost);
        lost = setTimeout(() => { gone(); listen(); }, 3000);
      };
    };
    document.addEventListener('visibilitychange', listen);
    listen();
  }

  read();
  show();
})();
