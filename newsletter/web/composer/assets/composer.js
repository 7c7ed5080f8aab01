'use strict';
// Every page is made whole by the server; here it is fetched, and only what differs is changed.
(() => {
  const {find, all, dirty, waits, unsaved, mayGo, altered, fields, now, set, key, count, filter, reach, release, refocus} = forms;
  const root = document.documentElement;
  const typing = element => element && element.matches('input:not([type=radio],[type=checkbox]),textarea,select');
  const say = text => { find('#status').textContent = text; };
  let own = null, pending = '', marked = '', shown = '', loaded = '', quiet = 0, asked = 0, going = 0, anew = false, following = false, missed = false, led = false, aimed = 0;
  let at = location.href, busy = Promise.resolve();
  const once = new WeakSet();

  // Pages. What somebody is typing stays, together with what it was typed over, so that the server can tell whether
  // that has changed meanwhile.
  const typed = (old, fresh) => !anew && old.matches('form[data-guard],form[data-save],form[data-hold]') && old !== own && dirty(old)
    && old.getAttribute('action') === fresh.getAttribute('action');
  const goesTo = field => field.form && field.form.getAttribute('action');
  function morph(fresh) {
    const editions = form => form && `${form.dataset.issue} ${all('[name=edition]', form).map(input => input.value)}`;
    const same = editions(find('#tools')) === editions(find('#tools', fresh));
    const device = find('#device', fresh);
    const mark = device && device.dataset.mark;
    const here = document.activeElement, form = typing(here) && here.closest('form[data-guard],form[data-save]');
    const again = form && fresh.getElementById(form.id);
    // What has the focus keeps its value, which must not become that of another entry.
    if (form && (anew || !again || again.getAttribute('action') !== form.getAttribute('action'))) here.blur();
    steps.leave(here, fresh);
    const untouched = form && form !== own && !dirty(form) && here.id && find(`#${CSS.escape(here.id)}`, fresh);
    // A heading, a search or a name that waits for its button, too; forms that are saved see to their own.
    const begins = field => field.id && altered(field) && !(own && field.form === own) && !field.closest('form[data-guard],form[data-save],#tools');
    const begun = anew ? [] : all('input:not([type=hidden],[type=file]),textarea,select').filter(begins)
      .map(field => [field.id, goesTo(field), now(field)]);
    document.title = fresh.title;
    Idiomorph.morph(document.body, fresh.body, {
      // Only a field keeps what is in it: the button that has just been pressed may say another thing now.
      morphStyle: 'outerHTML', ignoreActiveValue: document.activeElement?.matches('input,textarea,select') ?? false, restoreFocus: true,
      callbacks: {
        beforeNodeMorphed: (old, other) => !(old.nodeType === 1 && ((same && (old.id === 'tools' || old.id === 'desk')) || (following && old.id === 'told' && !find('[data-passing]', old)) || typed(old, other))),
        // What somebody has opened stays open, and what was given the focus can keep it.
        beforeAttributeUpdated: (name, node) => !((name === 'open' && node.tagName === 'DETAILS') || (name === 'tabindex' && node === document.activeElement)),
      },
    });
    for (const [id, of, value] of begun) {
      const field = document.getElementById(id);
      if (field && goesTo(field) === of) set(field, value);
    }
    if (untouched && here.isConnected && here.value !== untouched.value) here.value = untouched.value;
    if (!same) loaded = '';
    if (device && find('#device')) find('#device').dataset.mark = mark || '';
    mount();
  }
  async function ask(address, options = {}) {
    try {
      const answer = await fetch(address, {...options, headers: {Accept: 'text/html', ...options.headers}});
      const text = await answer.text();
      // Started anew, it has another key; what was typed here must not go with the page.
      const closed = answer.status === 403 || answer.status === 421;
      gone(closed ? 'anew' : '');
      return closed ? null : {answer, text, html: (answer.headers.get('content-type') || '').startsWith('text/html')};
    } catch { gone('gone'); return null; }
  }
  // What only follows the files waits until somebody who goes elsewhere is there: its answer must not take the place.
  const visit = (address, how) => { going += 1; return come(address, how).finally(() => { going -= 1; if (missed) catchUp(); }); };
  async function come(address, {push = false, fresh = false, follow = false} = {}) {
    const number = ++asked, sending = busy;
    const came = await ask(address, follow ? {headers: {'Newsletter-Following': '1'}} : {});
    // A later question has been answered meanwhile, or will be.
    if (!came || number !== asked) return;
    // One's own change began meanwhile: its answer comes first, which knows where the work is.
    if (follow && sending !== busy) { catchUp(); return; }
    if (!came.html) { location.assign(address); return; }
    // A colleague's half-written file does not take away the page that somebody works on.
    if (follow && !came.answer.ok) { complain(parsed(came.text), true); return; }
    // Somebody has gone on typing while the other page was on its way.
    if (push) await saveAll();
    if (number !== asked) return;
    const url = new URL(came.answer.url), where = url.pathname + url.search;
    const moved = where.split('?')[0] !== new URL(at).pathname || panel(where) !== panel(new URL(at).search);
    if (push) history.pushState(null, '', where);
    following = follow;
    const shows = parsed(came.text);
    if (moved) release(shows);
    showPage(shows, null, fresh);
    following = false;
    if (moved) { begin(); say(document.title); reach(new URL(address, at).hash); if (document.activeElement === document.body) refocus([]); }
  }
  function showPage(page, form = null, fresh = false) {
    [own, anew] = [form, fresh];
    morph(page);
    [own, anew, at] = [null, false, location.href];
  }
  const begin = () => [find('.work'), window].forEach(place => place?.scrollTo(0, 0));
  const parsed = html => new DOMParser().parseFromString(html, 'text/html');

  // What changes something goes one by one, so that each is told what the one before has made of the page. `quietly`
  // leaves the page as it is, unless it is refused.
  const send = (form, button, quietly = false) => (busy = busy.then(() => sent(form, button, quietly)).catch(() => {}));
  async function sent(form, button, quietly) {
    if (!form.isConnected || (form.dataset.save !== undefined && !button && !waits(form))) return;
    const was = new Map(fields(form).map(field => [key(field), now(field)])), row = form.closest('[data-row]');
    const near = [form.closest('details.menu'), row, row?.nextElementSibling, row?.previousElementSibling].filter(Boolean).map(other => other.id);
    const doing = button?.dataset.busy;
    if (doing) { button.ariaBusy = 'true'; say(doing); }
    const data = new FormData(form, button), body = form.enctype.startsWith('multipart') ? data : new URLSearchParams(data);
    const came = await ask(form.action, {method: 'POST', body});
    if (doing) { button.ariaBusy = null; say(''); }
    if (!came) return;
    if (!came.html) { alert(came.text); return; }
    const {answer} = came, fresh = parsed(came.text), trouble = find('#told .bad', fresh);
    // A page that says only what stands in the way comes above the form; what was typed stays in it.
    if (!answer.ok && !(form.id && fresh.getElementById(form.id))) { complain(fresh); return; }
    if (quietly && answer.ok && !trouble) { settle(form, was); return; }
    ++asked;
    const url = new URL(answer.url), where = url.pathname + url.search;
    const guarded = form.matches('[data-guard],[data-save]'), here = document.activeElement;
    const later = fields(form).filter(field => (trouble && !guarded) || was.get(key(field)) !== now(field))
      .map(field => [key(field), now(field)]);
    const moved = answer.redirected && (where.split('?')[0] !== location.pathname || panel(where) !== panel(location.search));
    if (moved) { history.pushState(null, '', where); release(fresh); }
    const action = form.getAttribute('action');
    showPage(fresh, trouble && guarded ? null : form); if (moved) begin();
    const again = form.id && document.getElementById(form.id);
    if (again && again.getAttribute('action') === action) {
      const theirs = fresh.getElementById(form.id);
      if (again.dataset.save === undefined && !trouble && here && again.contains(here) && theirs && !here.dataset.keep) {
        const same = fields(theirs).find(field => key(field) === key(here));
        if (same && was.get(key(here)) === now(here)) set(here, now(same));
      }
      const kept = new Map(later);
      for (const field of fields(again)) if (kept.has(key(field))) set(field, kept.get(key(field)));
      count();
      if (again.dataset.save !== undefined && later.length && answer.ok && !trouble) saveSoon(again);
    }
    if (document.activeElement === document.body) refocus(near);
    const wrong = !answer.ok && find('[aria-invalid=true]');
    // Whoever has typed goes on meanwhile, such as to the calendar of the field.
    if (wrong && (button || form.dataset.save === undefined) && !typing(document.activeElement)) wrong.focus();
    // What is said above a long form is out of sight from its end, and what is said below a field from above it.
    (wrong ? wrong.closest('.field') ?? wrong : (trouble ? find('#told') : !answer.ok && find('.notice[role=alert]')))?.scrollIntoView?.({block: 'nearest'});
  }
  function settle(form, was) {
    const before = form.elements.was, field = form.elements.value;
    if (before && field) before.value = was.get(key(field));
  }
  function complain(fresh, follow = false) {
    const banner = document.createElement('div'), words = document.createElement('p');
    banner.className = 'banner bad';
    banner.setAttribute('role', 'alert');
    banner.dataset.passing = '';
    words.textContent = all('main > p:not(:last-child), main .message', fresh).map(line => line.textContent.trim()).join(' ');
    banner.append(words);
    find('#told').replaceChildren(banner);
    if (!follow) scrollTo(0, 0);
  }
  // Before a page is left: what saves itself is saved, and what does not is asked about. Return whether it may go.
  async function saveAll() {
    for (const form of all('form[data-save]')) if (dirty(form) && !find('[aria-invalid=true]', form)) await send(form, null, true);
  }
  async function leave() {
    clearTimeout(waiting);
    await busy;
    await saveAll();
    return !unsaved() || confirm('What you have typed is not saved. Leave it?');
  }
  const panel = address => new URLSearchParams(address.split('?')[1] || '').get('panel') || '';

  document.addEventListener('submit', event => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post') { if (form.id === 'tools') event.preventDefault(); return; }
    event.preventDefault();
    if (!mayGo(form)) return;
    const menu = form.closest('details.menu');
    if (menu) menu.open = false;
    clearTimeout(waiting);
    // A proof that takes its time must not go out once more for each impatient press.
    if (form.dataset.once !== undefined && once.has(form)) return;
    once.add(form);
    if (form.dataset.once) say(form.dataset.once);
    send(form, event.submitter).finally(() => { once.delete(form); form.dispatchEvent(new Event('answered')); });
  });
  document.addEventListener('click', event => {
    const button = event.target.closest('button[data-block]'), menu = event.target.closest('details.menu');
    if (button) { point(button.dataset.block); return; }
    all('details.menu[open]').forEach(other => { if (other !== menu) other.open = false; });
    const link = event.target.closest('a[href^="/"]');
    // A file leaves the page as it is; where it cannot be made, the browser shows the page that says why.
    if (!link || link.dataset.file !== undefined || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    if (link.dataset.anew !== undefined) { clearTimeout(waiting); busy.then(() => visit(link.href, {fresh: true})); return; }
    leave().then(may => { if (may) visit(link.href, {push: true, fresh: true}); });
  });
  addEventListener('popstate', async () => {
    const to = location.href, from = at;
    if (to.split('#')[0] === from.split('#')[0]) { at = to; reach(location.hash); return; }
    if (await leave()) visit(to, {fresh: true}); else history.pushState(null, '', from);
  });
  addEventListener('beforeunload', event => { if (unsaved()) event.preventDefault(); });

  // Words are saved as they are typed.
  let waiting = 0;
  const save = form => {
    clearTimeout(waiting);
    // Where two have changed the same, a person chooses.
    if (form.isConnected && waits(form) && !find('[name=mine]', form)) send(form, null);
  };
  const saveSoon = form => { clearTimeout(waiting); waiting = setTimeout(save, 350, form); };
  document.addEventListener('input', event => {
    count();
    if (event.target.dataset.filter) { filter(event.target); return; }
    if (event.target.dataset.keep) localStorage.setItem(event.target.dataset.keep, event.target.value);
    if (event.target.closest('form[data-save]')) saveSoon(event.target.closest('form[data-save]'));
  });
  document.addEventListener('change', event => {
    if (event.target.closest('#tools')) { show(); return; }
    if (event.target.closest('[data-upload]')) { upload(event.target); return; }
    const form = event.target.closest('form[data-save]');
    if (form) save(form);
  });
  async function upload(input) {
    const file = input.files[0], field = document.getElementById(input.closest('[data-upload]').dataset.upload);
    if (!file) return;
    const of = goesTo(field);
    const answer = await fetch(`/pictures?name=${encodeURIComponent(file.name)}`, {method: 'POST', body: file}).catch(() => null);
    if (!answer || answer.status === 403) { gone(answer ? 'anew' : 'gone'); return; }
    const text = await answer.text();
    if (!answer.ok) alert(text);
    // Another entry's form may stand there meanwhile.
    else if (field.isConnected && goesTo(field) === of) { field.value = text; field.focus(); }
    input.value = '';
  }

  // The email in its frame: the body is swapped in place, so that it neither flashes nor loses its scroll.
  function show() {
    const tools = find('#tools');
    if (!tools) return;
    const [mode, edition] = ['mode', 'edition'].map(name => find(`input[name=${name}]:checked`, tools)), device = find('#device');
    device.style.width = `${mode.dataset.width}px`;
    device.classList.toggle('small', Number(mode.dataset.width) < 500);
    find('#note').textContent = mode.dataset.note;
    const query = new URLSearchParams({mode: mode.value, ...(edition ? {edition: edition.value} : {})});
    email(`/issues/${encodeURIComponent(tools.dataset.issue)}/email?${query}`);
  }
  async function email(wanted) {
    const frame = find('#live'), inner = frame.contentDocument;
    if (loaded !== wanted || !inner || !inner.body) {
      [loaded, frame.onload, frame.src] = [wanted, fit, wanted];
      return;
    }
    const answer = await fetch(wanted).catch(() => null);
    const html = answer && answer.ok ? await answer.text() : '', now = frame.contentDocument;
    if (!html || loaded !== wanted || !now || !now.body) return;
    // The frame's own parser: what it makes obeys the email's policy, which lets it have styles, and not the page's.
    const fresh = new now.defaultView.DOMParser().parseFromString(html, 'text/html');
    now.head.replaceWith(now.adoptNode(fresh.head));
    now.body.replaceWith(now.adoptNode(fresh.body));
    now.addEventListener('load', grow, true);
    fit();
    root.dataset.swapped = document.body.dataset.revision;
  }
  const grow = () => { fit(); if (performance.now() - aimed < 1000) go(); }; // Pictures come later than the words.
  function fit() {
    const frame = find('#live'), desk = find('#desk');
    const inner = frame && frame.contentDocument;
    if (!inner || !inner.body) return;
    const at = desk.scrollTop;
    frame.style.height = '10px';
    frame.style.height = `${Math.max(inner.documentElement.scrollHeight, inner.body.scrollHeight)}px`;
    desk.scrollTo({top: at, behavior: 'instant'});
    if (pending) go(); else mend();
  }
  function mend() {
    const mark = find('#mark'), device = find('#device'), inner = find('#live').contentDocument;
    const block = device.dataset.mark;
    const element = block && inner && inner.body && find(`[data-newsletter-block~="${CSS.escape(block)}"]`, inner);
    mark.hidden = !element;
    if (!element) return null;
    const {x, y, width, height} = element.getBoundingClientRect();
    Object.assign(mark.style, {left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px`});
    return {y, height};
  }
  function point(block) {
    const desk = find('#desk');
    if (!desk) return;
    led = true;
    const mode = find('input[name=mode]:checked');
    if (block === 'inbox') find('#mode-inbox').checked = true;
    else if (mode.value === 'inbox' || mode.value === 'text') find('#mode-desktop').checked = true;
    find('#device').dataset.mark = block === 'inbox' ? '' : block;
    marked = find('#device').dataset.mark;
    if (mode !== find('input[name=mode]:checked')) { pending = block; show(); return; }
    go();
  }
  function go() {
    const desk = find('#desk'), at = mend();
    // A draft has no place yet; as soon as it has one, that is what its writer wants to see.
    [pending, aimed] = at ? ['', performance.now()] : [marked, 0];
    if (at) desk.scrollTo({top: Math.max(0, find('#device').offsetTop - desk.offsetTop + at.y - Math.max(24, (desk.clientHeight - at.height) / 3))});
    // Below a form it would take the page away from whoever has come to write in that.
    if (led && innerWidth <= 1000) desk.scrollIntoView({block: 'start'});
    if (led) say(at ? 'It is marked in the email' : marked ? 'It cannot be found in this view' : 'It is shown as inboxes show it');
    led = false;
  }

  document.addEventListener('toggle', event => {
    const sheet = event.target.open && find('.sheet', event.target);
    if (sheet) sheet.scrollIntoView({block: 'nearest'});
  }, true);

  // Keys; none alone changes anything.
  document.addEventListener('keydown', event => {
    const command = event.ctrlKey || event.metaKey, here = document.activeElement;
    if (command && event.key === 's') {
      event.preventDefault();
      const form = (here && here.closest('form[data-guard],form[data-save]')) || find('form[data-guard]');
      if (form && dirty(form)) form.requestSubmit(); else say('Everything is saved');
    } else if (command && event.key === 'z' && !event.shiftKey && !typing(here)) {
      const undo = find('#undo');
      if (undo) { event.preventDefault(); undo.requestSubmit(); }
    } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      const row = here && here.closest('[data-row]');
      const button = row && find(`[data-move=${event.key === 'ArrowUp' ? 'up' : 'down'}]`, row);
      if (button) { event.preventDefault(); if (!button.disabled) { button.focus(); button.click(); } }
    } else if (event.key === 'Escape') {
      const menu = find('details.menu[open]');
      if (menu) { menu.open = false; find('summary', menu).focus(); }
    } else if (!command && !event.altKey && !typing(here)) {
      const modes = all('#tools input[name=mode]');
      if (/^[1-9]$/.test(event.key) && modes[event.key - 1]) { modes[event.key - 1].checked = true; show(); }
      if (event.key === '/') { const input = find('[data-filter]'); if (input) { event.preventDefault(); input.focus(); } }
    }
  });

  // After each page.
  function mount() {
    for (const bar of all('[data-share]')) bar.style.width = `${bar.dataset.share}%`;
    for (const input of all('[data-keep]')) input.value = input.value || localStorage.getItem(input.dataset.keep) || '';
    all('[data-filter]').forEach(filter);
    count(); dragging.mount(); steps.show();
    const said = find('.said');
    clearTimeout(quiet);
    if (said) quiet = setTimeout(() => said.classList.add('over'), 5000);
    const here = document.activeElement;
    if (here && here.disabled && here.dataset.move) {
      const other = find('[data-move]:not(:disabled)', here.closest('.acts'));
      if (other) other.focus();
    }
    all('[data-upload]').forEach(line => { line.hidden = false; });
    const device = find('#device');
    if (device && (device.dataset.mark || '') !== marked) {
      marked = device.dataset.mark || '';
      pending = marked;
    }
    const revision = `${(find('#tools') || {dataset: {}}).dataset.issue} ${document.body.dataset.revision}`;
    if (revision !== shown || !loaded) { shown = revision; show(); } else if (find('#live')) { if (pending) go(); else mend(); }
  }
  function gone(which) { for (const id of ['gone', 'anew']) find(`#${id}`).hidden = id !== which; }

  // The server tells when files have changed, whoever has changed them. A tab that nobody sees does not ask, nor one that
  // was opened in the background: browsers keep six connections to a server, and then no page of it answers any more.
  let events = null, lost = 0, newest = '';
  document.addEventListener('dropped', () => { if (missed) catchUp(); });
  const catchUp = () => busy.then(() => {
    missed = going > 0 || dragging.now();
    // What stood in the way for a moment may be gone, though the files are as they were.
    if (!missed && (newest !== document.body.dataset.revision || find('#told [data-passing]'))) come(location.href, {follow: true});
  });
  function listen() {
    if (events) events.close();
    events = document.hidden ? null : new EventSource('/changes');
    if (!events) return;
    events.onmessage = event => {
      clearTimeout(lost);
      gone('');
      newest = JSON.parse(event.data).revision;
      catchUp();
    };
    events.onerror = () => { clearTimeout(lost); lost = setTimeout(again, 3000); };
  }
  // Browsers themselves give up for good where the composer was started anew, and some where it is gone for a while.
  async function again() {
    const there = events && await ask(location.href, {headers: {'Newsletter-Following': '1'}});
    clearTimeout(lost);
    if (there) listen(); else if (events) lost = setTimeout(again, 3000);
  }
  document.addEventListener('visibilitychange', listen);

  // What does not stand in files, such as how far a mailing is. Counting a million readers takes seconds: asked again
  // before the answer is there, the page would never show one.
  async function move() {
    const began = performance.now();
    if (find('[data-moving]') && !document.hidden) await busy.then(() => visit(location.href, {follow: true})).catch(() => {});
    setTimeout(move, Math.max(2000, 5 * (performance.now() - began)));
  }
  setTimeout(move, 2000);

  root.classList.add('js');
  addEventListener('resize', fit);
  find('#live')?.removeAttribute('src');
  mount();
  listen();
})();
